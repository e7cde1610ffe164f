using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// fastai's <c>create_head</c> after its concat-pool: batch norm, dropout at half the rate, linear to 512, ReLU, batch norm,
/// dropout, linear; the linear layers have no biases. Howard and Gugger 2020, arXiv:2002.04688.
/// </summary>
public sealed class FastAiHead : Head
{
    const int Hidden = 512;
    readonly Module[] layers;

    /// <summary>A head at that path.</summary>
    /// <param name="at">where its weights stand</param>
    /// <param name="features">D, of the concat-pool twice the channels</param>
    /// <param name="classes">K</param>
    /// <param name="dropout">of the last layer; the first has half of it</param>
    public FastAiHead(ModulePath at, int features, int classes, double dropout = 0.5) : base(at) =>
        layers =
        [
            new BatchNorm2d(at / 0, features),
            new Dropout(at / 1, dropout / 2),
            new Linear(at / 2, features, Hidden, bias: false),
            new Activation(at / 3, ActivationKind.Relu),
            new BatchNorm2d(at / 4, Hidden),
            new Dropout(at / 5, dropout),
            new Linear(at / 6, Hidden, classes, bias: false),
        ];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => layers.ForwardAll(x); // [N, D] -> [N, K]

    /// <summary>Linear layers as Kaiming He's, as fastai's <c>apply_init</c> has them.</summary>
    internal override void Start(HeadStart start, ulong seed)
    {
        base.Start(start, seed);
        foreach (string name in (ReadOnlySpan<string>)["2.weight", "6.weight"])
        {
            Parameter weight = Path.Store.Find((Path / name).Name)!;
            new Initializer(seed, weight.Name).KaimingNormalFanIn(weight);
        }
    }
}
