using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Segmentation;

public sealed partial class SegFormer
{
    const string Encoder = "segformer.encoder", Decoder = "decode_head";
    const double DecoderDropout = 0.1;

    static readonly NameMap encoder =
    [
        ("stages.*.patch_embed.proj", $"{Encoder}.patch_embeddings.*.proj"),
        ("stages.*.patch_embed.norm", $"{Encoder}.patch_embeddings.*.layer_norm"),
        ("stages.*.norm", $"{Encoder}.layer_norm.*"),
        ("stages.*.blocks.*.norm1", $"{Encoder}.block.*.*.layer_norm_1"),
        ("stages.*.blocks.*.attn.q", $"{Encoder}.block.*.*.attention.self.query"),
        ("stages.*.blocks.*.attn.kv", $"{Encoder}.block.*.*.attention.self.{{key,value}}"),
        ("stages.*.blocks.*.attn.sr", $"{Encoder}.block.*.*.attention.self.sr"),
        ("stages.*.blocks.*.attn.norm", $"{Encoder}.block.*.*.attention.self.layer_norm"),
        ("stages.*.blocks.*.attn.proj", $"{Encoder}.block.*.*.attention.output.dense"),
        ("stages.*.blocks.*.norm2", $"{Encoder}.block.*.*.layer_norm_2"),
        ("stages.*.blocks.*.mlp.fc1", $"{Encoder}.block.*.*.mlp.dense1"),
        ("stages.*.blocks.*.mlp.dwconv", $"{Encoder}.block.*.*.mlp.dwconv.dwconv"),
        ("stages.*.blocks.*.mlp.fc2", $"{Encoder}.block.*.*.mlp.dense2"),
    ];

    static readonly NameMap huggingFace =
    [
        .. encoder,
        ($"{Decoder}.linear_c.*", $"{Decoder}.linear_c.*.proj"),
        ($"{Decoder}.linear_fuse", $"{Decoder}.linear_fuse"),
        ($"{Decoder}.batch_norm", $"{Decoder}.batch_norm"),
        ($"{Decoder}.classifier", $"{Decoder}.classifier"),
        ("classifier", "classifier"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin == Origin.HuggingFace ? huggingFace
        : throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}");

    /// <summary>A file of the encoder, or of the classifier, makes a segmentation network's encoder.</summary>
    internal override NameMap? TrunkNames(TensorNames tensors, ModelConfig config) =>
        Segments(config) && !tensors.Names.Any(name => name.StartsWith(Decoder, StringComparison.Ordinal)) &&
        tensors.Has($"{Encoder}.patch_embeddings.0.proj.weight") ? encoder : null;

    internal override string HuggingFaceType => "segformer";
    internal override string HuggingFaceClass => "SegformerForSemanticSegmentation";
    internal override string HuggingFaceClassOf(ModelConfig config) =>
        Segments(config) ? HuggingFaceClass : "SegformerForImageClassification";
    internal override string HuggingFacePrefix => "segformer.";
    internal override string HeadPath => Decoder + ".classifier";
    internal override string HeadPathOf(ModelConfig config) => Segments(config) ? HeadPath : "classifier";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        bool decodes = config.Element.TryGetProperty("architectures", out JsonElement classes) &&
            classes.ValueKind == JsonValueKind.Array && classes.EnumerateArray().Any(one =>
                one.ValueKind == JsonValueKind.String && one.GetString() == HuggingFaceClass);
        int[] depths = config.Ints("depths", [2, 2, 2, 2], max: 512);
        int count = config.Int("num_encoder_blocks", 4, max: MaxStages);
        if (depths.Length != count)
            throw new InvalidDataException($"{config.Where}: depths: expected {count} numbers, found {depths.Length}");
        int[] List(string key, int[] usual) => config.Ints(key, usual, count);
        return Checked(new Config
        {
            Decodes = decodes,
            Depths = depths,
            Widths = List("hidden_sizes", [32, 64, 160, 256]),
            Heads = List("num_attention_heads", [1, 2, 5, 8]),
            Reductions = List("sr_ratios", [8, 4, 2, 1]),
            Patches = List("patch_sizes", [7, 3, 3, 3]),
            Strides = List("strides", [4, 2, 2, 2]),
            MlpRatios = Ratios(config, count),
            Activation = ActivationNames.HuggingFace(config.Text("hidden_act", "gelu"), $"{config.Where}: hidden_act"),
            DecoderWidth = config.Int("decoder_hidden_size", 256),
            DropPath = config.Number("drop_path_rate", 0.1, 0, 0.999),
            Dropout = decodes ? config.Number("classifier_dropout_prob", DecoderDropout, 0, 0.999) : 0,
            HeadStart = HeadStart.TruncatedNormal,
        }, config.Where);
    }

    static IReadOnlyList<double> Ratios(ConfigReader config, int count)
    {
        const string key = "mlp_ratios";
        if (!config.Has(key)) return [.. Enumerable.Repeat(4.0, count)];
        JsonElement list = config.Element.GetProperty(key);
        bool fits = list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == count && list.EnumerateArray().All(
            item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double value) && value is > 0 and <= 64);
        return fits ? [.. list.EnumerateArray().Select(item => item.GetDouble())]
            : throw config.Wrong(key, $"{count} numbers from 0 to 64", list);
    }

    /// <summary>Refuses lists of other lengths, and heads that do not divide the channels.</summary>
    static Config Checked(Config its, string where)
    {
        int count = its.Depths.Count;
        foreach (IReadOnlyList<int> list in
            (IReadOnlyList<int>[])[its.Widths, its.Heads, its.Reductions, its.Patches, its.Strides])
            if (count == 0 || list.Count != count || its.MlpRatios.Count != count)
                throw new InvalidDataException($"{where}: expected {count} numbers for as many stages, found {list.Count}");
        for (int i = 0; i < count; i++)
            if (its.Widths[i] % its.Heads[i] != 0)
                throw new InvalidDataException(
                    $"{where}: expected heads that divide the {its.Widths[i]} channels of a token, found {its.Heads[i]}");
            else if (its.Widths[i] * its.MlpRatios[i] is < 1 or > 1 << 20)
                throw new InvalidDataException(
                    $"{where}: expected 1 to {1 << 20} features within a block, found {its.Widths[i] * its.MlpRatios[i]}");
        return its;
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (its.Decoder is not null || ActivationNames.ToHuggingFace(its.Activation) is not { } activation) return false;
        writer.WriteNumber("num_encoder_blocks", its.Depths.Count);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("sr_ratios", its.Reductions);
        writer.WriteNumbers("hidden_sizes", its.Widths);
        writer.WriteNumbers("patch_sizes", its.Patches);
        writer.WriteNumbers("strides", its.Strides);
        writer.WriteNumbers("num_attention_heads", its.Heads);
        WriteRatios(its, writer);
        writer.WriteString("hidden_act", activation);
        writer.WriteNumber("hidden_dropout_prob", 0);
        writer.WriteNumber("attention_probs_dropout_prob", 0);
        writer.WriteNumber("classifier_dropout_prob", Segments(its) ? its.Dropout : DecoderDropout);
        writer.WriteNumber("drop_path_rate", its.DropPath);
        writer.WriteNumber("layer_norm_eps", 1e-6); // what its own files say, and nobody heeds
        writer.WriteNumber("decoder_hidden_size", its.DecoderWidth);
        writer.WriteNumber("semantic_loss_ignore_index", 255);
        return true;
    }

    static void WriteRatios(Config its, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("mlp_ratios");
        foreach (double ratio in its.MlpRatios) writer.WriteNumberValue(ratio);
        writer.WriteEndArray();
    }

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments) =>
        throw new NotSupportedException($"{arguments.Where}: timm has no {Name}");

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) => null;

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteBoolean("decodes", its.Decodes);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("widths", its.Widths);
        writer.WriteNumbers("heads", its.Heads);
        writer.WriteNumbers("reductions", its.Reductions);
        writer.WriteNumbers("patches", its.Patches);
        writer.WriteNumbers("strides", its.Strides);
        WriteRatios(its, writer);
        writer.WriteString("activation", its.Activation.ToString());
        writer.WriteNumber("decoder_width", its.DecoderWidth);
        writer.WriteNumber("drop_path", its.DropPath);
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] depths = config.Ints("depths", [2, 2, 2, 2], max: 512);
        int[] List(string key, int[] usual) => config.Ints(key, usual, depths.Length);
        return Checked(new Config
        {
            Decodes = config.Flag("decodes", true),
            Depths = depths,
            Widths = List("widths", []),
            Heads = List("heads", []),
            Reductions = List("reductions", []),
            Patches = List("patches", []),
            Strides = List("strides", []),
            MlpRatios = Ratios(config, depths.Length),
            Activation = config.Name("activation", ActivationKind.Gelu),
            DecoderWidth = config.Int("decoder_width", 256),
            DropPath = config.Number("drop_path", 0.1, 0, 0.999),
        }, config.Where);
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        int count = tensors.CountWhile(i => $"{Encoder}.patch_embeddings.{i}.proj.weight");
        if (count is 0 or > MaxStages) return null;
        int[] Each(Func<int, int> size) => [.. Enumerable.Range(0, count).Select(size)];
        string Block(int stage, string name) => $"{Encoder}.block.{stage}.0.{name}.weight";
        bool decodes = tensors.Has(Decoder + ".linear_fuse.weight");
        int[] widths = Each(i => tensors.Size($"{Encoder}.patch_embeddings.{i}.proj.weight", 0));
        if (widths.Contains(0)) return null;
        int[] heads = count == 4 ? [1, 2, 5, 8] : Each(_ => 1); // no shape tells; these are those of all published
        var config = new Config
        {
            Decodes = decodes,
            Depths = Each(stage => tensors.CountWhile(i => $"{Encoder}.block.{stage}.{i}.layer_norm_1.weight")),
            Widths = widths,
            Heads = [.. heads.Select((each, i) => widths[i] % each == 0 ? each : 1)],
            Reductions = Each(i => Math.Max(1, tensors.Size(Block(i, "attention.self.sr"), 2))),
            Patches = Each(i => Math.Max(1, tensors.Size($"{Encoder}.patch_embeddings.{i}.proj.weight", 2))),
            Strides = Each(i => i == 0 ? 4 : 2),
            MlpRatios = [.. Each(i => tensors.Size(Block(i, "mlp.dense1"), 0)).Select((hidden, i) => hidden / (double)widths[i])],
            DecoderWidth = decodes ? tensors.Size(Decoder + ".linear_fuse.weight", 0) : 256,
            Dropout = decodes ? DecoderDropout : 0,
            HeadStart = HeadStart.TruncatedNormal,
            Classes = tensors.Size((decodes ? Decoder + "." : "") + "classifier.weight", 0),
        };
        bool isWhole = config.DecoderWidth > 0 && config.MlpRatios.All(ratio => ratio > 0) && !config.Depths.Contains(0);
        return isWhole ? new Recognition(this, Origin.HuggingFace, config) : null;
    }
}
