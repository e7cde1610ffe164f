using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// A feed-forward part whose hidden features are gated by others: linear(activation(gate(x)) * value(x)); with SiLU it is SwiGLU.
/// Shazeer 2020, arXiv:2002.05202. Names as timm's: <c>fc1</c> holds the gate's weights, then the value's.
/// </summary>
public sealed class GatedMlp : Module
{
    readonly Linear widen, narrow;
    readonly Module? norm;
    readonly ActivationKind activation;
    readonly long hidden;

    /// <summary>A gated feed-forward part at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="hidden">features in between, of gate and value each</param>
    /// <param name="activation">of the gate</param>
    /// <param name="bias">whether the layers have biases</param>
    /// <param name="norm">makes a normalisation of the gated features; null for none</param>
    public GatedMlp(
        ModulePath at, int channels, int hidden, ActivationKind activation = ActivationKind.Silu, bool bias = true,
        Func<ModulePath, int, Module>? norm = null) : base(at)
    {
        this.hidden = hidden;
        this.activation = activation;
        widen = new Linear(at / "fc1", channels, 2 * hidden, bias);
        this.norm = norm?.Invoke(at / "norm", hidden);
        narrow = new Linear(at / "fc2", hidden, channels, bias);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor both = widen.Forward(x); // [..., 2 hidden]
        Tensor gate = Activation.Apply(activation, both.Slice(-1, 0, hidden)); // [..., hidden]
        Tensor gated = gate * both.Slice(-1, hidden, 2 * hidden);
        return scope.Keep(narrow.Forward(norm is null ? gated : norm.Forward(gated))); // [..., C]
    }
}
