using System.Text;

namespace Graft.Models.Tests.Hub;

/// <summary>What a server answers, and how badly.</summary>
sealed record WebAnswer(int Status, string Reason = "")
{
    public byte[] Body { get; init; } = [];

    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Sends no Content-Length.</summary>
    public bool WithoutLength { get; init; }

    /// <summary>Waits before it answers.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Ends the connection after so many bytes of the body.</summary>
    public int CutAfter { get; init; } = int.MaxValue;

    /// <summary>Says nothing more after the body, and keeps the connection.</summary>
    public bool Hangs { get; init; }

    /// <summary>Sends so many bytes at a time, with a pause after each.</summary>
    public int Piece { get; init; }

    public TimeSpan Pause { get; init; }

    /// <summary>Sent as it is, instead of an answer.</summary>
    public byte[]? Raw { get; init; }

    public static WebAnswer Json(string text) =>
        new(200, "OK") { Body = Encoding.UTF8.GetBytes(text), Headers = { ["Content-Type"] = "application/json" } };

    public static WebAnswer Error(int status, string reason, string? code = null, string? message = null)
    {
        var answer = new WebAnswer(status, reason);
        if (code is not null) answer.Headers["X-Error-Code"] = code;
        if (message is not null) answer.Headers["X-Error-Message"] = message;
        return answer;
    }
}
