using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// x + scale(attention(norm(x))), then x + scale(feed-forward(norm(x))): <c>[N, T, D]</c> to the same. Names as timm's.
/// </summary>
sealed class TransformerBlock : Module
{
    readonly Module firstNorm, secondNorm, feedForward;
    readonly SelfAttention attention;
    readonly LayerScale? firstScale, secondScale;
    readonly DropPath? dropPath;

    public TransformerBlock(
        ModulePath at, VisionTransformer.Config config, Func<ModulePath, int, Module> norm, double drop) : base(at)
    {
        int width = config.Width;
        firstNorm = norm(at / "norm1", width);
        attention = new SelfAttention(
            at / "attn", width, config.Heads, config.Bias, config.ProjectionBias, config.HeadNorm ? norm : null,
            config.AttentionNorm ? norm : null);
        secondNorm = norm(at / "norm2", width);
        Func<ModulePath, int, Module>? hiddenNorm = config.HiddenNorm ? norm : null;
        feedForward = config.Gated
            ? new GatedMlp(at / "mlp", width, config.Hidden, config.Activation, config.ProjectionBias, hiddenNorm)
            : new Mlp(at / "mlp", width, config.Hidden, config.Activation, config.ProjectionBias, hiddenNorm);
        if (config.LayerScale is { } initial)
        {
            firstScale = new LayerScale(at / "ls1", width, initial);
            secondScale = new LayerScale(at / "ls2", width, initial);
        }
        if (drop > 0) dropPath = new DropPath(at / "drop_path", drop);
    }

    /// <summary>The block's own table of relative positions; null for none.</summary>
    public RelativePositionBias? Relative { get; set; }

    /// <summary>What gives the attention's biases in the next run.</summary>
    public void SetScoreBias(Func<Tensor> bias) => attention.ScoreBias = bias;

    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor seen = x + Branch(attention.Forward(firstNorm.Forward(x)), firstScale);
        return scope.Keep(seen + Branch(feedForward.Forward(secondNorm.Forward(seen)), secondScale));
    }

    Tensor Branch(Tensor change, LayerScale? scale)
    {
        if (scale is not null) change = scale.Forward(change);
        return dropPath is null ? change : dropPath.Forward(change);
    }
}
