using Graft.Imaging;

namespace Graft.Models.Classification;

public sealed partial class RegNet
{
    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("regnet_x_400mf", 5_495_976, X(new(22, 24, 24.48, 2.54, 16, AtLeast: true))),
        TorchVision("regnet_x_800mf", 7_259_656, X(new(16, 56, 35.73, 2.28, 16, AtLeast: true))),
        TorchVision("regnet_x_1_6gf", 9_190_136, X(new(18, 80, 34.01, 2.25, 24, AtLeast: true))),
        TorchVision("regnet_x_3_2gf", 15_296_552, X(new(25, 88, 26.31, 2.25, 48, AtLeast: true))),
        TorchVision("regnet_x_8gf", 39_572_648, X(new(23, 80, 49.56, 2.88, 120, AtLeast: true))),
        TorchVision("regnet_x_16gf", 54_278_536, X(new(22, 216, 55.59, 2.1, 128, AtLeast: true))),
        TorchVision("regnet_x_32gf", 107_811_560, X(new(23, 320, 69.86, 2, 168, AtLeast: true))),
        TorchVision("regnet_y_400mf", 4_344_144, Y(new(16, 48, 27.89, 2.09, 8, AtLeast: true))),
        TorchVision("regnet_y_800mf", 6_432_512, Y(new(14, 56, 38.84, 2.4, 16, AtLeast: true))),
        TorchVision("regnet_y_1_6gf", 11_202_430, Y(new(27, 48, 20.71, 2.65, 24, AtLeast: true))),
        TorchVision("regnet_y_3_2gf", 19_436_338, Y(new(21, 80, 42.63, 2.66, 24, AtLeast: true))),
        TorchVision("regnet_y_8gf", 39_381_472, Y(new(17, 192, 76.82, 2.19, 56, AtLeast: true))),
        TorchVision("regnet_y_16gf", 83_590_140, Y(new(18, 200, 106.23, 2.48, 112, AtLeast: true))),
        TorchVision("regnet_y_32gf", 145_046_770, Y(new(20, 232, 115.89, 2.53, 232, AtLeast: true))),
        TorchVision("regnet_y_128gf", 644_812_894, Y(new(27, 456, 160.83, 2.52, 264, AtLeast: true))),

        Timm("regnetx_002", 2_684_792, X(new(13, 24, 36.44, 2.49, 8))),
        Timm("regnetx_004", 5_157_512, X(new(22, 24, 24.48, 2.54, 16))),
        Timm("regnetx_004_tv", 5_495_976, X(new(22, 24, 24.48, 2.54, 16, AtLeast: true))),
        Timm("regnetx_006", 6_196_040, X(new(16, 48, 36.97, 2.24, 24))),
        Timm("regnetx_008", 7_259_656, X(new(16, 56, 35.73, 2.28, 16))),
        Timm("regnetx_016", 9_190_136, X(new(18, 80, 34.01, 2.25, 24))),
        Timm("regnetx_032", 15_296_552, X(new(25, 88, 26.31, 2.25, 48))),
        Timm("regnetx_040", 22_118_248, X(new(23, 96, 38.65, 2.43, 40))),
        Timm("regnetx_064", 26_209_256, X(new(17, 184, 60.83, 2.07, 56))),
        Timm("regnetx_080", 39_572_648, X(new(23, 80, 49.56, 2.88, 120))),
        Timm("regnetx_120", 46_106_056, X(new(19, 168, 73.36, 2.37, 112))),
        Timm("regnetx_160", 54_278_536, X(new(22, 216, 55.59, 2.1, 128))),
        Timm("regnetx_320", 107_811_560, X(new(23, 320, 69.86, 2, 168))),
        Timm("regnety_002", 3_162_996, Y(new(13, 24, 36.44, 2.49, 8))),
        Timm("regnety_004", 4_344_144, Y(new(16, 48, 27.89, 2.09, 8))),
        Timm("regnety_006", 6_055_160, Y(new(15, 48, 32.54, 2.32, 16))),
        Timm("regnety_008", 6_263_168, Y(new(14, 56, 38.84, 2.4, 16))),
        Timm("regnety_008_tv", 6_432_512, Y(new(14, 56, 38.84, 2.4, 16, AtLeast: true))),
        Timm("regnety_016", 11_202_430, Y(new(27, 48, 20.71, 2.65, 24))),
        Timm("regnety_032", 19_436_338, Y(new(21, 80, 42.63, 2.66, 24))),
        Timm("regnety_040", 20_646_656, Y(new(22, 96, 31.41, 2.24, 64))),
        Timm("regnety_064", 30_583_252, Y(new(25, 112, 33.22, 2.27, 72))),
        Timm("regnety_080", 39_180_068, Y(new(17, 192, 76.82, 2.19, 56))),
        Timm("regnety_080_tv", 39_381_472, Y(new(17, 192, 76.82, 2.19, 56, AtLeast: true))),
        Timm("regnety_120", 51_822_544, Y(new(19, 168, 73.36, 2.37, 112))),
        Timm("regnety_160", 83_590_140, Y(new(18, 200, 106.23, 2.48, 112))),
        Timm("regnety_320", 145_046_770, Y(new(20, 232, 115.89, 2.53, 232))),
        Timm("regnety_640", 281_378_786, Y(new(20, 352, 147.48, 2.4, 328))),
        Timm("regnety_1280", 644_812_894, Y(new(27, 456, 160.83, 2.52, 264))),
        Timm("regnety_2560", 1_282_601_138, Y(new(27, 640, 230.83, 2.53, 373))),

        HuggingFace("regnet-x-002", 2_684_792, X(new(13, 24, 36.44, 2.49, 8))),
        HuggingFace("regnet-x-004", 5_157_512, X(new(22, 24, 24.48, 2.54, 16))),
        HuggingFace("regnet-x-006", 6_196_040, X(new(16, 48, 36.97, 2.24, 24))),
        HuggingFace("regnet-x-008", 7_259_656, X(new(16, 56, 35.73, 2.28, 16))),
        HuggingFace("regnet-x-016", 9_190_136, X(new(18, 80, 34.01, 2.25, 24))),
        HuggingFace("regnet-x-032", 15_296_552, X(new(25, 88, 26.31, 2.25, 48))),
        HuggingFace("regnet-x-040", 22_118_248, X(new(23, 96, 38.65, 2.43, 40))),
        HuggingFace("regnet-x-064", 26_209_256, X(new(17, 184, 60.83, 2.07, 56))),
        HuggingFace("regnet-x-080", 39_572_648, X(new(23, 80, 49.56, 2.88, 120))),
        HuggingFace("regnet-x-120", 46_106_056, X(new(19, 168, 73.36, 2.37, 112))),
        HuggingFace("regnet-x-160", 54_278_536, X(new(22, 216, 55.59, 2.1, 128))),
        HuggingFace("regnet-x-320", 107_811_560, X(new(23, 320, 69.86, 2, 168))),
        HuggingFace("regnet-y-002", 3_162_996, Y(new(13, 24, 36.44, 2.49, 8))),
        HuggingFace("regnet-y-004", 4_344_144, Y(new(16, 48, 27.89, 2.09, 8))),
        HuggingFace("regnet-y-006", 6_055_160, Y(new(15, 48, 32.54, 2.32, 16))),
        HuggingFace("regnet-y-008", 6_263_168, Y(new(14, 56, 38.84, 2.4, 16))),
        HuggingFace("regnet-y-016", 11_202_430, Y(new(27, 48, 20.71, 2.65, 24))),
        HuggingFace("regnet-y-032", 19_436_338, Y(new(21, 80, 42.63, 2.66, 24))),
        HuggingFace("regnet-y-040", 20_646_656, Y(new(22, 96, 31.41, 2.24, 64))),
        HuggingFace("regnet-y-064", 30_583_252, Y(new(25, 112, 33.22, 2.27, 72))),
        HuggingFace("regnet-y-080", 39_180_068, Y(new(17, 192, 76.82, 2.19, 56))),
        HuggingFace("regnet-y-120", 51_822_544, Y(new(19, 168, 73.36, 2.37, 112))),
        HuggingFace("regnet-y-160", 83_590_140, Y(new(18, 200, 106.23, 2.48, 112))),
        HuggingFace("regnet-y-320", 145_046_770, Y(new(20, 232, 115.89, 2.53, 232))),
        HuggingFace("regnet-y-640-seer-in1k", 281_378_786, Y(new(20, 352, 147.48, 2.4, 328))),
        HuggingFace("regnet-y-320-seer-in1k", 145_046_770, Y(new(20, 232, 115.89, 2.53, 232))),
        HuggingFace("regnet-y-1280-seer-in1k", 644_812_894, Y(new(27, 456, 160.83, 2.52, 264))),
    ];

    IReadOnlyList<ModelVariant>? variants;

    static Func<Config> X(WidthLine line) => () => line.Stages(new Config { Depths = [], Widths = [], Groups = [] });

    static Func<Config> Y(WidthLine line) => () => X(line)() with { Squeeze = 0.25 };

    /// <summary>The largest has no weights but those trained on larger images.</summary>
    ModelVariant TorchVision(string name, long parameters, Func<Config> config) =>
        new(Origin.TorchVision, name, this, parameters, config, () => name == "regnet_y_128gf"
            ? Preprocess.TorchVision(384, 384, Interpolation.Bicubic) : Preprocess.TorchVision(224, 256));

    ModelVariant Timm(string name, long parameters, Func<Config> config) => new(
        Origin.Timm, name, this, parameters, config,
        () => Preprocess.TorchVision(224, 256, Interpolation.Bicubic));

    ModelVariant HuggingFace(string name, long parameters, Func<Config> config) =>
        new(Origin.HuggingFace, name, this, parameters, config, () => Preprocess.FromHuggingFace(
            """
            {"image_processor_type":"ConvNextImageProcessor","size":{"shortest_edge":224},"crop_pct":0.875,"resample":3,
            "image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
            """));
}
