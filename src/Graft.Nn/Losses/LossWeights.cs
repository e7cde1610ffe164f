using Graft.Torch;

namespace Graft.Nn;

static class LossWeights
{
    /// <summary>The weights where the logits are, and as precise; null for none.</summary>
    internal static Tensor? For(float[]? weights, Tensor logits)
    {
        if (weights is null) return null;
        Tensor plain = Tensor.FromSpan<float>(weights, [weights.Length], logits.Device);
        Tensor converted = plain.To(logits.DType);
        if (!ReferenceEquals(plain, converted)) plain.Dispose();
        return converted;
    }
}
