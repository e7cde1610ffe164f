using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class DinoV2
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Timm("vit_small_patch14_dinov2", 22_056_192, Scaled(Sizes(14, 384, 12, 6)), 518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_base_patch14_dinov2", 86_579_712, Scaled(Sizes(14, 768, 12, 12)), 518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_large_patch14_dinov2", 304_367_616, Scaled(Sizes(14, 1024, 24, 16)), 518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_giant_patch14_dinov2", 1_136_479_232, Gated(Sizes(14, 1536, 40, 24, 4096)),
            518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_small_patch14_reg4_dinov2", 22_057_344, Registered(Sizes(14, 384, 12, 6)),
            518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_base_patch14_reg4_dinov2", 86_582_016, Registered(Sizes(14, 768, 12, 12)),
            518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_large_patch14_reg4_dinov2", 304_370_688, Registered(Sizes(14, 1024, 24, 16)),
            518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_giant_patch14_reg4_dinov2", 1_136_483_840, Registered(Gated(Sizes(14, 1536, 40, 24, 4096))),
            518, 1, Statistics.ImageNet, classes: 0),
        Timm("vit_base_patch14_reg1_tipsv2", 86_314_752, Registered(Sizes(14, 768, 12, 12), 1),
            448, 1, Statistics.None, classes: 0),
        Timm("vit_large_patch14_reg1_tipsv2", 304_014_336, Registered(Sizes(14, 1024, 24, 16), 1),
            448, 1, Statistics.None, classes: 0),
        Timm("vit_so400m_patch14_reg1_tipsv2", 413_391_600, Registered(Sizes(14, 1152, 27, 16, 4304), 1),
            448, 1, Statistics.None, classes: 0),
        Timm("vit_giant_patch14_reg1_tipsv2", 1_135_949_312, Registered(Gated(Sizes(14, 1536, 40, 24, 4096)), 1),
            448, 1, Statistics.None, classes: 0),
        HuggingFace("dinov2-small", 22_056_192, Own(Sizes(14, 384, 12, 6)), 518, processor, classes: 0),
        HuggingFace("dinov2-base", 86_579_712, Own(Sizes(14, 768, 12, 12)), 518, processor, classes: 0),
        HuggingFace("dinov2-large", 304_367_616, Own(Sizes(14, 1024, 24, 16)), 518, processor, classes: 0),
        HuggingFace("dinov2-giant", 1_136_479_232, Own(Gated(Sizes(14, 1536, 40, 24, 4096))), 518, processor, classes: 0),
        HuggingFace("dinov2-small-imagenet1k-1-layer", 22_825_192, Own(Sizes(14, 384, 12, 6)), 518, processor),
        HuggingFace("dinov2-base-imagenet1k-1-layer", 88_116_712, Own(Sizes(14, 768, 12, 12)), 518, processor),
        HuggingFace("dinov2-large-imagenet1k-1-layer", 306_416_616, Own(Sizes(14, 1024, 24, 16)), 518, processor),
        HuggingFace("dinov2-giant-imagenet1k-1-layer", 1_139_552_232, Own(Gated(Sizes(14, 1536, 40, 24, 4096))), 518, processor),
        HuggingFace("dinov2-with-registers-small", 22_057_728, OwnRegistered(Sizes(14, 384, 12, 6)), 518, processor, classes: 0),
        HuggingFace("dinov2-with-registers-base", 86_582_784, OwnRegistered(Sizes(14, 768, 12, 12)), 518, processor, classes: 0),
        HuggingFace("dinov2-with-registers-large", 304_371_712, OwnRegistered(Sizes(14, 1024, 24, 16)),
            518, processor, classes: 0),
        HuggingFace("dinov2-with-registers-giant", 1_136_485_376,
            OwnRegistered(Gated(Sizes(14, 1536, 40, 24, 4096))), 518, processor, classes: 0),
        HuggingFace("dinov2-with-registers-small-imagenet1k-1-layer", 22_826_728,
            OwnRegistered(Sizes(14, 384, 12, 6)), 518, processor),
        HuggingFace("dinov2-with-registers-base-imagenet1k-1-layer", 88_119_784,
            OwnRegistered(Sizes(14, 768, 12, 12)), 518, processor),
        HuggingFace("dinov2-with-registers-large-imagenet1k-1-layer", 306_420_712,
            OwnRegistered(Sizes(14, 1024, 24, 16)), 518, processor),
        HuggingFace("dinov2-with-registers-giant-imagenet1k-1-layer", 1_139_558_376,
            OwnRegistered(Gated(Sizes(14, 1536, 40, 24, 4096))), 518, processor),
    ];

    IReadOnlyList<ModelVariant>? variants;

    const string processor = """
        {
          "image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 256}, "crop_size": 224, "resample": 3,
          "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]
        }
        """;

    static Config Scaled(Config plain) => plain with { LayerScale = 1e-5 };

    static Config Gated(Config plain) => Scaled(plain) with
    {
        Gated = true,
        Activation = ActivationKind.Silu,
        Ratio = 2.66667 * 2,
    };

    /// <summary>timm adds the class token's position to the token itself.</summary>
    static Config Registered(Config plain, int registers = 4) =>
        Scaled(plain) with { Registers = registers, Positions = PositionKind.Patches };

    static Config Own(Config plain) => Scaled(plain) with { Pooling = PoolingKind.TokenAndMean };

    static Config OwnRegistered(Config plain) => Own(plain) with
    {
        Registers = 4,
        Positions = PositionKind.ClassAndPatches,
        Resampling = Resampling.BicubicAntialiased,
    };
}
