using Graft.Torch;

namespace Graft.Nn;

/// <summary>x W^T + b over the last dimension, <c>[..., in]</c> to <c>[..., out]</c>, with PyTorch's names and
/// defaults.</summary>
public sealed class Linear : Module, IAdaptable
{
    readonly Parameter weight;
    readonly Parameter? bias;
    LoraAdapter? adapter;

    /// <summary>A linear layer at that path.</summary>
    public Linear(ModulePath at, int inputs, int outputs, bool bias = true) : base(at)
    {
        Inputs = inputs;
        Outputs = outputs;
        weight = at.Weight("weight", outputs, inputs);
        if (bias) this.bias = at.Weight("bias", outputs);
    }

    /// <summary>The size of the last dimension of its input.</summary>
    public int Inputs { get; }

    /// <summary>The size of the last dimension of its output.</summary>
    public int Outputs { get; }

    /// <summary>W, <c>[out, in]</c>, without an adapter's change.</summary>
    public Tensor Weight => weight.Value;

    /// <summary>b, <c>[out]</c>; null for none.</summary>
    public Tensor? Bias => bias?.Value;

    /// <summary>Whether a low-rank adapter adds to what the weights give.</summary>
    public bool IsAdapted => adapter is not null;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using Cast input = Precision.Input(x), factors = Precision.Weight(weight), added = Precision.Weight(bias);
        Tensor y = input.Value.Linear(factors.Value, added.OrNull);
        return adapter is null ? y : adapter.AddTo(y, input.Value);
    }

    /// <summary>As PyTorch: uniform within 1 / sqrt(in).</summary>
    public override void ResetParameters(Initializer init)
    {
        init.UniformFanIn(weight, Inputs);
        if (bias is not null) init.UniformFanIn(bias, Inputs);
    }

    ModulePath IAdaptable.WeightPath => Path;

    Parameter? IAdaptable.AdaptableWeight => weight;

    long[]? IAdaptable.Stride => null;

    LoraAdapter? IAdaptable.Adapter
    {
        get => adapter;
        set => adapter = value;
    }
}
