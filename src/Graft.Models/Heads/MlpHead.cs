using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>A linear layer to 512, GELU, dropout, a linear layer.</summary>
public sealed class MlpHead : Head
{
    const int Hidden = 512;
    readonly Linear first, last;
    readonly double dropout;

    /// <summary>A head at that path.</summary>
    public MlpHead(ModulePath at, int features, int classes, double dropout = 0) : base(at)
    {
        first = new Linear(at / "fc1", features, Hidden);
        last = new Linear(at / "fc2", Hidden, classes);
        this.dropout = dropout;
    }

    /// <inheritdoc/>
    public override bool EndsLinear => true;

    /// <inheritdoc/>
    public override void ScaleOutputs(ReadOnlySpan<float> factors, ReadOnlySpan<float> shifts) => Scale(
        Path.Store.Find((Path / "fc2.weight").Name)!, Path.Store.Find((Path / "fc2.bias").Name)!, factors, shifts);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        Tensor hidden = Activation.ApplyTo(ActivationKind.Gelu, first.Forward(x)); // [N, 512]
        if (dropout > 0 && IsTraining)
        {
            Tensor kept = hidden.Dropout(dropout, training: true);
            hidden.Dispose();
            hidden = kept;
        }
        return hidden.Then(last); // [N, K]
    }
}
