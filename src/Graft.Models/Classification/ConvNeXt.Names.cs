using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class ConvNeXt
{
    static readonly NameMap huggingFace = [.. HuggingFaceNames("convnext")], huggingFaceV2 = [.. HuggingFaceNames("convnextv2")];

    static (string, string)[] HuggingFaceNames(string prefix) =>
    [
        ("stem.0", $"{prefix}.embeddings.patch_embeddings"),
        ("stem.1", $"{prefix}.embeddings.layernorm"),
        ("stages.*.downsample.*", $"{prefix}.encoder.stages.*.downsampling_layer.*"),
        ("stages.*.blocks.*.conv_dw", $"{prefix}.encoder.stages.*.layers.*.dwconv"),
        ("stages.*.blocks.*.norm", $"{prefix}.encoder.stages.*.layers.*.layernorm"),
        ("stages.*.blocks.*.mlp.fc1", $"{prefix}.encoder.stages.*.layers.*.pwconv1"),
        ("stages.*.blocks.*.mlp.grn", $"{prefix}.encoder.stages.*.layers.*.grn"),
        ("stages.*.blocks.*.mlp.fc2", $"{prefix}.encoder.stages.*.layers.*.pwconv2"),
        ("stages.*.blocks.*.gamma", $"{prefix}.encoder.stages.*.layers.*.layer_scale_parameter"),
        ("head.norm", $"{prefix}.layernorm"),
        ("head.fc", "classifier"),
    ];

    static readonly NameMap facebook =
    [
        ("stem.*", "downsample_layers.0.*"),
        ("stages.*.downsample.*", "downsample_layers.*.*"),
        ("stages.*.blocks.*.conv_dw", "stages.*.*.dwconv"),
        ("stages.*.blocks.*.norm", "stages.*.*.norm"),
        ("stages.*.blocks.*.mlp.fc1", "stages.*.*.pwconv1"),
        ("stages.*.blocks.*.mlp.grn.weight", "stages.*.*.grn.gamma"),
        ("stages.*.blocks.*.mlp.grn.bias", "stages.*.*.grn.beta"),
        ("stages.*.blocks.*.mlp.fc2", "stages.*.*.pwconv2"),
        ("stages.*.blocks.*.gamma", "stages.*.*.gamma"),
        ("head.norm", "norm"),
        ("head.fc", "head"),
    ];

    /// <summary>Stem, stages and what halves the size between them are one numbered list.</summary>
    static readonly NameMap torchVision =
    [
        ("stem.*", "features.0.*"),
        .. Enumerable.Range(0, 8).SelectMany(stage => new[]
        {
            ($"stages.{stage + 1}.downsample.*", $"features.{2 * stage + 2}.*"),
            ($"stages.{stage}.blocks.*.conv_dw", $"features.{2 * stage + 1}.*.block.0"),
            ($"stages.{stage}.blocks.*.norm", $"features.{2 * stage + 1}.*.block.2"),
            ($"stages.{stage}.blocks.*.mlp.fc1", $"features.{2 * stage + 1}.*.block.3"),
            ($"stages.{stage}.blocks.*.mlp.fc2", $"features.{2 * stage + 1}.*.block.5"),
            ($"stages.{stage}.blocks.*.gamma", $"features.{2 * stage + 1}.*.layer_scale"),
        }),
        ("head.norm", "classifier.0"),
        ("head.fc", "classifier.2"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } =
        [Origin.TorchVision, Origin.Timm, Origin.HuggingFace, Origin.Facebook];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => torchVision,
        Origin.HuggingFace => config is Config { ResponseNorm: true } ? huggingFaceV2 : huggingFace,
        Origin.Facebook => facebook,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    /// <summary>
    /// timm holds the linear layers of its small variants as 1 x 1 convolutions; torchvision's layer scale is [C, 1, 1], the
    /// authors' and transformers' response norms are [1, 1, 1, C].
    /// </summary>
    public override long[] ShapeIn(Origin origin, ModelConfig config, string name, long[] shape)
    {
        if (origin == Origin.TorchVision && name.EndsWith(".gamma", StringComparison.Ordinal)) return [.. shape, 1, 1];
        if (origin is Origin.HuggingFace or Origin.Facebook && name.Contains(".grn.", StringComparison.Ordinal))
            return [1, 1, 1, .. shape];
        bool convolution = origin == Origin.Timm && ((Config)config).ConvolutionsInBlocks && shape.Length == 2 &&
            name.Contains(".mlp.", StringComparison.Ordinal);
        return convolution ? [.. shape, 1, 1] : shape;
    }

    internal override string HuggingFaceType => "convnext";
    internal override IReadOnlyList<string> HuggingFaceTypes { get; } = ["convnext", "convnextv2"];
    internal override string HuggingFaceTypeOf(ModelConfig config) =>
        ((Config)config).ResponseNorm ? "convnextv2" : HuggingFaceType;
    internal override string HuggingFaceClass => "ConvNextForImageClassification";
    internal override string HuggingFaceClassOf(ModelConfig config) =>
        ((Config)config).ResponseNorm ? "ConvNextV2ForImageClassification" : HuggingFaceClass;
    internal override string HuggingFacePrefixOf(ModelConfig config) => HuggingFaceTypeOf(config) + ".";
    internal override string HeadPath => "head.fc";
    internal override string HuggingFacePrefix => "convnext.";

    /// <summary>timm's small variants have convolutions where transformers has linear layers, which are the same.</summary>
    internal override void WriteLayout(ModelConfig config, Utf8JsonWriter writer)
    {
        if (((Config)config).ConvolutionsInBlocks) writer.WriteBoolean("convolutions_in_blocks", true);
    }

    internal override ModelConfig ReadLayout(ModelConfig config, ConfigReader own) =>
        (Config)config with { ConvolutionsInBlocks = own.Flag("convolutions_in_blocks", false) };

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        int stages = config.Int("num_stages", 4, max: 8);
        int[] depths = config.Ints("depths", [3, 3, 9, 3], max: 512);
        int[] widths = config.Ints("hidden_sizes", [96, 192, 384, 768]);
        if (depths.Length < stages || widths.Length < stages)
            throw new InvalidDataException(
                $"{config.Where}: expected depths and hidden_sizes of num_stages = {stages} stages, found {depths.Length} and " +
                $"{widths.Length}");
        bool v2 = config.Text("model_type", "convnext") == "convnextv2";
        double unscaled = config.IsNull("layer_scale_init_value") ? 0 : 1e-6;
        double scale = v2 ? 0 : config.Number("layer_scale_init_value", unscaled, -1e6, 1e6);
        return new Config
        {
            Depths = depths[..stages],
            Widths = widths[..stages],
            Patch = config.Int("patch_size", 4, max: 256),
            LayerScale = scale > 0 ? scale : null,
            ResponseNorm = v2,
            LastEps = config.Number("layer_norm_eps", 1e-12, 0, 1),
            Activation = ActivationNames.HuggingFace(config.Text("hidden_act", "gelu"), $"{config.Where}: hidden_act"),
            DropPath = config.Number("drop_path_rate", 0, 0, 0.999),
            HeadStart = HeadStart.TruncatedNormal,
        };
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (its.Stem != StemKind.Patch || its.FirstStageStrides || its.Kernels.Any(side => side != 7) || its.Eps != 1e-6 ||
            !its.Bias || its.NormBeforePool || its.HeadHidden > 0 || (its.ResponseNorm && its.LayerScale is not null) ||
            ActivationNames.ToHuggingFace(its.Activation) is not { } activation)
            return false;
        writer.WriteNumber("num_stages", its.Depths.Count);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("hidden_sizes", its.Widths);
        writer.WriteNumber("patch_size", its.Patch);
        writer.WriteString("hidden_act", activation);
        writer.WriteNumber("layer_norm_eps", its.LastEps);
        if (!its.ResponseNorm) writer.WriteNumber("layer_scale_init_value", its.LayerScale ?? 0);
        writer.WriteNumber("drop_path_rate", its.DropPath);
        writer.WriteNumber("initializer_range", 0.02);
        return true;
    }

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        arguments.Require("output_stride", "32");
        arguments.Require("norm_layer", "layernorm", "layernorm2d");
        arguments.Require("stem_type", "patch", "overlap", "overlap_tiered", "overlap_act");
        arguments.Ignore("num_classes", "global_pool", "head_init_scale");
        int[] widths = arguments.Ints("dims", [.. its.Widths], count: 4);
        double eps = arguments.Number("norm_eps", its.Eps, 0, 1);
        int patch = arguments.Int("patch_size", its.Patch, max: 256);
        string type = arguments.Text("stem_type", its.Stem switch
        {
            StemKind.Patch => "patch",
            StemKind.OverlapActivation => "overlap_act",
            _ => its.StemWidth > 0 ? "overlap_tiered" : "overlap",
        });
        return its with
        {
            Depths = arguments.Ints("depths", [.. its.Depths], count: 4, max: 512),
            Widths = widths,
            Kernels = arguments.IsNumber("kernel_sizes") ? [arguments.Int("kernel_sizes", 7, max: 255)]
                : arguments.Ints("kernel_sizes", [.. its.Kernels], max: 255),
            Stem = type == "patch" ? StemKind.Patch : type == "overlap_act" ? StemKind.OverlapActivation : StemKind.Overlap,
            StemWidth = type == "overlap_tiered" ? Divisible(widths[0] / 2) : 0,
            Patch = patch,
            FirstStageStrides = type == "patch" && patch == 2,
            LayerScale = arguments.IsNull("ls_init_value") ? null
                : arguments.Has("ls_init_value") ? arguments.Number("ls_init_value", 1e-6) : its.LayerScale,
            ResponseNorm = arguments.Flag("use_grn", its.ResponseNorm),
            Eps = eps,
            LastEps = arguments.Has("norm_eps") ? eps : its.LastEps,
            Bias = arguments.Flag("conv_bias", its.Bias),
            Activation = arguments.Has("act_layer")
                ? ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer") : its.Activation,
            NormBeforePool = arguments.Flag("head_norm_first", its.NormBeforePool),
            HeadHidden = arguments.Int("head_hidden_size", its.HeadHidden),
            ConvolutionsInBlocks = arguments.Flag("conv_mlp", its.ConvolutionsInBlocks),
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
        };
    }

    /// <summary>timm's rounding to multiples of 8.</summary>
    static int Divisible(int channels)
    {
        int rounded = Math.Max(8, (channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config)
    {
        if (VariantOf(Origin.Timm, config) is { } named) return (named.Name, null);
        var its = (Config)config;
        bool tiered = its.Stem == StemKind.Overlap && its.StemWidth > 0;
        if (ActivationNames.ToTimm(its.Activation) is not { } activation || its.Eps != its.LastEps || its.Depths.Count != 4 ||
            (tiered && its.StemWidth != Divisible(its.Widths[0] / 2)) || (!tiered && its.StemWidth > 0) ||
            its.FirstStageStrides != (its.Stem == StemKind.Patch && its.Patch == 2))
            return null;
        return ("convnext_tiny", writer =>
        {
            writer.WriteNumbers("depths", its.Depths);
            writer.WriteNumbers("dims", its.Widths);
            int[] kernels = [.. Enumerable.Range(0, 4).Select(i => its.Kernels[Math.Min(i, its.Kernels.Count - 1)])];
            if (kernels.Any(side => side != 7)) writer.WriteNumbers("kernel_sizes", kernels);
            if (its.Stem != StemKind.Patch)
                writer.WriteString(
                    "stem_type", tiered ? "overlap_tiered" : its.Stem == StemKind.Overlap ? "overlap" : "overlap_act");
            if (its.Patch != 4) writer.WriteNumber("patch_size", its.Patch);
            if (its.LayerScale is null) writer.WriteNull("ls_init_value");
            if (its.ResponseNorm) writer.WriteBoolean("use_grn", true);
            if (its.Eps != 1e-6) writer.WriteNumber("norm_eps", its.Eps);
            if (!its.Bias) writer.WriteBoolean("conv_bias", false);
            if (its.Activation != ActivationKind.Gelu) writer.WriteString("act_layer", activation);
            if (its.NormBeforePool) writer.WriteBoolean("head_norm_first", true);
            if (its.HeadHidden > 0) writer.WriteNumber("head_hidden_size", its.HeadHidden);
            if (its.ConvolutionsInBlocks) writer.WriteBoolean("conv_mlp", true);
        }
        );
    }

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("widths", its.Widths);
        writer.WriteNumbers("kernels", its.Kernels);
        writer.WriteString("stem", its.Stem.ToString());
        writer.WriteNumber("patch", its.Patch);
        writer.WriteNumber("stem_width", its.StemWidth);
        writer.WriteBoolean("first_stage_strides", its.FirstStageStrides);
        writer.WriteNumber("layer_scale", its.LayerScale ?? 0);
        writer.WriteBoolean("response_norm", its.ResponseNorm);
        writer.WriteNumber("eps", its.Eps);
        writer.WriteNumber("last_eps", its.LastEps);
        writer.WriteBoolean("bias", its.Bias);
        writer.WriteString("activation", its.Activation.ToString());
        writer.WriteBoolean("norm_before_pool", its.NormBeforePool);
        writer.WriteNumber("head_hidden", its.HeadHidden);
        writer.WriteBoolean("convolutions_in_blocks", its.ConvolutionsInBlocks);
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] depths = config.Ints("depths", [], max: 512);
        double scale = config.Number("layer_scale", 0);
        return new Config
        {
            Depths = depths,
            Widths = config.Ints("widths", [], count: depths.Length),
            Kernels = config.Ints("kernels", [7], max: 255),
            Stem = config.Name("stem", StemKind.Patch),
            Patch = config.Int("patch", 4, max: 256),
            StemWidth = config.Int("stem_width", 0, min: 0),
            FirstStageStrides = config.Flag("first_stage_strides", false),
            LayerScale = scale == 0 ? null : scale,
            ResponseNorm = config.Flag("response_norm", false),
            Eps = config.Number("eps", 1e-6, 0, 1),
            LastEps = config.Number("last_eps", 1e-6, 0, 1),
            Bias = config.Flag("bias", true),
            Activation = config.Name("activation", ActivationKind.Gelu),
            NormBeforePool = config.Flag("norm_before_pool", false),
            HeadHidden = config.Int("head_hidden", 0, min: 0),
            ConvolutionsInBlocks = config.Flag("convolutions_in_blocks", false),
        };
    }
}
