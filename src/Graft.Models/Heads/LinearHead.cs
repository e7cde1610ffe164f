using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>Dropout, which has no weights, and one linear layer at the head's own path.</summary>
public sealed class LinearHead : Head
{
    readonly Parameter weight;
    readonly Parameter? bias;
    readonly double dropout;
    readonly int features;

    /// <summary>A head at that path.</summary>
    public LinearHead(ModulePath at, int features, int classes, double dropout = 0, bool bias = true) : base(at)
    {
        this.features = features;
        this.dropout = dropout;
        weight = at.Weight("weight", classes, features);
        if (bias) this.bias = at.Weight("bias", classes);
    }

    /// <inheritdoc/>
    public override bool IsLinear => bias is not null;

    /// <inheritdoc/>
    public override string Kind => "Linear";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (dropout == 0 || !IsTraining) return x.Linear(weight.Value, bias?.Value);
        using Tensor kept = x.Dropout(dropout, training: true);
        return kept.Linear(weight.Value, bias?.Value);
    }

    /// <inheritdoc/>
    public override void Assign(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        this.weight.Value.Copy_(Tensor.FromArray(weight.ToArray(), this.weight.Shape));
        this.bias!.Value.Copy_(Tensor.FromArray(bias.ToArray(), this.bias.Shape));
    }

    /// <inheritdoc/>
    public override bool EndsLinear => bias is not null;

    /// <inheritdoc/>
    public override void ScaleOutputs(ReadOnlySpan<float> factors, ReadOnlySpan<float> shifts)
    {
        if (bias is null) base.ScaleOutputs(factors, shifts);
        else Scale(weight, bias, factors, shifts);
    }

    /// <summary>As PyTorch's linear layer: uniform within 1 / sqrt(in).</summary>
    public override void ResetParameters(Initializer init)
    {
        init.UniformFanIn(weight, features);
        if (bias is not null) init.UniformFanIn(bias, features);
    }

    internal override void Start(HeadStart start, ulong seed)
    {
        base.Start(start, seed);
        if (start == HeadStart.Uniform) return;
        var init = new Initializer(seed, Path.Name);
        if (start == HeadStart.Normal) init.Normal(weight, 0.01);
        else init.TruncatedNormal(weight, 0.02);
        if (bias is not null) Initializer.Constant(bias, 0);
    }
}
