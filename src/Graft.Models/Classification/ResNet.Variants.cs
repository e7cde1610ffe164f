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
        Timm("seresnet18", 11_779_624, SE(Basic(depth18))),
        Timm("seresnet34", 21_960_416, SE(Basic(depth50))),
        Timm("seresnet50", 28_088_024, SE(Bottleneck(depth50)), 0.95),
        Timm("seresnet50t", 28_104_720, SE(D(Bottleneck(depth50), tiered: true))),
        Timm("seresnet101", 49_326_872, SE(Bottleneck(depth101))),
        Timm("seresnet152", 66_821_848, SE(Bottleneck(depth152))),
        Timm("seresnet152d", 66_841_080, SE(D(Bottleneck(depth152))), 1, 256),
        Timm("seresnet200d", 71_855_096, SE(D(Bottleneck([3, 24, 36, 3]))), 0.95, 256),
        Timm("seresnet269d", 113_672_760, SE(D(Bottleneck([3, 30, 48, 8]))), 0.95, 256),
        Timm("seresnext26d_32x4d", 16_809_512, SE(D(Grouped(depth18, 32, 4)))),
        Timm("seresnext26t_32x4d", 16_806_976, SE(D(Grouped(depth18, 32, 4), tiered: true))),
        Timm("seresnext50_32x4d", 27_559_896, SE(Grouped(depth50, 32, 4))),
        Timm("seresnext101_32x4d", 48_955_416, SE(Grouped(depth101, 32, 4))),
        Timm("seresnext101_32x8d", 93_569_048, SE(Grouped(depth101, 32, 8))),
        Timm("seresnext101d_32x8d", 93_588_280, SE(D(Grouped(depth101, 32, 8)))),
        Timm("seresnext101_64x4d", 88_232_984, SE(Grouped(depth101, 64, 4))),
        Timm("ecaresnet26t", 16_011_916, Eca(D(Bottleneck(depth18), tiered: true)), 0.95, 256),
        Timm("ecaresnet50d", 25_576_350, Eca(D(Bottleneck(depth50)))),
        Timm("ecaresnet50t", 25_573_814, Eca(D(Bottleneck(depth50), tiered: true)), 0.95, 256),
        Timm("ecaresnetlight", 30_162_046, () => Eca(Bottleneck([1, 1, 11, 3]))() with { AveragedShortcuts = true }),
        Timm("ecaresnet101d", 44_568_563, Eca(D(Bottleneck(depth101)))),
        Timm("ecaresnet200d", 64_693_400, Eca(D(Bottleneck([3, 24, 36, 3]))), 0.95, 256),
        Timm("ecaresnet269d", 102_093_077, Eca(D(Bottleneck([3, 30, 48, 8]))), 1, 320),
        Timm("resnetrs50", 35_691_912, RS(depth50), 0.91, 160),
        Timm("resnetrs101", 63_618_696, RS(depth101), 0.94, 192),
        Timm("resnetrs152", 86_621_576, RS(depth152), 1, 256),
        Timm("resnetrs200", 93_209_992, RS([3, 24, 36, 3]), 1, 256),
        Timm("resnetrs270", 129_861_448, RS([4, 29, 53, 4]), 1, 256),
        Timm("resnetrs350", 163_956_168, RS([4, 36, 72, 4]), 1, 288),
        Timm("resnetrs420", 191_891_656, RS([4, 44, 87, 4]), 1, 320),
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

    static Func<Config> SE(Func<Config> plain) => () => plain() with { Attention = AttentionKind.SqueezeExcite };

    static Func<Config> Eca(Func<Config> plain) => () => plain() with { Attention = AttentionKind.Efficient };

    static Func<Config> RS(int[] depths) => () => D(Bottleneck(depths))() with
    {
        Attention = AttentionKind.SqueezeExcite,
        SqueezeRatio = 0.25,
        ConvolvedPool = true,
    };

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
