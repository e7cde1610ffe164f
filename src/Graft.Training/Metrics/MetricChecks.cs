namespace Graft.Training;

static class MetricChecks
{
    /// <exception cref="ArgumentException">Outputs or targets are not of that size.</exception>
    public static void Sizes(int expected, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        if (outputs.Length != expected || targets.Length != expected)
            throw new ArgumentException(
                $"expected {expected} outputs and as many targets, came {outputs.Length} and {targets.Length}");
    }

    /// <exception cref="ArgumentException">The maps are not of that size.</exception>
    public static void Maps(ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width)
    {
        if (predicted.Length != truth.Length || truth.Length != (long)height * width)
            throw new ArgumentException(
                $"expected maps of {height} x {width} pixels, came {predicted.Length} predicted and {truth.Length} true ones");
    }

    /// <exception cref="ArgumentException">The logits are not of that size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label is no class.</exception>
    public static void Label(int classes, ReadOnlySpan<float> logits, int label)
    {
        if (logits.Length != classes)
            throw new ArgumentException($"expected logits of {classes} classes, came {logits.Length}", nameof(logits));
        if ((uint)label >= (uint)classes)
            throw new ArgumentOutOfRangeException(nameof(label), label, $"expected a class from 0 to {classes - 1}");
    }
}
