using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class DeiT
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Timm("deit_tiny_patch16_224", 5_717_416, Sizes(16, 192, 12, 3), 224, 0.9, Statistics.ImageNet),
        Timm("deit_small_patch16_224", 22_050_664, Sizes(16, 384, 12, 6), 224, 0.9, Statistics.ImageNet),
        Timm("deit_base_patch16_224", 86_567_656, Sizes(16, 768, 12, 12), 224, 0.9, Statistics.ImageNet),
        Timm("deit_base_patch16_384", 86_859_496, Sizes(16, 768, 12, 12), 384, 1, Statistics.ImageNet),
        Timm("deit_tiny_distilled_patch16_224", 5_910_800, Distilled(Sizes(16, 192, 12, 3)), 224, 0.9, Statistics.ImageNet),
        Timm("deit_small_distilled_patch16_224", 22_436_432, Distilled(Sizes(16, 384, 12, 6)), 224, 0.9, Statistics.ImageNet),
        Timm("deit_base_distilled_patch16_224", 87_338_192, Distilled(Sizes(16, 768, 12, 12)), 224, 0.9, Statistics.ImageNet),
        Timm("deit_base_distilled_patch16_384", 87_630_032, Distilled(Sizes(16, 768, 12, 12)), 384, 1, Statistics.ImageNet),
        Timm("deit3_small_patch16_224", 22_059_496, Third(Sizes(16, 384, 12, 6)), 224, 0.9, Statistics.ImageNet),
        Timm("deit3_small_patch16_384", 22_205_416, Third(Sizes(16, 384, 12, 6)), 384, 1, Statistics.ImageNet),
        Timm("deit3_medium_patch16_224", 38_849_512, Third(Sizes(16, 512, 12, 8)), 224, 0.9, Statistics.ImageNet),
        Timm("deit3_base_patch16_224", 86_585_320, Third(Sizes(16, 768, 12, 12)), 224, 0.9, Statistics.ImageNet),
        Timm("deit3_base_patch16_384", 86_877_160, Third(Sizes(16, 768, 12, 12)), 384, 1, Statistics.ImageNet),
        Timm("deit3_large_patch16_224", 304_374_760, Third(Sizes(16, 1024, 24, 16)), 224, 0.9, Statistics.ImageNet),
        Timm("deit3_large_patch16_384", 304_763_880, Third(Sizes(16, 1024, 24, 16)), 384, 1, Statistics.ImageNet),
        Timm("deit3_huge_patch14_224", 632_126_440, Third(Sizes(14, 1280, 32, 16)), 224, 0.9, Statistics.ImageNet),

        HuggingFace("deit-tiny-distilled-patch16-224", 5_910_800, Teacher(Sizes(16, 192, 12, 3)), 224, Processor(224)),
        HuggingFace("deit-small-distilled-patch16-224", 22_436_432, Teacher(Sizes(16, 384, 12, 6)), 224, Processor(224)),
        HuggingFace("deit-base-distilled-patch16-224", 87_338_192, Teacher(Sizes(16, 768, 12, 12)), 224, Processor(224)),
        HuggingFace("deit-base-distilled-patch16-384", 87_630_032, Teacher(Sizes(16, 768, 12, 12)), 384, Processor(384)),
    ];

    IReadOnlyList<ModelVariant>? variants;

    static Config Distilled(Config plain) => plain with { DistillationToken = true, Pooling = PoolingKind.Distilled };

    static Config Third(Config plain) => plain with { Positions = PositionKind.Patches, LayerScale = 1e-6 };

    static Config Teacher(Config plain) => Distilled(plain) with { Eps = 1e-12 };

    static string Processor(int size) =>
        $$"""
        {
          "size": {{(size == 224 ? 256 : 438)}}, "crop_size": {{size}},
          "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]
        }
        """;
}
