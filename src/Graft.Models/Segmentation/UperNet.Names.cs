using System.Text.Json;
using Graft.Models.Classification;

namespace Graft.Models.Segmentation;

public sealed partial class UperNet
{
    static readonly string[] stages = ["stage1", "stage2", "stage3", "stage4", "stage5", "stage6", "stage7", "stage8"];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config)
    {
        if (origin != Origin.HuggingFace) throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}");
        ModelConfig trunk = ((Config)config).Trunk;
        string prefix = FamilyOf(trunk).HuggingFacePrefixOf(trunk);
        return NameMap.Create(
        [
            .. FamilyOf(trunk).Names(origin, trunk).Where(rule => rule.Theirs.StartsWith(prefix, StringComparison.Ordinal))
                .Select(rule => ($"{Backbone}.{rule.Ours}", $"{Backbone}.{rule.Theirs[prefix.Length..]}")),
            .. stages.Select((stage, i) => ($"{Norms}.{i}", $"{Backbone}.hidden_states_norms.{stage}")),
            (Decoder, Decoder), (Auxiliary, Auxiliary),
        ]);
    }

    /// <inheritdoc/>
    public override long[] ShapeIn(Origin origin, ModelConfig config, string name, long[] shape)
    {
        ModelConfig trunk = ((Config)config).Trunk;
        return name.StartsWith(Backbone + ".", StringComparison.Ordinal)
            ? FamilyOf(trunk).ShapeIn(origin, trunk, name[(Backbone.Length + 1)..], shape) : shape;
    }

    internal override string HuggingFaceType => "upernet";
    internal override string HuggingFaceClass => "UperNetForSemanticSegmentation";
    internal override string HuggingFacePrefix => "";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        ConfigReader trunk = config.Section("backbone_config") ?? throw new NotSupportedException(
            $"{config.Where}: expected a backbone_config, found none: Graft knows UPerNet on convnext and swin.");
        string type = trunk.Text("model_type", "resnet");
        ModelFamily family = type switch
        {
            "convnext" or "convnextv2" => convNeXt,
            "swin" => swin,
            _ => throw new NotSupportedException(
                $"{trunk.Where}: model_type '{type}': Graft knows UPerNet on convnext, convnextv2 and swin."),
        };
        ModelConfig its = family.FromHuggingFace(trunk);
        int count = StagesOf(its);
        if (trunk.Has("out_features"))
        {
            string[] features = [.. trunk.Element.GetProperty("out_features").EnumerateArray().Select(item => item.ToString())];
            if (!features.SequenceEqual(stages.Take(count)))
                throw new NotSupportedException(
                    $"{trunk.Where}: out_features: Graft's UPerNet takes every stage, found {string.Join(", ", features)}");
        }
        if (!config.IsNull("auxiliary_in_channels"))
            config.Require("auxiliary_in_channels", $"{ChannelsOf(its, AuxiliaryMap)}", "");
        return new Config
        {
            Trunk = AsTrunk(its),
            Channels = config.Int("hidden_size", 512),
            Scales = config.Ints("pool_scales", [1, 2, 3, 6], max: 64),
            Auxiliary = config.Flag("use_auxiliary_head", true),
            AuxiliaryChannels = config.Int("auxiliary_channels", 256),
            AuxiliaryDepth = config.Int("auxiliary_num_convs", 1, max: 16),
            AuxiliaryJoins = config.Flag("auxiliary_concat_input", false),
            InputChannels = trunk.Int("num_channels", 3, max: 64),
            HeadStart = HeadStart.TruncatedNormal,
        };
    }

    /// <summary>
    /// transformers' backbones have no norm after the last stage, and shift every second window whatever the size.
    /// </summary>
    static ModelConfig AsTrunk(ModelConfig config) => config is Swin.Config its
        ? its with { Rule = Swin.WindowRule.HuggingFaceAlwaysPartition, LastNorm = false } : config;

    static int StagesOf(ModelConfig trunk) =>
        trunk is Swin.Config its ? its.Depths.Count : ((ConvNeXt.Config)trunk).Depths.Count;

    static int ChannelsOf(ModelConfig trunk, int stage) =>
        trunk is Swin.Config its ? its.WidthOf(stage) : ((ConvNeXt.Config)trunk).Widths[stage];

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        ModelConfig trunk = its.Trunk is Swin.Config inner ? inner with { Rule = Swin.WindowRule.HuggingFace } : its.Trunk;
        using MemoryStream stream = new();
        using (Utf8JsonWriter part = new(stream))
        {
            part.WriteStartObject();
            part.WriteString("model_type", FamilyOf(trunk).HuggingFaceTypeOf(trunk));
            if (!FamilyOf(trunk).ToHuggingFace(trunk, part)) return false;
            part.WriteNumber("num_channels", its.InputChannels);
            part.WriteStartArray("out_features");
            foreach (string stage in stages.Take(StagesOf(trunk))) part.WriteStringValue(stage);
            part.WriteEndArray();
            part.WriteEndObject();
        }
        writer.WriteNumber("hidden_size", its.Channels);
        writer.WriteNumbers("pool_scales", its.Scales);
        writer.WriteBoolean("use_auxiliary_head", its.Auxiliary);
        writer.WriteNumber("auxiliary_in_channels", ChannelsOf(trunk, AuxiliaryMap));
        writer.WriteNumber("auxiliary_channels", its.AuxiliaryChannels);
        writer.WriteNumber("auxiliary_num_convs", its.AuxiliaryDepth);
        writer.WriteBoolean("auxiliary_concat_input", its.AuxiliaryJoins);
        writer.WriteNumber("initializer_range", 0.02);
        writer.WritePropertyName("backbone_config");
        writer.WriteRawValue(stream.ToArray());
        return true;
    }

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments) =>
        throw new NotSupportedException($"{arguments.Where}: timm has no {Name}");

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) => null;

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumber("channels", its.Channels);
        writer.WriteNumbers("scales", its.Scales);
        writer.WriteNumber("auxiliary_channels", its.AuxiliaryChannels);
        writer.WriteNumber("auxiliary_depth", its.AuxiliaryDepth);
        writer.WriteBoolean("auxiliary_joins", its.AuxiliaryJoins);
        writer.WriteStartObject("trunk");
        writer.WriteString("family", FamilyOf(its.Trunk).Name);
        FamilyOf(its.Trunk).Write(its.Trunk, writer);
        writer.WriteEndObject();
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        ConfigReader trunk = config.Section("trunk")
            ?? throw new InvalidDataException($"{config.Where}: trunk: expected the backbone's settings, found none");
        ModelFamily family = trunk.Text("family", "") switch
        {
            "convnext" => convNeXt,
            "swin" => swin,
            var other => throw new NotSupportedException(
                $"{trunk.Where}: family '{other}' is not known: expected convnext or swin"),
        };
        return new Config
        {
            Trunk = AsTrunk(family.Read(trunk)),
            Channels = config.Int("channels", 512),
            Scales = config.Ints("scales", [1, 2, 3, 6], max: 64),
            AuxiliaryChannels = config.Int("auxiliary_channels", 256),
            AuxiliaryDepth = config.Int("auxiliary_depth", 1, max: 16),
            AuxiliaryJoins = config.Flag("auxiliary_joins", false),
        };
    }

    /// <summary>By the decoder, and by the backbone as a classifier of its family has it.</summary>
    internal override Recognition? Recognize(TensorNames tensors)
    {
        string sign = $"{Decoder}.fpn_bottleneck.conv.weight";
        if (!tensors.Has(sign)) return null;
        ModelConfig? trunk = null;
        foreach ((ModelFamily family, string prefix) in (ReadOnlySpan<(ModelFamily, string)>)
            [(convNeXt, "convnext."), (convNeXt, "convnextv2."), (swin, "swin.")])
            trunk ??= family.RecognizeTrunk(tensors.Below(Backbone + ".", prefix));
        if (trunk is null) return null;
        int convs = tensors.CountWhile(i => $"{Auxiliary}.convs.{i}.conv.weight");
        int count = tensors.CountWhile(i => $"{Decoder}.psp_modules.{i}.1.conv.weight");
        var config = new Config
        {
            Trunk = AsTrunk(trunk),
            Channels = tensors.Size(sign, 0),
            Auxiliary = convs > 0,
            AuxiliaryChannels = convs > 0 ? tensors.Size($"{Auxiliary}.{Last}.weight", 1) : 256,
            AuxiliaryDepth = Math.Max(1, convs),
            AuxiliaryJoins = tensors.Has($"{Auxiliary}.conv_cat.conv.weight"),
            Classes = tensors.Size(HeadPath + ".weight", 0),
            HeadStart = HeadStart.TruncatedNormal,
        };
        // no shape tells the scales
        return count == config.Scales.Count && config.Channels > 0 ? new Recognition(this, Origin.HuggingFace, config) : null;
    }

    internal override ModelConfig AtSizeOf(TensorNames tensors, Origin origin, ModelConfig config) =>
        config with { Auxiliary = tensors.Has($"{Auxiliary}.{Last}.weight") };
}
