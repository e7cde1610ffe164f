using System.Text.Json;
using Graft.Formats;
using Graft.Nn;

namespace Graft.Models.Classification;

/// <summary>
/// The image towers of CLIP: a vision transformer with a norm before its blocks, trained on what people write about images.
/// Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", arXiv:2103.00020. Of a whole
/// CLIP only the tower is read, and its projection to the space of images and texts, which is a head like any other.
/// </summary>
public sealed partial class Clip : VisionTransformer
{
    const string Classifier = "CLIPForImageClassification", Tower = "CLIPVisionModel", TowerType = "clip_vision_model";

    /// <inheritdoc/>
    public override string Name => "clip";

    internal override string HuggingFaceType => "clip";
    internal override IReadOnlyList<string> HuggingFaceTypes => [HuggingFaceType, TowerType];
    internal override string HuggingFaceClass => Classifier;
    internal override string HuggingFacePrefix => "vision_model.";

    internal override string HuggingFaceTypeOf(ModelConfig config) => IsClassifier(config) ? HuggingFaceType : TowerType;

    internal override string HuggingFaceClassOf(ModelConfig config) =>
        IsClassifier(config) ? Classifier : ((Config)config).Projection ? Tower + "WithProjection" : Tower;

    /// <summary>transformers' classifier pools what comes out of the last block, without a norm.</summary>
    static bool IsClassifier(ModelConfig config) => ((Config)config).LastNorm == LastNormKind.None;

    internal override bool HasOwnOutputs(ModelConfig config) => !IsClassifier(config);

    /// <summary>Classes that are to be learned need a bias.</summary>
    internal override ModelConfig WithNewHead(ModelConfig config) => (Config)config with { Projection = false };

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        bool whole = config.Text("model_type", HuggingFaceType) == HuggingFaceType;
        ConfigReader vision = whole ? config.Section("vision_config") ?? new ConfigReader(Nothing, config.Where) : config;
        string type = ClassIn(config);
        bool classifies = type == Classifier, projects = !classifies && type != Tower;
        int projection = (whole ? config : vision).Int("projection_dim", 512, max: MostWidth);
        return FromHuggingFace(vision, patch: 32, eps: 1e-5, activation: "quick_gelu") with
        {
            Classes = projects ? projection : 0,
            InputChannels = vision.Int("num_channels", 3, max: 64),
            Bias = AttentionBias.All,
            PatchBias = false,
            FirstNorm = true,
            LastNorm = classifies ? LastNormKind.None : LastNormKind.BeforePool,
            Pooling = classifies ? PoolingKind.Average : PoolingKind.Token,
            Projection = projects,
        };
    }

    static JsonElement Nothing { get; } = JsonDocument.Parse("{}").RootElement;

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        bool classifies = IsClassifier(its);
        if (!its.ClassToken || its.DistillationToken || its.Registers > 0 || its.Positions != PositionKind.All ||
            its.Relative != RelativeKind.None || its.LayerScale is not null || its.Gated || !its.FirstNorm || its.PatchBias ||
            its.Bias != AttentionBias.All || its.LastNorm == LastNormKind.AfterPool ||
            its.Pooling != (classifies ? PoolingKind.Average : PoolingKind.Token) ||
            (!classifies && its.Classes > 0 != its.Projection))
            return false;
        using MemoryStream stream = new();
        using (Utf8JsonWriter vision = new(stream))
        {
            vision.WriteStartObject();
            if (!WriteHuggingFace(its, vision)) return false;
            vision.WriteNumber("intermediate_size", its.Hidden);
            if (classifies) vision.WriteNumber("num_channels", its.InputChannels);
            if (its.Projection) vision.WriteNumber("projection_dim", its.Classes);
            if (classifies) vision.WriteString("model_type", TowerType);
            vision.WriteEndObject();
        }
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        if (!classifies)
        {
            foreach (JsonProperty field in document.RootElement.EnumerateObject()) field.WriteTo(writer);
            return true;
        }
        writer.WritePropertyName("vision_config");
        document.RootElement.WriteTo(writer);
        return true;
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        Config clip = Probe with { Eps = 1e-5, HeadStart = HeadStart.TruncatedNormal };
        Config timm = clip with { Resampling = Resampling.BicubicAntialiased };
        if (Sizes(tensors, Origin.Timm, timm, [""]) is { FirstNorm: true, PatchBias: false } seen)
            return new Recognition(this, Origin.Timm, Named(Origin.Timm, seen));
        bool projects = tensors.Has("visual_projection.weight");
        Config tower = clip with
        {
            Activation = ActivationKind.QuickGelu,
            Projection = projects,
            LastNorm = tensors.Has("classifier.weight") ? LastNormKind.None : LastNormKind.BeforePool,
        };
        if (Sizes(tensors, Origin.HuggingFace, tower, ["", HuggingFacePrefix]) is not { } its) return null;
        bool classifies = IsClassifier(tower);
        its = its with { Pooling = classifies ? PoolingKind.Average : PoolingKind.Token, LastNorm = tower.LastNorm };
        return new Recognition(this, Origin.HuggingFace, Named(Origin.HuggingFace, its));
    }
}
