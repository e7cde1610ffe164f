using Graft.Imaging;

namespace Graft.Models.Classification;

public sealed partial class ResNet
{
    static readonly int[] depth18 = [2, 2, 2, 2], depth50 = [3, 4, 6, 3], depth101 = [3, 4, 23, 3], depth152 = [3, 8, 36, 3];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("resnet18", 11_689_512, Basic(depth18)),
        TorchVision("resnet34", 21_797_672, Basic(depth50)),
        TorchVision("resnet50", 25_557_032, Bottleneck(depth50)),
        TorchVision("resnet101", 44_549_160, Bottleneck(depth101)),
        TorchVision("resnet152", 60_192_808, Bottleneck(depth152)),
        TorchVision("resnext50_32x4d", 25_028_904, Grouped(depth50, 32, 4)),
        TorchVision("resnext101_32x8d", 88_791_336, Grouped(depth101, 32, 8)),
        TorchVision("resnext101_64x4d", 83_455_272, Grouped(depth101, 64, 4), 232),
        TorchVision("wide_resnet50_2", 68_883_240, Grouped(depth50, 1, 128)),
        TorchVision("wide_resnet101_2", 126_886_696, Grouped(depth101, 1, 128)),

        Timm("resnet10t", 5_435_488, D(Basic([1, 1, 1, 1]), tiered: true)),
        Timm("resnet14t", 10_081_632, D(Bottleneck([1, 1, 1, 1]), tiered: true)),
        Timm("resnet18", 11_689_512, Basic(depth18), 0.95),
        Timm("resnet18d", 11_708_744, D(Basic(depth18))),
        Timm("resnet26", 15_995_176, Bottleneck(depth18)),
        Timm("resnet26d", 16_014_408, D(Bottleneck(depth18))),
        Timm("resnet26t", 16_011_872, D(Bottleneck(depth18), tiered: true), 0.94, 256),
        Timm("resnet34", 21_797_672, Basic(depth50), 0.95),
        Timm("resnet34d", 21_816_904, D(Basic(depth50))),
        Timm("resnet50", 25_557_032, Bottleneck(depth50), 0.95),
        Timm("resnet50c", 25_576_264, Deep(Bottleneck(depth50), 32)),
        Timm("resnet50d", 25_576_264, D(Bottleneck(depth50))),
        Timm("resnet50s", 25_680_808, Deep(Bottleneck(depth50), 64)),
        Timm("resnet50t", 25_573_728, D(Bottleneck(depth50), tiered: true)),
        Timm("resnet101", 44_549_160, Bottleneck(depth101), 0.95),
        Timm("resnet101c", 44_568_392, Deep(Bottleneck(depth101), 32)),
        Timm("resnet101d", 44_568_392, D(Bottleneck(depth101)), 0.95, 256),
        Timm("resnet101s", 44_672_936, Deep(Bottleneck(depth101), 64)),
        Timm("resnet152", 60_192_808, Bottleneck(depth152), 0.95),
        Timm("resnet152c", 60_212_040, Deep(Bottleneck(depth152), 32)),
        Timm("resnet152d", 60_212_040, D(Bottleneck(depth152)), 0.95, 256),
        Timm("resnet152s", 60_316_584, Deep(Bottleneck(depth152), 64)),
        Timm("resnet200", 64_673_832, Bottleneck([3, 24, 36, 3])),
        Timm("resnet200d", 64_693_064, D(Bottleneck([3, 24, 36, 3])), 0.95, 256),
        Timm("wide_resnet50_2", 68_883_240, Grouped(depth50, 1, 128)),
        Timm("wide_resnet101_2", 126_886_696, Grouped(depth101, 1, 128)),
        Timm("resnext50_32x4d", 25_028_904, Grouped(depth50, 32, 4), 0.95),
        Timm("resnext50d_32x4d", 25_048_136, D(Grouped(depth50, 32, 4))),
        Timm("resnext101_32x4d", 44_177_704, Grouped(depth101, 32, 4)),
        Timm("resnext101_32x8d", 88_791_336, Grouped(depth101, 32, 8)),
        Timm("resnext101_32x16d", 194_026_792, Grouped(depth101, 32, 16)),
        Timm("resnext101_32x32d", 468_530_472, Grouped(depth101, 32, 32)),
        Timm("resnext101_64x4d", 83_455_272, Grouped(depth101, 64, 4)),
        new(Origin.Timm, "test_resnet", this, 469_688, () => new Config
        {
            Depths = [1, 1, 1, 1],
            Widths = [32, 48, 192, 96],
            Bottlenecks = [false, false, true, false],
            Stem = StemKind.Deep,
            StemWidths = [16, 16, 32],
            AveragedShortcuts = true,
        }, () => Preprocess.TorchVision(160, 168) with { Mean = half, Std = half }),

        HuggingFace("resnet-18", 11_689_512, Basic(depth18)),
        HuggingFace("resnet-26", 15_995_176, Bottleneck(depth18)),
        HuggingFace("resnet-34", 21_797_672, Basic(depth50)),
        HuggingFace("resnet-50", 25_557_032, Bottleneck(depth50)),
        HuggingFace("resnet-101", 44_549_160, Bottleneck(depth101)),
        HuggingFace("resnet-152", 60_192_808, Bottleneck(depth152)),

        Cifar(20, 269_722), Cifar(32, 464_154), Cifar(44, 658_586), Cifar(56, 853_018),
        Cifar(110, 1_727_962), Cifar(1202, 19_421_274),
    ];

    IReadOnlyList<ModelVariant>? variants;

    static readonly float[] half = [0.5f, 0.5f, 0.5f];

    static Func<Config> Basic(int[] depths) => () => new Config
    {
        Depths = depths,
        Widths = [64, 128, 256, 512],
        Bottlenecks = [false, false, false, false],
    };

    static Func<Config> Bottleneck(int[] depths) => () => new Config
    {
        Depths = depths,
        Widths = [256, 512, 1024, 2048],
        Bottlenecks = [true, true, true, true],
    };

    static Func<Config> Grouped(int[] depths, int groups, int width) =>
        () => Bottleneck(depths)() with { Groups = groups, GroupWidth = width };

    static Func<Config> Deep(Func<Config> plain, int width) =>
        () => plain() with { Stem = StemKind.Deep, StemWidths = [width, width, 2 * width] };

    static Func<Config> D(Func<Config> plain, bool tiered = false) =>
        () => plain() with { Stem = StemKind.Deep, StemWidths = [tiered ? 24 : 32, 32, 64], AveragedShortcuts = true };

    ModelVariant TorchVision(string name, long parameters, Func<Config> config, int resize = 256) =>
        new(Origin.TorchVision, name, this, parameters, config, () => Preprocess.TorchVision(224, resize));

    ModelVariant Timm(string name, long parameters, Func<Config> config, double crop = 0.875, int size = 224) =>
        new(Origin.Timm, name, this, parameters, config,
            () => Preprocess.TorchVision(size, (int)Math.Floor(size / crop), Interpolation.Bicubic));

    ModelVariant HuggingFace(string name, long parameters, Func<Config> config) =>
        new(Origin.HuggingFace, name, this, parameters, config, () => Preprocess.FromHuggingFace(
            """
            {"image_processor_type":"ConvNextImageProcessor","size":{"shortest_edge":224},"crop_pct":0.875,"resample":3,
            "image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
            """));

    /// <summary>The paper's networks for CIFAR-10: 6n + 2 layers, three stages.</summary>
    ModelVariant Cifar(int layers, long parameters) =>
        new(Origin.Cifar, $"resnet{layers}", this, parameters, () => new Config
        {
            Depths = [(layers - 2) / 6, (layers - 2) / 6, (layers - 2) / 6],
            Widths = [16, 32, 64],
            Bottlenecks = [false, false, false],
            Stem = StemKind.Cifar,
            StemWidths = [16],
            PaddedShortcuts = true,
            Classes = 10,
        }, () => Preprocess.TorchVision(32, 32));
}
