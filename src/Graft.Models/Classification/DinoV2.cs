using System.Text.Json;
using Graft.Formats;
using Graft.Nn;

namespace Graft.Models.Classification;

/// <summary>
/// The vision transformer as DINOv2 trains it without labels: patches of 14, layer scale, SwiGLU in the giant. Oquab et al. 2023,
/// "DINOv2: Learning Robust Visual Features without Supervision", arXiv:2304.07193; registers are of Darcet et al. 2023,
/// arXiv:2309.16588.
/// </summary>
public sealed partial class DinoV2 : VisionTransformer
{
    const string RegisteredType = "dinov2_with_registers";

    /// <inheritdoc/>
    public override string Name => "dinov2";

    internal override string HuggingFaceType => "dinov2";
    internal override IReadOnlyList<string> HuggingFaceTypes => [HuggingFaceType, RegisteredType];
    internal override string HuggingFaceClass => "Dinov2ForImageClassification";
    internal override string HuggingFacePrefix => "dinov2.";

    internal override string HuggingFaceTypeOf(ModelConfig config) => HasRegisters(config) ? RegisteredType : HuggingFaceType;

    internal override string HuggingFaceClassOf(ModelConfig config) =>
        $"Dinov2{(HasRegisters(config) ? "WithRegisters" : "")}{(config.Classes > 0 ? "ForImageClassification" : "Model")}";

    internal override string HuggingFacePrefixOf(ModelConfig config) =>
        HasRegisters(config) ? RegisteredType + "." : HuggingFacePrefix;

    static bool HasRegisters(ModelConfig config) => ((Config)config).Positions == PositionKind.ClassAndPatches;

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        bool registers = config.Text("model_type", HuggingFaceType) == RegisteredType;
        Config its = FromHuggingFace(config, patch: registers ? 16 : 14, eps: 1e-6);
        bool gated = config.Flag("use_swiglu_ffn", false);
        int hidden = (int)Math.Min(MostHidden, its.Width * config.Number("mlp_ratio", 4, 0, 1024));
        return its with
        {
            Hidden = Math.Max(1, gated ? GateWidth(hidden) : hidden),
            Gated = gated,
            Activation = gated ? ActivationKind.Silu : its.Activation,
            LayerScale = config.Number("layerscale_value", 1, -1e6, 1e6),
            Registers = registers ? config.Int("num_register_tokens", 4, min: 0, max: 4096) : 0,
            Positions = registers ? PositionKind.ClassAndPatches : PositionKind.All,
            Pooling = PoolingKind.TokenAndMean,
            // with registers, transformers resamples with antialiasing, as the paper's code does then
            Resampling = registers ? Resampling.BicubicAntialiased : Resampling.Bicubic,
            DropPath = config.Number("drop_path_rate", 0, 0, 0.999),
        };
    }

    /// <summary>Two thirds, since gate and value have weights each, rounded up to a multiple of 8.</summary>
    static int GateWidth(int hidden) => ((int)(hidden * 2L / 3) + 7) / 8 * 8;

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        int ratio = 1;
        while (ratio < 64 && its.Hidden != (its.Gated ? GateWidth(its.Width * ratio) : its.Width * ratio)) ratio++;
        bool registers = its.Positions == PositionKind.ClassAndPatches;
        if (ratio == 64 || !its.ClassToken || its.DistillationToken || (its.Registers > 0) != registers ||
            its.Positions is not (PositionKind.All or PositionKind.ClassAndPatches) || its.Relative != RelativeKind.None ||
            its.LayerScale is not { } scale || its.FirstNorm || !its.PatchBias || its.LastNorm != LastNormKind.BeforePool ||
            (its.Pooling != PoolingKind.TokenAndMean && its.Classes > 0) || !WriteHuggingFace(its, writer))
            return false;
        writer.WriteNumber("mlp_ratio", ratio);
        writer.WriteBoolean("qkv_bias", its.Bias == AttentionBias.All);
        writer.WriteReal("layerscale_value", scale);
        writer.WriteBoolean("use_swiglu_ffn", its.Gated);
        writer.WriteNumber("drop_path_rate", its.DropPath);
        if (registers) writer.WriteNumber("num_register_tokens", its.Registers);
        else writer.WriteBoolean("use_mask_token", false); // what stands for masked patches in pretraining is not kept
        return true;
    }

    /// <summary>timm has the class token alone as features, which makes no difference where there is no head.</summary>
    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) =>
        base.ToTimm(config.Classes > 0 ? config : (Config)config with { Pooling = PoolingKind.Token });

    /// <summary>timm's have nothing that tells them from a ViT with layer scale but their patches of 14.</summary>
    internal override Recognition? Recognize(TensorNames tensors)
    {
        Config plain = Probe with { Pooling = PoolingKind.Token, Resampling = Resampling.BicubicAntialiased };
        if (Sizes(tensors, Origin.Timm, plain, [""]) is { Patch: 14, LayerScale: not null, ClassToken: true } timm &&
            timm.LastNorm == LastNormKind.BeforePool && (timm.Positions == PositionKind.Patches) == (timm.Registers > 0))
            return new Recognition(this, Origin.Timm, Named(Origin.Timm, timm with { Activation = Gate(timm) }));
        Config single = Probe with { Pooling = PoolingKind.TokenAndMean, HeadStart = HeadStart.TruncatedNormal };
        Config registered = single with
        {
            Positions = PositionKind.ClassAndPatches,
            Resampling = Resampling.BicubicAntialiased,
        };
        foreach (Config probe in (ReadOnlySpan<Config>)
            [registered, single, registered with { Gated = true }, single with { Gated = true }])
        {
            if (Sizes(tensors, Origin.HuggingFace, probe, ["", HuggingFacePrefixOf(probe)]) is not { LayerScale: not null } seen)
                continue;
            if (seen.Registers > 0 == HasRegisters(probe))
                return new Recognition(
                    this, Origin.HuggingFace, Named(Origin.HuggingFace, seen with { Activation = Gate(seen) }));
        }
        return null;
    }

    static ActivationKind Gate(Config its) => its.Gated ? ActivationKind.Silu : its.Activation;
}
