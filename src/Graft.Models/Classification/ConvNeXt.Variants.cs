using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class ConvNeXt
{
    static readonly int[] depthAtto = [2, 2, 6, 2], depthNano = [2, 2, 8, 2];
    static readonly int[] depthTiny = [3, 3, 9, 3], depthSmall = [3, 3, 27, 3];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("convnext_tiny", 28_589_128, Sizes(depthTiny, 96), 0.1, 236),
        TorchVision("convnext_small", 50_223_688, Sizes(depthSmall, 96), 0.4, 230),
        TorchVision("convnext_base", 88_591_464, Sizes(depthSmall, 128), 0.5, 232),
        TorchVision("convnext_large", 197_767_336, Sizes(depthSmall, 192), 0.5, 232),

        Timm("convnext_atto", 3_695_520, Small(depthAtto, 40)),
        Timm("convnext_atto_ols", 3_702_912, Overlap(Small(depthAtto, 40), 24)),
        Timm("convnext_femto", 5_217_784, Small(depthAtto, 48)),
        Timm("convnext_femto_ols", 5_226_520, Overlap(Small(depthAtto, 48), 24)),
        Timm("convnext_pico", 9_045_672, Small(depthAtto, 64)),
        Timm("convnext_pico_ols", 9_061_928, Overlap(Small(depthAtto, 64), 32), 0.95),
        Timm("convnext_nano", 15_593_560, Small(depthNano, 80), 0.95),
        Timm("convnext_nano_ols", 15_649_560, Overlap(Small(depthNano, 80), 0), 0.95),
        Timm("convnext_tiny", 28_589_128, Sizes(depthTiny, 96), 0.95),
        Timm("convnext_tiny_hnf", 28_589_128, () => Small(depthTiny, 96)() with { NormBeforePool = true }, 0.95),
        Timm("convnext_small", 50_223_688, Sizes(depthSmall, 96), 0.95),
        Timm("convnext_base", 88_591_464, Sizes(depthSmall, 128)),
        Timm("convnext_large", 197_767_336, Sizes(depthSmall, 192)),
        Timm("convnext_large_mlp", 200_128_168, () => Sizes(depthSmall, 192)() with { HeadHidden = 1536 }, 1),
        Timm("convnext_xlarge", 350_196_968, Sizes(depthSmall, 256)),
        Timm("convnext_xxlarge", 846_471_016, () => Sizes([3, 4, 30, 3], 384)() with { Eps = 1e-5, LastEps = 1e-5 }, 1),
        Timm("convnextv2_atto", 3_708_400, Small(V2(depthAtto, 40))),
        Timm("convnextv2_femto", 5_233_240, Small(V2(depthAtto, 48))),
        Timm("convnextv2_pico", 9_066_280, Small(V2(depthAtto, 64))),
        Timm("convnextv2_nano", 15_623_800, Small(V2(depthNano, 80))),
        Timm("convnextv2_tiny", 28_635_496, V2(depthTiny, 96)),
        Timm("convnextv2_small", 50_318_440, V2(depthSmall, 96)),
        Timm("convnextv2_base", 88_717_800, V2(depthSmall, 128)),
        Timm("convnextv2_large", 197_956_840, V2(depthSmall, 192)),
        Timm("convnextv2_huge", 660_289_640, V2(depthSmall, 352)),
        Test("test_convnext", 272_128, [1, 2, 4, 2], [24, 32, 48, 64]),
        Test("test_convnext2", 477_800, [1, 1, 1, 1], [32, 64, 96, 128]),
        Test("test_convnext3", 468_840, [1, 1, 1, 1], [32, 64, 96, 128], ActivationKind.Silu, [7, 5, 5, 3]),

        HuggingFace("convnext-tiny-224", 28_589_128, Sizes(depthTiny, 96)),
        HuggingFace("convnext-small-224", 50_223_688, Sizes(depthSmall, 96)),
        HuggingFace("convnext-base-224", 88_591_464, Sizes(depthSmall, 128)),
        HuggingFace("convnext-base-384", 88_591_464, Sizes(depthSmall, 128), 384),
        HuggingFace("convnext-large-224", 197_767_336, Sizes(depthSmall, 192)),
        HuggingFace("convnext-large-384", 197_767_336, Sizes(depthSmall, 192), 384),
        HuggingFace("convnext-xlarge-224-22k-1k", 350_196_968, Sizes(depthSmall, 256)),
        HuggingFace("convnext-xlarge-384-22k-1k", 350_196_968, Sizes(depthSmall, 256), 384),

        .. V2s("atto", 3_708_400, V2(depthAtto, 40)), .. V2s("femto", 5_233_240, V2(depthAtto, 48)),
        .. V2s("pico", 9_066_280, V2(depthAtto, 64)), .. V2s("nano", 15_623_800, V2(depthNano, 80), 224, 384),
        .. V2s("tiny", 28_635_496, V2(depthTiny, 96), 224, 384), .. V2s("base", 88_717_800, V2(depthSmall, 128), 224, 384),
        .. V2s("large", 197_956_840, V2(depthSmall, 192), 224, 384), .. V2s("huge", 660_289_640, V2(depthSmall, 352), 384, 512),

        Facebook("convnext_tiny", 28_589_128, Sizes(depthTiny, 96)),
        Facebook("convnext_small", 50_223_688, Sizes(depthSmall, 96)),
        Facebook("convnext_base", 88_591_464, Sizes(depthSmall, 128)),
        Facebook("convnext_large", 197_767_336, Sizes(depthSmall, 192)),
        Facebook("convnext_xlarge", 350_196_968, Sizes(depthSmall, 256)),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <summary>The paper's sizes: widths double from stage to stage.</summary>
    static Func<Config> Sizes(int[] depths, int width) => () => new Config
    {
        Depths = depths,
        Widths = [width, 2 * width, 4 * width, 8 * width],
        HeadStart = HeadStart.TruncatedNormal,
    };

    static Func<Config> Small(int[] depths, int width) => Small(Sizes(depths, width));

    static Func<Config> Small(Func<Config> plain) => () => plain() with { ConvolutionsInBlocks = true };

    static Func<Config> V2(int[] depths, int width) =>
        () => Sizes(depths, width)() with { ResponseNorm = true, LayerScale = null };

    /// <summary>A V2 size of transformers: trained on 1,000 classes, and on 22,000 before, for images of these sizes.</summary>
    IEnumerable<ModelVariant> V2s(string size, long parameters, Func<Config> config, params int[] images) =>
    [
        HuggingFace($"convnextv2-{size}-1k-224", parameters, config),
        .. images.Select(side => HuggingFace($"convnextv2-{size}-22k-{side}", parameters, config, side)),
    ];

    static Func<Config> Overlap(Func<Config> plain, int middle) =>
        () => plain() with { Stem = StemKind.Overlap, StemWidth = middle };

    ModelVariant TorchVision(string name, long parameters, Func<Config> config, double dropPath, int resize) =>
        new(Origin.TorchVision, name, this, parameters, () => config() with { DropPath = dropPath },
            () => Preprocess.TorchVision(224, resize));

    ModelVariant Timm(string name, long parameters, Func<Config> config, double crop = 0.875) =>
        new(Origin.Timm, name, this, parameters, config,
            () => Preprocess.TorchVision(224, (int)Math.Floor(224 / crop), Interpolation.Bicubic));

    ModelVariant Test(
        string name, long parameters, int[] depths, int[] widths, ActivationKind activation = ActivationKind.GeluTanh,
        int[]? kernels = null) =>
        new(Origin.Timm, name, this, parameters, () => new Config
        {
            Depths = depths,
            Widths = widths,
            Kernels = kernels ?? [7],
            Eps = 1e-5,
            LastEps = 1e-5,
            Activation = activation,
            HeadStart = HeadStart.TruncatedNormal,
        }, () => Preprocess.TorchVision(160, 168, Interpolation.Bicubic) with { Mean = half, Std = half });

    static readonly float[] half = [0.5f, 0.5f, 0.5f];

    ModelVariant HuggingFace(string name, long parameters, Func<Config> config, int size = 224) =>
        new(Origin.HuggingFace, name, this, parameters, () => config() with { LastEps = 1e-12 }, () => Preprocess.FromHuggingFace(
            $$$"""
            {"image_processor_type":"ConvNextImageProcessor","size":{"shortest_edge":{{{size}}}},"crop_pct":0.875,"resample":3,
            "image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
            """));

    ModelVariant Facebook(string name, long parameters, Func<Config> config) =>
        new(Origin.Facebook, name, this, parameters, config, () => Preprocess.ImageNet(224, Interpolation.Bicubic));
}
