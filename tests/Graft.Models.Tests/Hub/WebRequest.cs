namespace Graft.Models.Tests.Hub;

/// <summary>What a client asked.</summary>
sealed record WebRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);
}
