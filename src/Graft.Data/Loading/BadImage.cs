namespace Graft.Data;

/// <summary>An image that could not be read, and why.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">One line.</param>
public sealed record BadImage(string Path, string Reason)
{
    /// <summary>Path and reason.</summary>
    public override string ToString() => $"{Path}: {Reason}";
}
