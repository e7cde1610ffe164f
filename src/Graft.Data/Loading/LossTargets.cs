namespace Graft.Data;

/// <summary>What losses expect of targets.</summary>
public static class LossTargets
{
    /// <summary>The target of pixels that do not count: PyTorch's default <c>ignore_index</c>.</summary>
    public const long Ignore = -100;
}
