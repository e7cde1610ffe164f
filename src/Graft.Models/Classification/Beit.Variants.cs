using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class Beit
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Timm("beit_base_patch16_224", 86_530_984, Relative(Sizes(16, 768, 12, 12)), 224, 0.9),
        Timm("beit_base_patch16_384", 86_744_104, Relative(Sizes(16, 768, 12, 12)), 384, 1),
        Timm("beit_large_patch16_224", 304_430_568, Relative(Sizes(16, 1024, 24, 16)), 224, 0.9),
        Timm("beit_large_patch16_384", 304_998_888, Relative(Sizes(16, 1024, 24, 16)), 384, 1),
        Timm("beit_large_patch16_512", 305_674_728, Relative(Sizes(16, 1024, 24, 16)), 512, 1),
        Timm("beitv2_base_patch16_224", 86_530_984, Relative(Sizes(16, 768, 12, 12)), 224, 0.9, Statistics.ImageNet),
        Timm("beitv2_large_patch16_224", 304_430_568, Relative(Sizes(16, 1024, 24, 16)), 224, 0.95, Statistics.ImageNet),
        HuggingFace("beit-base-patch16-224", 86_530_984, Own(Sizes(16, 768, 12, 12)), 224, Processor(224)),
        HuggingFace("beit-base-patch16-384", 86_744_104, Own(Sizes(16, 768, 12, 12)), 384, Processor(384)),
        HuggingFace("beit-large-patch16-224", 304_430_568, Own(Sizes(16, 1024, 24, 16)), 224, Processor(224)),
        HuggingFace("beit-large-patch16-384", 304_998_888, Own(Sizes(16, 1024, 24, 16)), 384, Processor(384)),
        HuggingFace("beit-large-patch16-512", 305_674_728, Own(Sizes(16, 1024, 24, 16)), 512, Processor(512)),
        HuggingFace("beit-base-patch16-224-pt22k-ft22k", 102_557_713, Own(Sizes(16, 768, 12, 12)),
            224, Processor(224), classes: 21841),
        HuggingFace("beit-large-patch16-224-pt22k-ft22k", 325_792_593, Own(Sizes(16, 1024, 24, 16)),
            224, Processor(224), classes: 21841),
    ];

    IReadOnlyList<ModelVariant>? variants;

    static Config Relative(Config plain) => plain with
    {
        Bias = AttentionBias.NotKeys,
        LayerScale = 0.1,
        Positions = PositionKind.None,
        Relative = RelativeKind.PerBlock,
        Pooling = PoolingKind.Average,
        LastNorm = LastNormKind.AfterPool,
    };

    static Config Own(Config plain) => Relative(plain) with { Eps = 1e-12, DropPath = 0.1 };

    static string Processor(int size) => $$"""{"size": {{size}}, "do_center_crop": false, "resample": 2}""";
}
