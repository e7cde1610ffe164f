using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class Clip
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Timm("vit_xsmall_patch16_clip_224", 8_277_504, Pre(Sizes(16, 256, 10, 4)), 224, 0.9, Statistics.Clip, classes: 512),
        Timm("vit_medium_patch32_clip_224", 39_692_288, Pre(Sizes(32, 512, 12, 8)), 224, 0.9, Statistics.Clip, classes: 512),
        Timm("vit_medium_patch16_clip_224", 38_587_904, Pre(Sizes(16, 512, 12, 8)), 224, 0.9, Statistics.Clip, classes: 512),
        Timm("vit_betwixt_patch32_clip_224", 61_411_712, Pre(Sizes(32, 640, 12, 10)), 224, 0.9, Statistics.Clip, classes: 512),
        Timm("vit_base_patch32_clip_224", 88_225_000, Pre(Sizes(32, 768, 12, 12)), 224, 0.9, Statistics.Clip),
        Timm("vit_base_patch32_clip_256", 87_861_248, Pre(Sizes(32, 768, 12, 12)), 256, 1, Statistics.Clip, classes: 512),
        Timm("vit_base_patch32_clip_384", 88_297_960, Pre(Sizes(32, 768, 12, 12)), 384, 1, Statistics.Clip),
        Timm("vit_base_patch32_clip_448", 88_337_896, Pre(Sizes(32, 768, 12, 12)), 448, 1, Statistics.Clip),
        Timm("vit_base_patch16_clip_224", 86_568_424, Pre(Sizes(16, 768, 12, 12)), 224, 0.95, Statistics.Clip),
        Timm("vit_base_patch16_clip_384", 86_860_264, Pre(Sizes(16, 768, 12, 12)),
            384, 1, Statistics.Clip, mode: ResizeMode.Exact),
        Timm("vit_base_patch16_plus_clip_240", 117_214_464, Pre(Sizes(16, 896, 12, 14)), 240, 1, Statistics.Clip, classes: 640),
        Timm("vit_large_patch14_clip_224", 304_204_776, Pre(Sizes(14, 1024, 24, 16)), 224, 1),
        Timm("vit_large_patch14_clip_336", 304_532_456, Pre(Sizes(14, 1024, 24, 16)), 336, 1, mode: ResizeMode.Exact),
        Timm("vit_huge_patch14_clip_224", 632_047_080, Pre(Sizes(14, 1280, 32, 16)), 224, 1, Statistics.Clip),
        Timm("vit_huge_patch14_clip_336", 632_456_680, Pre(Sizes(14, 1280, 32, 16)),
            336, 1, Statistics.Clip, mode: ResizeMode.Exact),
        Timm("vit_huge_patch14_clip_378", 632_683_264, Pre(Sizes(14, 1280, 32, 16)), 378, 1, Statistics.Clip, classes: 1024),
        Timm("vit_giant_patch14_clip_224", 1_012_646_656, Pre(Sizes(14, 1408, 40, 16, 6144)),
            224, 1, Statistics.Clip, classes: 1024),
        Timm("vit_gigantic_patch14_clip_224", 1_844_908_544, Pre(Sizes(14, 1664, 48, 16, 8192)),
            224, 1, Statistics.Clip, classes: 1280),
        Timm("vit_gigantic_patch14_clip_378", 1_845_695_616, Pre(Sizes(14, 1664, 48, 16, 8192)),
            378, 1, Statistics.Clip, classes: 1280, mode: ResizeMode.Exact),
        Timm("vit_base_patch32_clip_quickgelu_224", 87_849_728, Quick(Sizes(32, 768, 12, 12)),
            224, 0.9, Statistics.Clip, classes: 512),
        Timm("vit_base_patch16_clip_quickgelu_224", 86_193_152, Quick(Sizes(16, 768, 12, 12)),
            224, 0.9, Statistics.Clip, classes: 512),
        Timm("vit_large_patch14_clip_quickgelu_224", 303_966_976, Quick(Sizes(14, 1024, 24, 16)),
            224, 1, Statistics.Clip, classes: 768),
        Timm("vit_large_patch14_clip_quickgelu_336", 304_294_656, Quick(Sizes(14, 1024, 24, 16)),
            336, 1, Statistics.Clip, classes: 768),
        Timm("vit_huge_patch14_clip_quickgelu_224", 632_077_824, Quick(Sizes(14, 1280, 32, 16)),
            224, 1, Statistics.Clip, classes: 1024),
        Timm("vit_huge_patch14_clip_quickgelu_378", 632_683_264, Quick(Sizes(14, 1280, 32, 16)),
            378, 1, Statistics.Clip, classes: 1024),
        Timm("vit_gigantic_patch14_clip_quickgelu_224", 1_844_908_544, Quick(Sizes(14, 1664, 48, 16, 8192)),
            224, 1, Statistics.Clip, classes: 1280),
        HuggingFace("clip-vit-base-patch32", 87_849_216, Own(Sizes(32, 768, 12, 12)), 224, "{}", classes: 512),
        HuggingFace("clip-vit-base-patch16", 86_192_640, Own(Sizes(16, 768, 12, 12)), 224, "{}", classes: 512),
        HuggingFace("clip-vit-large-patch14", 303_966_208, Own(Sizes(14, 1024, 24, 16)), 224, "{}", classes: 768),
        HuggingFace("clip-vit-large-patch14-336", 304_293_888, Own(Sizes(14, 1024, 24, 16)),
            336, """{"size": 336, "crop_size": 336}""", classes: 768),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <summary>A norm before the blocks.</summary>
    static Config Pre(Config plain) => plain with { FirstNorm = true, PatchBias = false, Eps = 1e-5 };

    static Config Quick(Config plain) => Pre(plain) with { Activation = ActivationKind.QuickGelu };

    static Config Own(Config plain) => Quick(plain) with { Projection = true };
}
