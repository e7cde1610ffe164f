using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// A transformer's feed-forward part: linear, activation, linear, over the last dimension, <c>[..., C]</c>. Vaswani et al. 2017,
/// arXiv:1706.03762. Names as timm's.
/// </summary>
public sealed class Mlp : Module
{
    readonly Linear widen, narrow;
    readonly Module? norm;
    readonly ActivationKind activation;

    /// <summary>A feed-forward part at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="hidden">features in between</param>
    /// <param name="activation">after the first layer</param>
    /// <param name="bias">whether both layers have biases</param>
    /// <param name="norm">makes a normalisation of the hidden features, before the second layer; null for none</param>
    public Mlp(
        ModulePath at, int channels, int hidden, ActivationKind activation = ActivationKind.Gelu, bool bias = true,
        Func<ModulePath, int, Module>? norm = null) : base(at)
    {
        this.activation = activation;
        widen = new Linear(at / "fc1", channels, hidden, bias);
        this.norm = norm?.Invoke(at / "norm", hidden);
        narrow = new Linear(at / "fc2", hidden, channels, bias);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor hidden = Activation.ApplyTo(activation, widen.Forward(x)); // [..., hidden]
        if (norm is not null) hidden = norm.Forward(hidden);
        return scope.Keep(narrow.Forward(hidden)); // [..., C]
    }
}
