using System.Text.Json;
using Graft.Formats;
using Graft.Nn;

namespace Graft.Models.Classification;

/// <summary>
/// The vision transformer: an image is a sentence of patches. Dosovitskiy et al. 2020, "An Image is Worth 16x16 Words",
/// arXiv:2010.11929; Ti and S are of Touvron et al. 2020, arXiv:2012.12877, g and G of Zhai et al. 2021, arXiv:2106.04560. Flax's
/// checkpoints come under Hugging Face's names.
/// </summary>
public sealed partial class ViT : VisionTransformer
{
    /// <inheritdoc/>
    public override string Name => "vit";

    internal override string HuggingFaceType => "vit";
    internal override string HuggingFaceClass => "ViTForImageClassification";
    internal override string HuggingFacePrefix => "vit.";

    internal override ModelConfig FromHuggingFace(ConfigReader config) => FromHuggingFace(config, patch: 16, eps: 1e-12);

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (!its.ClassToken || its.DistillationToken || its.Registers > 0 || its.Positions != PositionKind.All ||
            its.Relative != RelativeKind.None || its.LayerScale is not null || its.Gated || its.FirstNorm || !its.PatchBias ||
            its.LastNorm != LastNormKind.BeforePool || its.Pooling != PoolingKind.Token || !WriteHuggingFace(its, writer))
            return false;
        writer.WriteNumber("intermediate_size", its.Hidden);
        writer.WriteBoolean("qkv_bias", its.Bias == AttentionBias.All);
        return true;
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        Config huggingFace = Probe with { Eps = 1e-12, HeadStart = HeadStart.TruncatedNormal };
        foreach ((Origin origin, Config probe) in (ReadOnlySpan<(Origin, Config)>)
        [
            (Origin.Timm, Probe with { Resampling = Resampling.BicubicAntialiased }),
            (Origin.TorchVision, Probe with { Resampling = Resampling.BicubicAligned }),
            (Origin.HuggingFace, huggingFace),
        ])
            if (Sizes(tensors, origin, probe, ["", HuggingFacePrefix]) is { } seen)
                return new Recognition(this, origin, Named(origin, seen));
        return null;
    }
}
