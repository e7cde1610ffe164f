using System.Text.Json;
using Graft.Models.Classification.Mobile;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class MobileNetV3
{
    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => NameMap.Create([.. TorchVision((Config)config)]),
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    /// <summary>The stem and all blocks are one numbered list; the last block, a plain one, is its last.</summary>
    static IEnumerable<(string Ours, string Theirs)> TorchVision(Config config)
    {
        yield return ("conv_stem", "features.0.0");
        yield return ("bn1", "features.0.1");
        int number = 0;
        foreach ((string path, _, _, MobileBlock block) in config.Blocks())
        {
            string theirs = $"features.{++number}";
            if (block.Kind == MobileBlockKind.Plain)
            {
                yield return ($"{path}.conv", $"{theirs}.0");
                yield return ($"{path}.bn1", $"{theirs}.1");
            }
            else
                foreach ((string, string) rule in MobileNames.TorchVision(path, $"{theirs}.block", block)) yield return rule;
        }
        yield return ("conv_head", "classifier.0");
        yield return ("classifier", "classifier.3");
    }

    /// <summary>timm's layer behind the pool is a 1 x 1 convolution.</summary>
    public override long[] ShapeIn(Origin origin, ModelConfig config, string name, long[] shape) =>
        origin == Origin.Timm && name == "conv_head.weight" ? [.. shape, 1, 1] : shape;

    internal override string HuggingFaceType => "";
    internal override string HuggingFaceClass => "";
    internal override string HuggingFacePrefix => "";
    internal override string HeadPath => "classifier";

    internal override ModelConfig FromHuggingFace(ConfigReader config) =>
        throw new NotSupportedException($"{config.Where}: transformers has no {Name}");

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer) => false;

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        MobileRecipe recipe = Recipes[VariantOf(Origin.Timm, variant)!.Name];
        arguments.Require("global_pool", "avg", "");
        Config built = Of(MobileTimm.Changed(recipe, arguments));
        return MobileTimm.Settled(built, arguments) with { HeadBias = arguments.Flag("head_bias", built.HeadBias) };
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) =>
        MobileTimm.Named(Recipes.Select(item => (item.Key, item.Value)), (Config)config, Of, Signature);

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        MobileJson.Write(its, writer);
        writer.WriteBoolean("head_bias", its.HeadBias);
    }

    internal override ModelConfig Read(ConfigReader config) =>
        MobileJson.Read(config, new Config { Stages = [] }) with { HeadBias = config.Flag("head_bias", true) };

    internal override Recognition? Recognize(TensorNames tensors) => Recognize(tensors, isWhole: true);

    internal override ModelConfig? RecognizeTrunk(TensorNames tensors) => Recognize(tensors, isWhole: false)?.Config;

    /// <param name="isWhole">whether the layer behind the pool has to be there</param>
    Recognition? Recognize(TensorNames tensors, bool isWhole)
    {
        var shapes = new MobileShapes(tensors);
        bool timms = tensors.Has("conv_stem.weight") && tensors.Has("conv_head.weight") && !tensors.Has("bn2.weight");
        if (!timms && !tensors.Has("features.1.block.0.0.weight")) return null;
        List<List<MobileBlock>> stages = timms
            ? MobileShapes.Stages(stage => MobileShapes.List(i => shapes.Timm($"blocks.{stage}.{i}")))
            : InStages(MobileShapes.List(i =>
                shapes.TorchVision($"features.{i + 1}.block") ?? shapes.Brick($"features.{i + 1}.0")));
        if (stages.Count == 0) return null;
        (string stem, string last, string head) = timms ? ("conv_stem", "conv_head", "classifier")
            : ("features.0.0", "classifier.0", "classifier.3");
        var measured = new Config
        {
            Stem = tensors.Size($"{stem}.weight", 0),
            StemKernel = tensors.Size($"{stem}.weight", 2),
            Features = tensors.Has($"{last}.weight") || isWhole ? tensors.Size($"{last}.weight", 0) : Features,
            Stages = stages,
            HeadBias = tensors.Has($"{last}.bias") || !isWhole,
        };
        if (measured.Stem == 0 || measured.Features == 0) return null;
        Origin origin = timms ? Origin.Timm : Origin.TorchVision;
        return new Recognition(this, origin, Complete(origin, measured) with { Classes = tensors.Size($"{head}.weight", 0) });
    }

    /// <summary>What the layer behind the pool gives in all of the paper's large networks.</summary>
    const int Features = 1280;

    /// <summary>torchvision's numbered list put into the stages of the paper's table of that length.</summary>
    static List<List<MobileBlock>> InStages(List<MobileBlock> blocks)
    {
        MobileStage[][] table = blocks.Count == Count(large) ? large : small;
        if (blocks.Count != Count(table)) return [];
        List<List<MobileBlock>> stages = [];
        int at = 0;
        foreach (MobileStage[] stage in table)
        {
            int count = stage.Sum(line => line.Blocks);
            stages.Add(blocks.GetRange(at, count));
            at += count;
        }
        return stages;
    }

    static int Count(MobileStage[][] table) => table.Sum(stage => stage.Sum(line => line.Blocks));

    /// <summary>What shapes don't tell, from the variant of these shapes, or from the paper's table of as many stages.</summary>
    Config Complete(Origin origin, Config measured)
    {
        foreach (ModelVariant variant in Variants)
            if (variant.Origin == origin && variant.Config is Config its && its.HeadBias == measured.HeadBias &&
                MobileShapes.Same(its, measured)) return its;
        MobileStage[][] table = measured.Stages.Count == large.Length ? large : small;
        bool squeezes = measured.Blocks().Any(item => item.Block.Squeezed > 0), torchVision = origin == Origin.TorchVision;
        ActivationKind activation = squeezes ? ActivationKind.Hardswish : ActivationKind.Relu;
        int inputs = measured.Stem;
        List<IReadOnlyList<MobileBlock>> stages = [];
        for (int stage = 0; stage < measured.Stages.Count; stage++)
        {
            MobileStage? line = stage < table.Length ? table[stage][0] : null;
            List<MobileBlock> blocks = [];
            foreach (MobileBlock block in measured.Stages[stage])
            {
                int stride = blocks.Count == 0 && line is not null ? line.Stride : 1;
                blocks.Add(block with
                {
                    Stride = stride,
                    Activation = squeezes ? line?.Activation ?? activation : activation,
                    Residual = stride == 1 && inputs == block.Channels && block.Kind != MobileBlockKind.Plain,
                });
                inputs = block.Channels;
            }
            stages.Add(blocks);
        }
        return measured with
        {
            Stages = stages,
            Activation = activation,
            SqueezeActivation = measured.HeadBias ? ActivationKind.Relu : null,
            Gate = ActivationKind.Hardsigmoid,
            Eps = torchVision || !measured.HeadBias ? 1e-3 : 1e-5,
            Momentum = torchVision ? 0.01 : 0.1,
            Dropout = torchVision ? 0.2 : 0,
            HeadStart = torchVision ? HeadStart.Normal : HeadStart.Uniform,
        };
    }
}
