using Graft.Imaging;

namespace Graft.Models.Classification;

public sealed partial class Swin
{
    static readonly int[] depthTiny = [2, 2, 6, 2], depthSmall = [2, 2, 18, 2];
    static readonly int[] noPretrained = [];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("swin_t", 28_288_354, Sizes(depthTiny, 96, 7), 0.2, 232),
        TorchVision("swin_s", 49_606_258, Sizes(depthSmall, 96, 7), 0.3, 246),
        TorchVision("swin_b", 87_768_224, Sizes(depthSmall, 128, 7), 0.5, 238),
        TorchVision("swin_v2_t", 28_351_570, V2(depthTiny, 96, 8), 0.2, 260),
        TorchVision("swin_v2_s", 49_737_442, V2(depthSmall, 96, 8), 0.3, 260),
        TorchVision("swin_v2_b", 87_930_848, V2(depthSmall, 128, 8), 0.5, 272),

        Timm("swin_tiny_patch4_window7_224", 28_288_354, Sizes(depthTiny, 96, 7)),
        Timm("swin_small_patch4_window7_224", 49_606_258, Sizes(depthSmall, 96, 7)),
        Timm("swin_base_patch4_window7_224", 87_768_224, Sizes(depthSmall, 128, 7)),
        Timm("swin_base_patch4_window12_384", 87_903_584, Sizes(depthSmall, 128, 12, 384)),
        Timm("swin_large_patch4_window7_224", 196_532_476, Sizes(depthSmall, 192, 7)),
        Timm("swin_large_patch4_window12_384", 196_735_516, Sizes(depthSmall, 192, 12, 384)),
        Timm("swin_s3_tiny_224", 28_328_674, S3(depthTiny, [7, 7, 14, 7])),
        Timm("swin_s3_small_224", 49_737_298, S3(depthSmall, [14, 14, 14, 7])),
        Timm("swin_s3_base_224", 71_125_762, S3([2, 2, 30, 2], [7, 7, 14, 7])),
        Timm("swinv2_tiny_window8_256", 28_347_154, V2(depthTiny, 96, 8)),
        Timm("swinv2_tiny_window16_256", 28_347_154, V2(depthTiny, 96, 16)),
        Timm("swinv2_small_window8_256", 49_728_418, V2(depthSmall, 96, 8)),
        Timm("swinv2_small_window16_256", 49_728_418, V2(depthSmall, 96, 16)),
        Timm("swinv2_base_window8_256", 87_918_816, V2(depthSmall, 128, 8)),
        Timm("swinv2_base_window16_256", 87_918_816, V2(depthSmall, 128, 16)),
        Timm("swinv2_base_window12_192", 109_280_841, V2(depthSmall, 128, 12, 192, classes: 21841)),
        Timm("swinv2_base_window12to16_192to256", 87_918_816, V2(depthSmall, 128, 16, 256, 12)),
        Timm("swinv2_base_window12to24_192to384", 87_918_816, V2(depthSmall, 128, 24, 384, 12)),
        Timm("swinv2_large_window12_192", 228_772_549, V2(depthSmall, 192, 12, 192, classes: 21841)),
        Timm("swinv2_large_window12to16_192to256", 196_739_932, V2(depthSmall, 192, 16, 256, 12)),
        Timm("swinv2_large_window12to24_192to384", 196_739_932, V2(depthSmall, 192, 24, 384, 12)),

        HuggingFace("swin-tiny-patch4-window7-224", 28_288_354, Sizes(depthTiny, 96, 7)),
        HuggingFace("swin-small-patch4-window7-224", 49_606_258, Sizes(depthSmall, 96, 7)),
        HuggingFace("swin-base-patch4-window7-224", 87_768_224, Sizes(depthSmall, 128, 7)),
        HuggingFace("swin-base-patch4-window7-224-in22k", 109_130_249, Sizes(depthSmall, 128, 7, classes: 21841)),
        HuggingFace("swin-base-patch4-window12-384", 87_903_584, Sizes(depthSmall, 128, 12, 384)),
        HuggingFace("swin-base-patch4-window12-384-in22k", 109_265_609, Sizes(depthSmall, 128, 12, 384, 21841)),
        HuggingFace("swin-large-patch4-window7-224", 196_532_476, Sizes(depthSmall, 192, 7)),
        HuggingFace("swin-large-patch4-window7-224-in22k", 228_565_093, Sizes(depthSmall, 192, 7, classes: 21841)),
        HuggingFace("swin-large-patch4-window12-384", 196_735_516, Sizes(depthSmall, 192, 12, 384)),
        HuggingFace("swin-large-patch4-window12-384-in22k", 228_768_133, Sizes(depthSmall, 192, 12, 384, 21841)),
        HuggingFace("swinv2-tiny-patch4-window8-256", 28_347_154, V2(depthTiny, 96, 8)),
        HuggingFace("swinv2-tiny-patch4-window16-256", 28_347_154, V2(depthTiny, 96, 16)),
        HuggingFace("swinv2-small-patch4-window8-256", 49_728_418, V2(depthSmall, 96, 8)),
        HuggingFace("swinv2-small-patch4-window16-256", 49_728_418, V2(depthSmall, 96, 16)),
        HuggingFace("swinv2-base-patch4-window8-256", 87_918_816, V2(depthSmall, 128, 8)),
        HuggingFace("swinv2-base-patch4-window16-256", 87_918_816, V2(depthSmall, 128, 16)),
        HuggingFace("swinv2-base-patch4-window12-192-22k", 109_280_841, V2(depthSmall, 128, 12, 192, classes: 21841)),
        HuggingFace("swinv2-base-patch4-window12to16-192to256-22kto1k-ft", 87_918_816, V2(depthSmall, 128, 16, 256, 12)),
        HuggingFace("swinv2-base-patch4-window12to24-192to384-22kto1k-ft", 87_918_816, V2(depthSmall, 128, 24, 384, 12)),
        HuggingFace("swinv2-large-patch4-window12-192-22k", 228_772_549, V2(depthSmall, 192, 12, 192, classes: 21841)),
        HuggingFace("swinv2-large-patch4-window12to16-192to256-22kto1k-ft", 196_739_932, V2(depthSmall, 192, 16, 256, 12)),
        HuggingFace("swinv2-large-patch4-window12to24-192to384-22kto1k-ft", 196_739_932, V2(depthSmall, 192, 24, 384, 12)),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <summary>The paper's sizes: heads of 32 channels.</summary>
    static Func<Config> Sizes(int[] depths, int width, int window, int size = 224, int classes = 1000) => () => new Config
    {
        Depths = depths,
        Heads = [width / 32, width / 16, width / 8, width / 4],
        Width = width,
        Windows = PerStage(window, 4),
        ImageSize = [size, size],
        DropPath = 0.1,
        HeadStart = HeadStart.TruncatedNormal,
        Classes = classes,
    };

    static Func<Config> S3(int[] depths, int[] windows) => () => Sizes(depths, 96, 7)() with { Windows = windows };

    /// <param name="depths">blocks</param>
    /// <param name="width">channels of the first stage</param>
    /// <param name="window">sides of the windows</param>
    /// <param name="size">sides of the images</param>
    /// <param name="pretrained">sides of the windows that it has learned with; the last stage's half of it; 0: its own</param>
    /// <param name="classes">K</param>
    static Func<Config> V2(int[] depths, int width, int window, int size = 256, int pretrained = 0, int classes = 1000) =>
        () => Sizes(depths, width, window, size, classes)() with
        {
            V2 = true,
            PretrainedWindows = pretrained > 0 ? [pretrained, pretrained, pretrained, pretrained / 2] : noPretrained,
        };

    ModelVariant TorchVision(string name, long parameters, Func<Config> config, double dropPath, int resize) =>
        new(Origin.TorchVision, name, this, parameters,
            () => config() with { DropPath = dropPath, Rule = WindowRule.TorchVision },
            () => Preprocess.TorchVision(config().ImageSize[0], resize, Interpolation.Bicubic));

    ModelVariant Timm(string name, long parameters, Func<Config> config) => new(Origin.Timm, name, this, parameters, config, () =>
    {
        int size = config().ImageSize[0];
        return Preprocess.TorchVision(size, size == 384 ? size : (int)Math.Floor(size / 0.9), Interpolation.Bicubic);
    });

    ModelVariant HuggingFace(string name, long parameters, Func<Config> config) =>
        new(Origin.HuggingFace, name, this, parameters,
            () =>
            {
                Config its = config();
                return its with { Rule = its.V2 ? WindowRule.HuggingFaceV2 : WindowRule.HuggingFace };
            },
            () => Preprocess.FromHuggingFace(
                $$$"""
                {"image_processor_type":"ViTImageProcessor","size":{{{config().ImageSize[0]}}},"resample":3,
                "image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
                """, "swin"));
}
