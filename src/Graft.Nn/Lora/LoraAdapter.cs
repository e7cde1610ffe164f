using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Two thin matrices beside a layer: scale * up(down(x)) is added to what the layer gives. Hu et al. 2021, arXiv:2106.09685. Its
/// weights stand below the layer's path: <c>blocks.0.attn.qkv.lora.down</c> and <c>.up</c>.
/// </summary>
public sealed class LoraAdapter : Module
{
    static readonly long[] one = [1, 1], none = [0, 0];

    readonly IAdaptable layer;
    readonly Parameter down, up;
    readonly double scale, dropout;

    internal LoraAdapter(IAdaptable layer, LoraOptions options) : base(layer.WeightPath / "lora")
    {
        this.layer = layer;
        long[] shape = layer.AdaptableWeight!.Shape;
        Rank = options.Rank;
        scale = (options.Alpha ?? options.Rank) / options.Rank;
        dropout = options.Dropout;
        down = Path.Weight("down", [Rank, .. shape[1..]]);
        up = Path.Weight("up", [shape[0], Rank, .. shape[2..]]);
    }

    /// <summary>The rank r.</summary>
    public int Rank { get; }

    /// <summary>As Microsoft's code and PEFT: down as a linear layer starts, up at 0, so that the model starts as it
    /// was.</summary>
    public override void ResetParameters(Initializer init)
    {
        init.UniformFanIn(down, Initializer.FanIn(down.Shape));
        Initializer.Constant(up, 0);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor seen = dropout > 0 && IsTraining ? x.Dropout(dropout, training: true) : x;
        Tensor first = down.Value.To(x.DType), second = up.Value.To(x.DType);
        Tensor change = layer.Stride is { } stride
            ? seen.Conv2d(first, null, stride, none, one).Conv2d(second, null, one, none, one) // [N, r, H', W'], [N, O, H', W']
            : seen.Linear(first, null).Linear(second, null); // [..., r], [..., out]
        return scope.Keep(scale == 1 ? change : change * scale);
    }

    /// <summary>What a layer gave, with the adapter's part; the former is freed.</summary>
    internal Tensor AddTo(Tensor plain, Tensor x)
    {
        using Tensor change = Forward(x);
        Tensor sum = plain + change;
        plain.Dispose();
        return sum;
    }

    /// <summary>Adds the product into the layer's weight.</summary>
    internal void Merge()
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor weight = layer.AdaptableWeight!.Value;
        Tensor product = up.Value.Reshape(-1, Rank).MatMul(down.Value.Reshape(Rank, -1)); // [out, in]
        weight.Add_(product.Reshape(weight.Shape).To(weight.DType), scale);
    }

    internal void Detach()
    {
        layer.Adapter = null;
        Path.Store.Remove(Path.Name);
    }
}
