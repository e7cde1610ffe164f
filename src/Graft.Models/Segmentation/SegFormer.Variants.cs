using Graft.Imaging;

namespace Graft.Models.Segmentation;

public sealed partial class SegFormer
{
    /// <summary>b0 to b5: blocks, channels of the first stage, channels of the decoder.</summary>
    static readonly (int[] Depths, int[] Widths, int Decoder)[] sizes =
    [
        ([2, 2, 2, 2], [32, 64, 160, 256], 256),
        ([2, 2, 2, 2], [64, 128, 320, 512], 256),
        ([3, 4, 6, 3], [64, 128, 320, 512], 768),
        ([3, 4, 18, 3], [64, 128, 320, 512], 768),
        ([3, 8, 27, 3], [64, 128, 320, 512], 768),
        ([3, 6, 40, 3], [64, 128, 320, 512], 768),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Classifier(0, 3_576_392), Classifier(1, 13_664_424), Classifier(2, 24_709_288), Classifier(3, 44_585_128),
        Classifier(4, 61_355_688), Classifier(5, 81_956_008),

        // 150 classes of ADE20K, without the background
        Ade(0, 3_752_694), Ade(1, 13_715_798), Ade(2, 27_461_974), Ade(3, 47_337_814), Ade(4, 64_108_374),
        Ade(5, 84_708_694, 640),

        Cityscapes(0, 3_719_027), Cityscapes(1, 13_682_131), Cityscapes(2, 27_361_235), Cityscapes(3, 47_237_075),
        Cityscapes(4, 64_007_635), Cityscapes(5, 84_607_955),
    ];

    IReadOnlyList<ModelVariant>? variants;

    ModelVariant Classifier(int size, long parameters) => Of(size, $"mit-b{size}", parameters, decodes: false, 1000, 512);

    ModelVariant Ade(int size, long parameters, int side = 512) =>
        Of(size, $"segformer-b{size}-finetuned-ade-{side}-{side}", parameters, decodes: true, 150, side);

    ModelVariant Cityscapes(int size, long parameters) =>
        Of(size, $"segformer-b{size}-finetuned-cityscapes-1024-1024", parameters, decodes: true, 19, 1024);

    ModelVariant Of(int size, string name, long parameters, bool decodes, int classes, int side) => new(
        Origin.HuggingFace, name, this, parameters, () => new Config
        {
            Decodes = decodes,
            Depths = sizes[size].Depths,
            Widths = sizes[size].Widths,
            DecoderWidth = sizes[size].Decoder,
            Dropout = decodes ? DecoderDropout : 0,
            HeadStart = HeadStart.TruncatedNormal,
            Classes = classes,
        }, () => Preprocess.FromHuggingFace($$"""{"size": {{side}}}""", "segformer"));
}
