using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// The mean of two linear classifiers, one of the class token, one of the distillation token: <c>[N, 2 D]</c> to <c>[N, K]</c>.
/// Touvron et al. 2020 (DeiT), arXiv:2012.12877. Names as timm's.
/// </summary>
public sealed class DistilledHead : Head
{
    readonly LinearHead ofClass, ofDistillation;
    readonly int width;

    /// <summary>Two heads: <c>head</c> and <c>head_dist</c>.</summary>
    /// <param name="root">where both stand</param>
    /// <param name="width">D, of one token</param>
    /// <param name="classes">K</param>
    /// <param name="dropout">of each head</param>
    public DistilledHead(ModulePath root, int width, int classes, double dropout = 0) : base(root / "head")
    {
        this.width = width;
        ofClass = new LinearHead(root / "head", width, classes, dropout);
        ofDistillation = new LinearHead(root / "head_dist", width, classes, dropout);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths => [.. ofClass.Paths, .. ofDistillation.Paths];

    /// <inheritdoc/>
    public override bool IsLinear => true;

    /// <inheritdoc/>
    public override void Assign(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        int classes = bias.Length;
        float[] left = new float[classes * width], right = new float[classes * width];
        for (int k = 0; k < classes; k++)
            for (int i = 0; i < width; i++)
            {
                left[k * width + i] = 2 * weight[k * 2 * width + i];
                right[k * width + i] = 2 * weight[k * 2 * width + width + i];
            }
        ofClass.Assign(left, bias);
        ofDistillation.Assign(right, bias);
    }

    /// <inheritdoc/>
    public override bool EndsLinear => ofClass.EndsLinear && ofDistillation.EndsLinear;

    /// <inheritdoc/>
    public override void ScaleOutputs(ReadOnlySpan<float> factors, ReadOnlySpan<float> shifts)
    {
        ofClass.ScaleOutputs(factors, shifts);
        ofDistillation.ScaleOutputs(factors, shifts);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor first = ofClass.Forward(x.Slice(1, 0, width)), second = ofDistillation.Forward(x.Slice(1, width, 2 * width));
        return scope.Keep((first + second) * 0.5);
    }

    internal override void Start(HeadStart start, ulong seed)
    {
        ofClass.Start(start, seed);
        ofDistillation.Start(start, seed);
    }
}
