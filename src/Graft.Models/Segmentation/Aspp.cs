using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// Atrous spatial pyramid pooling: 1 x 1, 3 x 3 at several dilations, and the mean of the whole map, side by side, then 1 x 1.
/// Chen et al. 2017, arXiv:1706.05587. Names as torchvision's.
/// </summary>
sealed class Aspp : Module
{
    const double DropRate = 0.5;
    readonly Module[] branches;
    readonly PooledBranch pooled;
    readonly ConvNorm project;
    readonly Dropout dropout;

    public Aspp(ModulePath at, int inputs, int channels, IReadOnlyList<int> rates) : base(at)
    {
        branches =
        [
            new ConvNorm(at / "convs.0", "0", "1", inputs, channels, kernel: 1, activation: ActivationKind.Relu),
            .. rates.Select((rate, i) => new ConvNorm(
                at / $"convs.{i + 1}", "0", "1", inputs, channels, kernel: 3, dilation: rate, activation: ActivationKind.Relu)),
        ];
        pooled = new PooledBranch(at / $"convs.{rates.Count + 1}", "1", "2", inputs, channels);
        project = new ConvNorm(
            at / "project", "0", "1", (rates.Count + 2) * channels, channels, kernel: 1, activation: ActivationKind.Relu);
        dropout = new Dropout(at / "project.3", DropRate);
    }

    public override string Kind => "ASPP";

    protected override Tensor Compute(Tensor x)
    {
        Tensor[] parts = [.. branches.Select(branch => branch.Forward(x)), pooled.Forward(x)]; // [N, O, h, w] each
        Tensor joined = Tensor.Cat(parts, 1); // [N, (rates + 2) O, h, w]
        foreach (Tensor part in parts) part.Dispose();
        return joined.Then(project).Then(dropout); // [N, O, h, w]
    }
}
