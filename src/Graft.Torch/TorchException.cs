namespace Graft.Torch;

/// <summary>libtorch refused something. The message names the operator and the shapes that it was given.</summary>
public sealed class TorchException : Exception
{
    /// <summary>An exception with the operator, what came, and libtorch's own reason, on one line.</summary>
    public TorchException(string message) : base(OneLine(message)) { }

    /// <summary>Whether libtorch ran out of memory, on any device.</summary>
    public bool IsOutOfMemory =>
        Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) ||
        Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);

    static string OneLine(string message)
    {
        int end = message.IndexOf("\nException raised from", StringComparison.Ordinal);
        if (end >= 0) message = message[..end];
        return message.ReplaceLineEndings(" ").Trim();
    }
}
