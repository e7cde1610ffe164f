namespace Graft.Models;

/// <summary>A model could not be fetched; the message says what was asked, what came, and what can be done.</summary>
public sealed class HubException : IOException
{
    /// <summary>With the whole story in one line.</summary>
    public HubException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>The server said clearly that there is no such thing: an older copy must not stand in for it.</summary>
    internal bool IsFinal { get; init; }

    /// <summary>No server was reached, or it said nothing.</summary>
    internal bool IsUnreachable { get; init; }
}
