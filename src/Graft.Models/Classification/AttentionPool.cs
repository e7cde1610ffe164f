using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// A learned query that attends to all tokens, and a feed-forward part: <c>[N, T, D]</c> to <c>[N, D]</c>. Zhai et al. 2021,
/// "Scaling Vision Transformers", arXiv:2106.04560. Names as timm's.
/// </summary>
sealed class AttentionPool : Module
{
    readonly Parameter latent;
    readonly Linear query, keysAndValues, projection;
    readonly Module norm;
    readonly Mlp feedForward;
    readonly int heads, headWidth;

    public AttentionPool(ModulePath at, VisionTransformer.Config config, Func<ModulePath, int, Module> norm) : base(at)
    {
        int width = config.Width;
        (heads, headWidth) = (config.Heads, width / config.Heads);
        latent = at.Weight("latent", 1, 1, width);
        query = new Linear(at / "q", width, width);
        keysAndValues = new Linear(at / "kv", width, 2 * width);
        projection = new Linear(at / "proj", width, width);
        this.norm = norm(at / "norm", width);
        feedForward = new Mlp(at / "mlp", width, config.Hidden, config.Activation);
    }

    /// <summary>As timm's: the query is normal with a deviation of 1 / sqrt(D), cut at two.</summary>
    public override void ResetParameters(Initializer init) =>
        init.TruncatedNormal(latent, Math.Pow(latent.Shape[^1], -0.5));

    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        long batch = x.Size(0), tokens = x.Size(1);
        Tensor asked = query.Forward(latent.Value).Reshape(1, 1, heads, headWidth).Permute(0, 2, 1, 3); // [1, H, 1, c]
        Tensor packed = keysAndValues.Forward(x).Reshape(batch, tokens, 2, heads, headWidth).Permute(2, 0, 3, 1, 4)
            .Contiguous(); // [2, N, H, T, c]
        Tensor mixed = ScaledDotProduct.Attend(
            asked.Expand(batch, -1, -1, -1), packed.Select(0, 0), packed.Select(0, 1)); // [N, H, 1, c]
        Tensor found = projection.Forward(mixed.Reshape(batch, heads * headWidth)); // [N, D]
        return scope.Keep(found + feedForward.Forward(norm.Forward(found)));
    }
}
