using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class ViT
{
    /// <summary>
    /// timm's variants that pool all patches: SigLIP's (Zhai et al. 2023, arXiv:2303.15343), and those with registers.
    /// </summary>
    ModelVariant[] Averaging() =>
    [
        Timm("vit_base_patch32_siglip_256", 94_552_320, TanhMap(Sizes(32, 768, 12, 12)), 256, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_224", 92_884_224, Map(Sizes(16, 768, 12, 12)), 224, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_256", 92_930_304, Map(Sizes(16, 768, 12, 12)), 256, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_384", 93_176_064, Map(Sizes(16, 768, 12, 12)), 384, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_512", 93_520_128, Map(Sizes(16, 768, 12, 12)), 512, 0.9, classes: 0),
        Timm("vit_large_patch16_siglip_256", 315_956_224, Map(Sizes(16, 1024, 24, 16)), 256, 0.9, classes: 0),
        Timm("vit_large_patch16_siglip_384", 316_283_904, Map(Sizes(16, 1024, 24, 16)), 384, 0.9, classes: 0),
        Timm("vit_large_patch16_siglip_512", 316_742_656, TanhMap(Sizes(16, 1024, 24, 16)), 512, 0.9, classes: 0),
        Timm("vit_so400m_patch14_siglip_224", 427_680_704, Map(ShapeOptimised(14)), 224, 0.9, classes: 0),
        Timm("vit_so400m_patch14_siglip_378", 428_225_600, Map(ShapeOptimised(14)), 378, 0.9, classes: 0),
        Timm("vit_so400m_patch14_siglip_384", 428_225_600, Map(ShapeOptimised(14)), 384, 0.9, classes: 0),
        Timm("vit_so400m_patch16_siglip_256", 427_888_064, TanhMap(ShapeOptimised(16)), 256, 0.9, classes: 0),
        Timm("vit_so400m_patch16_siglip_384", 428_256_704, TanhMap(ShapeOptimised(16)), 384, 0.9, classes: 0),
        Timm("vit_so400m_patch16_siglip_512", 428_772_800, TanhMap(ShapeOptimised(16)), 512, 0.9, classes: 0),
        Timm("vit_giantopt_patch16_siglip_256", 1_163_168_256, TanhMap(Sizes(16, 1536, 40, 16)), 256, 0.9, classes: 0),
        Timm("vit_giantopt_patch16_siglip_384", 1_163_659_776, TanhMap(Sizes(16, 1536, 40, 16)), 384, 0.9, classes: 0),
        Timm("vit_base_patch32_siglip_gap_256", 87_465_216, TanhGap(Sizes(32, 768, 12, 12)), 256, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_gap_224", 85_797_120, Gap(Sizes(16, 768, 12, 12)), 224, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_gap_256", 85_843_200, Gap(Sizes(16, 768, 12, 12)), 256, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_gap_384", 86_088_960, Gap(Sizes(16, 768, 12, 12)), 384, 0.9, classes: 0),
        Timm("vit_base_patch16_siglip_gap_512", 86_433_024, Gap(Sizes(16, 768, 12, 12)), 512, 0.9, classes: 0),
        Timm("vit_large_patch16_siglip_gap_256", 303_361_024, Gap(Sizes(16, 1024, 24, 16)), 256, 0.9, classes: 0),
        Timm("vit_large_patch16_siglip_gap_384", 303_688_704, Gap(Sizes(16, 1024, 24, 16)), 384, 0.9, classes: 0),
        Timm("vit_large_patch16_siglip_gap_512", 304_147_456, TanhGap(Sizes(16, 1024, 24, 16)), 512, 0.9, classes: 0),
        Timm("vit_so400m_patch14_siglip_gap_224", 412_442_352, Gap(ShapeOptimised(14)), 224, 0.9, classes: 0),
        Timm("vit_so400m_patch14_siglip_gap_378", 412_987_248, Gap(ShapeOptimised(14)), 378, 1, classes: 0),
        Timm("vit_so400m_patch14_siglip_gap_384", 412_987_248, Gap(ShapeOptimised(14)), 384, 1, classes: 0),
        Timm("vit_so400m_patch14_siglip_gap_448", 413_327_088, Gap(ShapeOptimised(14)), 448, 1, classes: 0),
        Timm("vit_so400m_patch14_siglip_gap_896", 416_866_032, Gap(ShapeOptimised(14)), 896, 1, classes: 0),
        Timm("vit_so400m_patch16_siglip_gap_256", 412_649_712, TanhGap(ShapeOptimised(16)), 256, 0.9, classes: 0),
        Timm("vit_so400m_patch16_siglip_gap_384", 413_018_352, TanhGap(ShapeOptimised(16)), 384, 0.9, classes: 0),
        Timm("vit_so400m_patch16_siglip_gap_512", 413_534_448, TanhGap(ShapeOptimised(16)), 512, 0.9, classes: 0),
        Timm("vit_giantopt_patch16_siglip_gap_256", 1_134_838_272, TanhGap(Sizes(16, 1536, 40, 16)), 256, 0.9, classes: 0),
        Timm("vit_giantopt_patch16_siglip_gap_384", 1_135_329_792, TanhGap(Sizes(16, 1536, 40, 16)), 384, 0.9, classes: 0),

        Timm("vit_wee_patch16_reg1_gap_256", 13_422_568, Registered(Sizes(16, 256, 14, 4, 1280), 1), 256, 0.95),
        Timm("vit_little_patch16_reg1_gap_256", 22_515_048, Registered(Sizes(16, 320, 14, 5, 1792), 1), 256, 0.95),
        Timm("vit_little_patch16_reg4_gap_256", 22_516_008, Registered(Sizes(16, 320, 14, 5, 1792), 4), 256, 0.95),
        Timm("vit_medium_patch16_reg1_gap_256", 38_880_232, Registered(Sizes(16, 512, 12, 8), 1), 256, 0.95),
        Timm("vit_medium_patch16_reg4_gap_256", 38_881_768, Registered(Sizes(16, 512, 12, 8), 4), 256, 0.95),
        Timm("vit_mediumd_patch16_reg4_gap_256", 64_109_032, Registered(Sizes(16, 512, 20, 8), 4), 256, 0.95),
        Timm("vit_mediumd_patch16_reg4_gap_384", 64_272_872, Registered(Sizes(16, 512, 20, 8), 4), 384, 1),
        Timm("vit_betwixt_patch16_reg1_gap_256", 60_396_520, Registered(Sizes(16, 640, 12, 10), 1), 256, 0.95),
        Timm("vit_betwixt_patch16_reg4_gap_256", 60_398_440, Registered(Sizes(16, 640, 12, 10), 4), 256, 0.95),
        Timm("vit_betwixt_patch16_reg4_gap_384", 60_603_240, Registered(Sizes(16, 640, 12, 10), 4), 384, 1),
        Timm("vit_base_patch16_reg4_gap_256", 86_615_272, RegisteredPlain(Sizes(16, 768, 12, 12), 4), 256, 0.9),
        Timm("vit_so150m_patch16_reg4_map_256", 141_481_064, RegisteredMap(Smaller(), 4), 256, 0.9),
        Timm("vit_so150m_patch16_reg4_gap_256", 134_131_560, RegisteredGap(Smaller(), 4), 256, 0.95),
        Timm("vit_so150m_patch16_reg4_gap_384", 134_418_280, RegisteredGap(Smaller(), 4), 384, 1),
        Timm("vit_so150m2_patch16_reg1_gap_256", 136_059_560, RegisteredNoBias(Sizes(16, 832, 21, 13, 2176), 1), 256, 1),
        Timm("vit_so150m2_patch16_reg1_gap_384", 136_325_800, RegisteredNoBias(Sizes(16, 832, 21, 13, 2176), 1), 384, 1),
        Timm("vit_so150m2_patch16_reg1_gap_448", 136_498_856, RegisteredNoBias(Sizes(16, 832, 21, 13, 2176), 1),
            448, 1, mode: ResizeMode.Exact),
    ];

    /// <summary>SoViT-400m. Alabdulmohsin et al. 2023, arXiv:2305.13035.</summary>
    static Config ShapeOptimised(int patch) => Sizes(patch, 1152, 27, 16, 4304) with { Ratio = 3.7362 };

    /// <summary>timm's of 150 million.</summary>
    static Config Smaller() => Sizes(16, 896, 18, 14, 2304) with { Ratio = 2.572 };

    /// <summary>A learned query pools.</summary>
    static Config Map(Config plain) => plain with { ClassToken = false, Pooling = PoolingKind.Attention };

    static Config TanhMap(Config plain) => Map(plain) with { Activation = ActivationKind.GeluTanh };

    static Config TanhGap(Config plain) => Gap(plain) with { Activation = ActivationKind.GeluTanh };

    /// <summary>Registers instead of a class token, without positions; layer scale; the mean is normalised.</summary>
    static Config Registered(Config plain, int registers) => Scaled(RegisteredPlain(plain, registers));

    static Config RegisteredPlain(Config plain, int registers) =>
        Averaged(plain) with { ClassToken = false, Registers = registers, Positions = PositionKind.Patches };

    static Config RegisteredGap(Config plain, int registers) => Gap(plain) with { Registers = registers };

    static Config RegisteredMap(Config plain, int registers) => Map(plain) with { Registers = registers };

    static Config RegisteredNoBias(Config plain, int registers) =>
        Scaled(NoBias(Averaged(plain))) with { ClassToken = false, Registers = registers };
}
