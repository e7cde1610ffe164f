using Graft.Imaging;

namespace Graft.Models.Classification;

public sealed partial class MobileNetV2
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        new(Origin.TorchVision, "mobilenet_v2", this, 3_504_872,
            () => Scaled(1) with { HeadStart = HeadStart.Normal, Dropout = 0.2 }, () => Preprocess.TorchVision()),
        Timm("mobilenetv2_035", 1_677_128, 0.35),
        Timm("mobilenetv2_050", 1_968_680, 0.5),
        Timm("mobilenetv2_075", 2_636_424, 0.75),
        Timm("mobilenetv2_100", 3_504_872, 1),
        Timm("mobilenetv2_110d", 4_516_520, 1.1, [1, 3, 4, 5, 4, 4, 1]),
        Timm("mobilenetv2_120d", 5_831_144, 1.2, [1, 3, 5, 6, 5, 5, 1]),
        Timm("mobilenetv2_140", 6_108_776, 1.4),
        HuggingFace("mobilenet_v2_0.35_96", 1_678_409, 0.35, 96),
        HuggingFace("mobilenet_v2_0.75_160", 2_637_705, 0.75, 160),
        HuggingFace("mobilenet_v2_1.0_224", 3_506_153, 1, 224),
        HuggingFace("mobilenet_v2_1.4_224", 6_110_569, 1.4, 224),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <summary>The "d" variants are deeper, and keep the first and last convolutions as they are at width 1.</summary>
    ModelVariant Timm(string name, long parameters, double width, int[]? depths = null) =>
        new(Origin.Timm, name, this, parameters,
            () => depths is null ? Scaled(width) : Scaled(width, fixEnds: true) with { Depths = depths },
            () => Preprocess.ImageNet(224, Interpolation.Bicubic));

    /// <summary>The first of their 1001 classes is the background.</summary>
    ModelVariant HuggingFace(string name, long parameters, double width, int size) =>
        new(Origin.HuggingFace, name, this, parameters,
            () => HuggingFaceScaled(width, 8, 8, fine: true) with
            {
                Classes = 1001,
                SamePadding = true,
                Eps = 1e-3,
                Dropout = 0.8,
                HeadStart = HeadStart.TruncatedNormal,
            },
            () => Preprocess.FromHuggingFace(
                $$$"""
                {"image_processor_type":"MobileNetV2ImageProcessor","size":{"shortest_edge":{{{(int)(size / 0.875)}}}},
                "crop_size":{"height":{{{size}}},"width":{{{size}}}},"resample":2,
                "image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5]}
                """));
}
