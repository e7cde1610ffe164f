using System.Text.Json;
using Graft.Formats;
using Graft.Nn;

namespace Graft.Models.Classification;

/// <summary>
/// The vision transformer trained on ImageNet alone, with a distillation token that learns from a teacher. Touvron et al. 2020,
/// "Training data-efficient image transformers", arXiv:2012.12877; and without it, with layer scale, Touvron et al. 2022,
/// "DeiT III", arXiv:2204.07118.
/// </summary>
public sealed partial class DeiT : VisionTransformer
{
    const string WithTeacher = "DeiTForImageClassificationWithTeacher";
    static readonly ViT plain = new();

    /// <inheritdoc/>
    public override string Name => "deit";

    internal override string HuggingFaceType => "deit";
    internal override string HuggingFaceClass => "DeiTForImageClassification";
    internal override string HuggingFacePrefix => "deit.";

    /// <summary>Without a distillation token, transformers has it as a ViT.</summary>
    static bool IsPlain(ModelConfig config) => !((Config)config).DistillationToken;

    internal override string HuggingFaceTypeOf(ModelConfig config) => IsPlain(config) ? plain.HuggingFaceType : HuggingFaceType;

    internal override string HuggingFacePrefixOf(ModelConfig config) =>
        IsPlain(config) ? plain.HuggingFacePrefix : HuggingFacePrefix;

    internal override string HuggingFaceClassOf(ModelConfig config) => IsPlain(config) ? plain.HuggingFaceClass
        : ((Config)config).Pooling == PoolingKind.Distilled ? WithTeacher : HuggingFaceClass;

    /// <summary>The class with the teacher has two heads and averages them; the plain one has the class token's only.</summary>
    internal override ModelConfig FromHuggingFace(ConfigReader config) => FromHuggingFace(config, patch: 16, eps: 1e-12) with
    {
        DistillationToken = true,
        Pooling = ClassIn(config) == WithTeacher ? PoolingKind.Distilled : PoolingKind.Token,
    };

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (IsPlain(its)) return plain.ToHuggingFace(its, writer);
        if (!its.ClassToken || !its.DistillationToken || its.Registers > 0 || its.Positions != PositionKind.All ||
            its.Relative != RelativeKind.None || its.LayerScale is not null || its.Gated || its.FirstNorm || !its.PatchBias ||
            its.LastNorm != LastNormKind.BeforePool || its.Pooling is not (PoolingKind.Token or PoolingKind.Distilled) ||
            !WriteHuggingFace(its, writer))
            return false;
        writer.WriteNumber("intermediate_size", its.Hidden);
        writer.WriteBoolean("qkv_bias", its.Bias == AttentionBias.All);
        return true;
    }

    /// <summary>Only what has a distillation token: else nothing tells it from a ViT.</summary>
    internal override Recognition? Recognize(TensorNames tensors)
    {
        Config huggingFace = Probe with { DistillationToken = true, Eps = 1e-12, HeadStart = HeadStart.TruncatedNormal };
        Config timm = Probe with { Resampling = Resampling.BicubicAntialiased };
        foreach ((Origin origin, Config probe) in (ReadOnlySpan<(Origin, Config)>)
        [
            (Origin.Timm, timm), (Origin.HuggingFace, huggingFace with { Pooling = PoolingKind.Distilled }),
            (Origin.HuggingFace, huggingFace),
        ])
        {
            if (Sizes(tensors, origin, probe, ["", HuggingFacePrefix]) is not { DistillationToken: true } seen) continue;
            if (origin == Origin.Timm || seen.Classes > 0 || probe.Pooling == PoolingKind.Token) // two heads, one, or none
                return new Recognition(this, origin, Named(origin, seen));
        }
        return null;
    }
}
