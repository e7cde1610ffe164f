using Graft.Imaging;
using Graft.Models.Classification;

namespace Graft.Models.Segmentation;

public sealed partial class UperNet
{
    const int Ade20kClasses = 150;

    static readonly int[] tiny = [3, 3, 9, 3], deep = [3, 3, 27, 3], swinTiny = [2, 2, 6, 2], swinDeep = [2, 2, 18, 2];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Variant("upernet-convnext-tiny", 60_242_636, OnConvNeXt(tiny, 96)),
        Variant("upernet-convnext-small", 81_877_196, OnConvNeXt(deep, 96)),
        Variant("upernet-convnext-base", 122_102_956, OnConvNeXt(deep, 128)),
        Variant("upernet-convnext-large", 234_994_796, OnConvNeXt(deep, 192)),
        Variant("upernet-convnext-xlarge", 391_140_396, OnConvNeXt(deep, 256)),
        Variant("upernet-swin-tiny", 59_941_862, OnSwin(swinTiny, 96, 7)),
        Variant("upernet-swin-small", 81_259_766, OnSwin(swinDeep, 96, 7)),
        Variant("upernet-swin-base", 121_415_076, OnSwin(swinDeep, 128, 12)),
        Variant("upernet-swin-large", 233_962_976, OnSwin(swinDeep, 192, 12)),
    ];

    IReadOnlyList<ModelVariant>? variants;

    static Func<ModelConfig> OnConvNeXt(int[] depths, int width) => () => new ConvNeXt.Config
    {
        Depths = depths,
        Widths = [width, 2 * width, 4 * width, 8 * width],
        LastEps = 1e-12,
        HeadStart = HeadStart.TruncatedNormal,
    };

    static Func<ModelConfig> OnSwin(int[] depths, int width, int window) => () => AsTrunk(new Swin.Config
    {
        Depths = depths,
        Heads = [width / 32, width / 16, width / 8, width / 4],
        Width = width,
        Windows = [window, window, window, window],
        DropPath = 0.3,
        HeadStart = HeadStart.TruncatedNormal,
    });

    /// <summary>The weights are OpenMMLab's for the 150 classes of ADE20K.</summary>
    ModelVariant Variant(string name, long parameters, Func<ModelConfig> trunk) => new(
        Origin.HuggingFace, name, this, parameters,
        () => new Config
        {
            Trunk = trunk(),
            Classes = Ade20kClasses,
            Auxiliary = true,
            HeadStart = HeadStart.TruncatedNormal,
        },
        () => Preprocess.FromHuggingFace("""
            {"image_processor_type":"SegformerImageProcessor","size":{"height":512,"width":512},"resample":2,
            "image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
            """, "upernet"));
}
