using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// A fully convolutional decoder without its last layer: 3 x 3 to a quarter of the channels, and dropout. Long et al. 2014,
/// arXiv:1411.4038, as torchvision has it.
/// </summary>
sealed class FcnBranch : Module
{
    /// <summary>Where torchvision's auxiliary branch stands.</summary>
    public const string Auxiliary = "aux_classifier";

    const double DropRate = 0.1;
    readonly Module[] layers;

    public FcnBranch(ModulePath at, int inputs) : base(at)
    {
        Channels = Math.Max(1, inputs / 4);
        layers =
        [
            new ConvNorm(at, "0", "1", inputs, Channels, kernel: 3, activation: ActivationKind.Relu),
            new Dropout(at / 3, DropRate),
        ];
    }

    /// <summary>Channels of its map.</summary>
    public int Channels { get; }

    /// <summary>Places of its weights.</summary>
    public IReadOnlyList<string> Paths => [(Path / 0).Name, (Path / 1).Name];

    public override string Kind => "FCNHead";

    /// <summary>Where the last layer of such a branch stands, which is the head's.</summary>
    public static string HeadPath(string branch) => branch + ".4";

    protected override Tensor Compute(Tensor x) => layers.ForwardAll(x); // [N, C, h, w] -> [N, C / 4, h, w]
}
