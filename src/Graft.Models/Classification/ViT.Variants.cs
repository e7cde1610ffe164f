using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class ViT
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("vit_b_16", 86_567_656, Sizes(16, 768, 12, 12)),
        TorchVision("vit_b_32", 88_224_232, Sizes(32, 768, 12, 12)),
        TorchVision("vit_l_16", 304_326_632, Sizes(16, 1024, 24, 16), 242),
        TorchVision("vit_l_32", 306_535_400, Sizes(32, 1024, 24, 16)),
        TorchVision("vit_h_14", 632_045_800, Sizes(14, 1280, 32, 16), 224, Interpolation.Bicubic),

        Timm("vit_tiny_patch16_224", 5_717_416, Sizes(16, 192, 12, 3), 224, 0.9),
        Timm("vit_tiny_patch16_384", 5_790_376, Sizes(16, 192, 12, 3), 384, 1),
        Timm("vit_small_patch32_224", 22_878_952, Sizes(32, 384, 12, 6), 224, 0.9),
        Timm("vit_small_patch32_384", 22_915_432, Sizes(32, 384, 12, 6), 384, 1),
        Timm("vit_small_patch16_224", 22_050_664, Sizes(16, 384, 12, 6), 224, 0.9),
        Timm("vit_small_patch16_384", 22_196_584, Sizes(16, 384, 12, 6), 384, 1),
        Timm("vit_small_patch8_224", 22_055_272, Sizes(8, 384, 12, 6), 224, 0.9),
        Timm("vit_base_patch32_224", 88_224_232, Sizes(32, 768, 12, 12), 224, 0.9),
        Timm("vit_base_patch32_384", 88_297_192, Sizes(32, 768, 12, 12), 384, 1),
        Timm("vit_base_patch16_224", 86_567_656, Sizes(16, 768, 12, 12), 224, 0.9),
        Timm("vit_base_patch16_384", 86_859_496, Sizes(16, 768, 12, 12), 384, 1),
        Timm("vit_base_patch8_224", 86_576_872, Sizes(8, 768, 12, 12), 224, 0.9),
        Timm("vit_large_patch32_224", 306_535_400, Sizes(32, 1024, 24, 16), 224, 0.9),
        Timm("vit_large_patch32_384", 306_632_680, Sizes(32, 1024, 24, 16), 384, 1),
        Timm("vit_large_patch16_224", 304_326_632, Sizes(16, 1024, 24, 16), 224, 0.9),
        Timm("vit_large_patch16_384", 304_715_752, Sizes(16, 1024, 24, 16), 384, 1),
        Timm("vit_large_patch14_224", 304_203_752, Sizes(14, 1024, 24, 16), 224, 0.9),
        Timm("vit_huge_patch14_224", 632_045_800, Sizes(14, 1280, 32, 16), 224, 0.9),
        Timm("vit_giant_patch14_224", 1_012_611_432, Sizes(14, 1408, 40, 16, 6144), 224, 0.9),
        Timm("vit_gigantic_patch14_224", 1_844_440_680, Sizes(14, 1664, 48, 16, 8192), 224, 0.9),
        Timm("vit_base_patch16_224_miil", 86_540_008, NoBias(Sizes(16, 768, 12, 12)), 224, 0.875, Statistics.None),
        Timm("vit_medium_patch16_gap_240", 38_845_416, NoBiasGap(Sizes(16, 512, 12, 8)), 240, 0.95),
        Timm("vit_medium_patch16_gap_256", 38_861_288, NoBiasGap(Sizes(16, 512, 12, 8)), 256, 0.95),
        Timm("vit_medium_patch16_gap_384", 39_025_128, NoBiasGap(Sizes(16, 512, 12, 8)), 384, 0.95, mode: ResizeMode.Exact),
        Timm("vit_betwixt_patch16_gap_256", 60_372_840, NoBiasGap(Sizes(16, 640, 12, 10)), 256, 0.95),
        Timm("vit_base_patch16_gap_224", 86_566_120, Gap(Sizes(16, 768, 12, 16)), 224, 0.9),
        Timm("vit_huge_patch14_gap_224", 630_762_240, Gap(Sizes(14, 1280, 32, 16)), 224, 0.9, Statistics.ImageNet, classes: 0),
        Timm("vit_huge_patch16_gap_448", 631_668_480, Gap(Sizes(16, 1280, 32, 16)), 448, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_giant_patch16_gap_224", 1_011_368_576, Gap(Sizes(16, 1408, 40, 16, 6144)),
            224, 0.9, Statistics.ImageNet, classes: 0),
        Timm("vit_base_patch32_plus_256", 119_478_120, Scaled(Sizes(32, 896, 12, 14)), 256, 0.95),
        Timm("vit_base_patch16_plus_240", 117_557_992, Scaled(Sizes(16, 896, 12, 14)), 240, 0.95),
        Timm("vit_small_patch16_36x1_224", 64_665_448, Scaled(Sizes(16, 384, 36, 6)), 224, 0.9),
        Timm("eva_large_patch14_196", 304_142_312, Averaged(Sizes(14, 1024, 24, 16)), 196, 1, Statistics.Clip),
        Timm("eva_large_patch14_336", 304_531_432, Averaged(Sizes(14, 1024, 24, 16)),
            336, 1, Statistics.Clip, mode: ResizeMode.Exact),
        Timm("flexivit_small", 22_061_416, Flexible(Sizes(16, 384, 12, 6)), 240, 0.95),
        Timm("flexivit_base", 86_589_160, Flexible(Sizes(16, 768, 12, 12)), 240, 0.95),
        Timm("flexivit_large", 304_355_304, Flexible(Sizes(16, 1024, 24, 16)), 240, 0.95),

        Timm("vit_intern300m_patch14_448", 304_012_288, Intern(Sizes(14, 1024, 24, 16)), 448, 1, Statistics.ImageNet, classes: 0),
        Timm("beit3_base_patch16_224", 86_659_816, Beit3(Sizes(16, 768, 12, 12)), 224, 1, Statistics.ImageNet),
        Timm("beit3_large_patch16_224", 304_572_392, Beit3(Sizes(16, 1024, 24, 16)), 224, 1, Statistics.ImageNet),
        Timm("beit3_giant_patch14_224", 1_013_215_592, Beit3(Giant()), 224, 1, Statistics.ImageNet),
        Timm("beit3_giant_patch14_336", 1_013_666_152, Beit3(Giant()), 336, 1, Statistics.ImageNet),
        Timm("test_vit", 371_240, Sizes(16, 64, 6, 2, 192), 160, 0.95),
        Timm("test_vit2", 455_720, Test2(Sizes(16, 64, 8, 2, 192)), 160, 0.95),
        Timm("test_vit3", 930_280, Test3(Sizes(16, 96, 9, 3, 192)), 160, 0.95),
        Timm("test_vit4", 1_020_520, Test4(Sizes(16, 96, 9, 3, 288)), 160, 0.95),

        HuggingFace("vit-base-patch16-224", 86_567_656, Own(Sizes(16, 768, 12, 12)), 224, Processor(224)),
        HuggingFace("vit-base-patch16-384", 86_859_496, Own(Sizes(16, 768, 12, 12)), 384, Processor(384)),
        HuggingFace("vit-base-patch32-384", 88_297_192, Own(Sizes(32, 768, 12, 12)), 384, Processor(384)),
        HuggingFace("vit-large-patch16-224", 304_326_632, Own(Sizes(16, 1024, 24, 16)), 224, Processor(224)),
        HuggingFace("vit-large-patch16-384", 304_715_752, Own(Sizes(16, 1024, 24, 16)), 384, Processor(384)),
        HuggingFace("vit-large-patch32-384", 306_632_680, Own(Sizes(32, 1024, 24, 16)), 384, Processor(384)),
        HuggingFace("vit-base-patch16-224-in21k", 85_798_656, Own(Sizes(16, 768, 12, 12)), 224, Processor(224), classes: 0),
        HuggingFace("vit-base-patch32-224-in21k", 87_455_232, Own(Sizes(32, 768, 12, 12)), 224, Processor(224), classes: 0),
        HuggingFace("vit-large-patch16-224-in21k", 303_301_632, Own(Sizes(16, 1024, 24, 16)), 224, Processor(224), classes: 0),
        HuggingFace("vit-large-patch32-224-in21k", 305_510_400, Own(Sizes(32, 1024, 24, 16)), 224, Processor(224), classes: 0),
        HuggingFace("vit-huge-patch14-224-in21k", 630_764_800, Own(Sizes(14, 1280, 32, 16)), 224, Processor(224), classes: 0),
        HuggingFace("deit-tiny-patch16-224", 5_717_416, Own(Sizes(16, 192, 12, 3)), 224, Facebook(224)),
        HuggingFace("deit-small-patch16-224", 22_050_664, Own(Sizes(16, 384, 12, 6)), 224, Facebook(224)),
        HuggingFace("deit-base-patch16-224", 86_567_656, Own(Sizes(16, 768, 12, 12)), 224, Facebook(224)),
        HuggingFace("deit-base-patch16-384", 86_859_496, Own(Sizes(16, 768, 12, 12)), 384, Facebook(384)),
        HuggingFace("dino-vits16", 21_665_664, Own(Sizes(16, 384, 12, 6)), 224, Facebook(224), classes: 0),
        HuggingFace("dino-vits8", 21_670_272, Own(Sizes(8, 384, 12, 6)), 224, Facebook(224), classes: 0),
        HuggingFace("dino-vitb16", 85_798_656, Own(Sizes(16, 768, 12, 12)), 224, Facebook(224), classes: 0),
        HuggingFace("dino-vitb8", 85_807_872, Own(Sizes(8, 768, 12, 12)), 224, Facebook(224), classes: 0),

        .. Averaging(),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <summary>What the name of a size doesn't say is said here.</summary>
    static Config NoBias(Config plain) => plain with { Bias = AttentionBias.None };

    /// <summary>Without a class token, the mean of the patches.</summary>
    static Config Gap(Config plain) => plain with { ClassToken = false, Pooling = PoolingKind.Average };

    static Config NoBiasGap(Config plain) => Scaled(NoBias(Gap(plain)));

    static Config Scaled(Config plain) => plain with { LayerScale = 1e-5 };

    static Config Averaged(Config plain) => plain with { Pooling = PoolingKind.Average, LastNorm = LastNormKind.AfterPool };

    static Config Flexible(Config plain) => plain with { Positions = PositionKind.Patches };

    static Config Intern(Config plain) => Scaled(plain) with { LastNorm = LastNormKind.None };

    static Config Beit3(Config plain) => Averaged(plain) with { AttentionNorm = true, HiddenNorm = true, Eps = 1e-5 };

    static Config Giant() => Sizes(14, 1408, 40, 16, 6144) with { Ratio = 4.3637 };

    static Config Test2(Config plain) => Scaled(Averaged(plain)) with { ClassToken = false, Registers = 1 };

    static Config Test3(Config plain) => Scaled(plain) with
    {
        ClassToken = false,
        Registers = 1,
        Pooling = PoolingKind.Attention,
        PoolsPrefix = true,
    };

    static Config Test4(Config plain) => Test2(plain) with { Norm = NormKind.Rms };

    static Config Own(Config plain) => plain with { Eps = 1e-12 };

    static string Processor(int size) => $$"""{"size": {{size}}}""";

    static string Facebook(int size) =>
        $$"""{"size": {{size}}, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3}""";

    ModelVariant TorchVision(
        string name, long parameters, Config config, int resize = 256,
        Interpolation interpolation = Interpolation.Bilinear) =>
        new(Origin.TorchVision, name, this, parameters, () => config with { Resampling = Resampling.BicubicAligned },
            () => Preprocess.TorchVision(224, resize, interpolation));
}
