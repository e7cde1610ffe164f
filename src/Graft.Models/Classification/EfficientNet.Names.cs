using System.Text.Json;
using Graft.Models.Classification.Mobile;

namespace Graft.Models.Classification;

public sealed partial class EfficientNet
{
    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm, Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => NameMap.Create([.. TorchVision((Config)config)]),
        Origin.HuggingFace => NameMap.Create([.. HuggingFace((Config)config)]),
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    /// <summary>The stem, the stages and the last convolution are one numbered list.</summary>
    static IEnumerable<(string Ours, string Theirs)> TorchVision(Config config)
    {
        yield return ("conv_stem", "features.0.0");
        yield return ("bn1", "features.0.1");
        foreach ((string path, int stage, int index, MobileBlock block) in config.Blocks())
            foreach ((string, string) rule in MobileNames.TorchVision(path, $"features.{stage + 1}.{index}.block", block))
                yield return rule;
        yield return ("conv_head", $"features.{config.Stages.Count + 1}.0");
        yield return ("bn2", $"features.{config.Stages.Count + 1}.1");
        yield return ("classifier", "classifier.1");
    }

    /// <summary>All blocks are one numbered list. It has neither plain nor fused ones.</summary>
    static IEnumerable<(string Ours, string Theirs)> HuggingFace(Config config)
    {
        yield return ("conv_stem", "efficientnet.embeddings.convolution");
        yield return ("bn1", "efficientnet.embeddings.batchnorm");
        int number = 0;
        foreach ((string path, _, _, MobileBlock block) in config.Blocks())
        {
            string theirs = $"efficientnet.encoder.blocks.{number++}";
            if (block.Kind is not (MobileBlockKind.Separable or MobileBlockKind.Inverted)) continue;
            foreach ((string, string) rule in MobileNames.HuggingFace(path, theirs, block.Kind)) yield return rule;
        }
        yield return ("conv_head", "efficientnet.encoder.top_conv");
        yield return ("bn2", "efficientnet.encoder.top_bn");
        yield return ("classifier", "classifier");
    }

    internal override string HuggingFaceType => "efficientnet";
    internal override string HuggingFaceClass => "EfficientNetForImageClassification";
    internal override string HeadPath => "classifier";
    internal override string HuggingFacePrefix => "efficientnet.";

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        MobileRecipe recipe = Recipes[VariantOf(Origin.Timm, variant)!.Name];
        arguments.Require("output_stride", "8", "16", "32");
        arguments.Require("global_pool", "avg", "max", "");
        MobileRecipe changed = MobileTimm.Changed(recipe, arguments);
        changed = changed with
        {
            Width = arguments.Number("channel_multiplier", changed.Width, 0.001, 64),
            Divisor = arguments.Int("channel_divisor", changed.Divisor, max: 4096),
            FixedStem = arguments.Flag("fix_stem", changed.FixedStem),
        };
        return MobileTimm.Settled(Of(changed), arguments) with
        {
            StemKernel = arguments.Int("stem_kernel_size", 3, max: 63),
            OutputStride = arguments.Int("output_stride", 32),
            MaxPool = arguments.Text("global_pool", "avg") == "max",
            HeadStart = variant.HeadStart,
        };
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) =>
        ((Config)config).MaxPool ? null
            : MobileTimm.Named(Recipes.Select(item => (item.Key, item.Value)), (Config)config, Of, Signature);

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        MobileJson.Write(its, writer);
        if (its.MaxPool) writer.WriteBoolean("max_pool", true);
    }

    internal override ModelConfig Read(ConfigReader config) =>
        MobileJson.Read(config, new Config { Stages = [] }) with { MaxPool = config.Flag("max_pool", false) };

    internal override Recognition? Recognize(TensorNames tensors)
    {
        var shapes = new MobileShapes(tensors);
        (Origin Origin, List<List<MobileBlock>> Stages, string Stem, string Last, string Head)? found =
            tensors.Has("conv_stem.weight") && tensors.Has("conv_head.weight") && tensors.Has("bn2.weight")
                ? (Origin.Timm, MobileShapes.Stages(stage => MobileShapes.List(i => shapes.Timm($"blocks.{stage}.{i}"))),
                    "conv_stem", "conv_head", "classifier")
            : tensors.Has("efficientnet.embeddings.convolution.weight")
                ? (Origin.HuggingFace, Grouped(MobileShapes.List(i => shapes.HuggingFace($"efficientnet.encoder.blocks.{i}"))),
                    "efficientnet.embeddings.convolution", "efficientnet.encoder.top_conv", "classifier")
            : tensors.Has("features.1.0.block.0.0.weight")
                ? (Origin.TorchVision, MobileShapes.Stages(stage =>
                    MobileShapes.List(i => shapes.TorchVision($"features.{stage + 1}.{i}.block"))),
                    "features.0.0", "", "classifier.1")
            : null;
        if (found is not var (origin, stages, stem, last, head) || stages.Count == 0) return null;
        if (last.Length == 0) last = $"features.{stages.Count + 1}.0";
        var measured = new Config
        {
            Stem = tensors.Size($"{stem}.weight", 0),
            StemKernel = tensors.Size($"{stem}.weight", 2),
            Features = tensors.Size($"{last}.weight", 0),
            Stages = stages,
        };
        if (measured.Stem == 0 || measured.Features == 0) return null;
        int classes = tensors.Size($"{head}.weight", 0);
        return new Recognition(this, origin, Complete(origin, measured) with { Classes = classes });
    }

    /// <summary>A list of blocks put into stages: a new one begins where the output or the window changes.</summary>
    static List<List<MobileBlock>> Grouped(List<MobileBlock> blocks)
    {
        List<List<MobileBlock>> stages = [];
        foreach (MobileBlock block in blocks)
        {
            if (stages.Count == 0 || (stages[^1][^1].Channels, stages[^1][^1].Kernel) != (block.Channels, block.Kernel))
                stages.Add([]);
            stages[^1].Add(block);
        }
        return stages;
    }

    /// <summary>What shapes don't tell, from the variant of these shapes, or as the origin's usual networks have it.</summary>
    Config Complete(Origin origin, Config measured)
    {
        foreach (ModelVariant variant in Variants)
            if (variant.Origin == origin && variant.Config is Config its && MobileShapes.Same(its, measured)) return its;
        bool keras = origin == Origin.HuggingFace;
        int[] strides = measured.Stages.Count == 5 ? [1, 2, 2, 2, 2] : [1, 2, 2, 2, 1, 2, 1];
        int inputs = measured.Stem;
        List<IReadOnlyList<MobileBlock>> stages = [];
        for (int stage = 0; stage < measured.Stages.Count; stage++)
        {
            List<MobileBlock> blocks = [];
            foreach (MobileBlock block in measured.Stages[stage])
            {
                int stride = blocks.Count == 0 && stage < strides.Length ? strides[stage] : 1;
                bool fits = stride == 1 && inputs == block.Channels;
                blocks.Add(block with
                {
                    Stride = stride,
                    Residual = fits && (!keras || blocks.Count > 0),
                    Border = keras ? BorderKind.After : BorderKind.Symmetric,
                });
                inputs = block.Channels;
            }
            stages.Add(blocks);
        }
        return measured with
        {
            Stages = stages,
            Border = keras ? BorderKind.After : BorderKind.Symmetric,
            Eps = keras ? 1e-3 : 1e-5,
            OutputStride = keras ? MobileConfig.AnyStride : 32,
            HeadStart = keras ? HeadStart.TruncatedNormal : HeadStart.Uniform,
        };
    }
}
