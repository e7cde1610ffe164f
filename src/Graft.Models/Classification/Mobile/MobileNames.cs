namespace Graft.Models.Classification.Mobile;

/// <summary>What others call the layers of blocks; ours are timm's names.</summary>
static class MobileNames
{
    /// <summary>The paths of all blocks, ours, in their order.</summary>
    public static IEnumerable<(string Path, int Stage, int Index, MobileBlock Block)> Blocks(this MobileConfig config)
    {
        for (int stage = 0; stage < config.Stages.Count; stage++)
            for (int i = 0; i < config.Stages[stage].Count; i++)
                yield return ($"blocks.{stage}.{i}", stage, i, config.Stages[stage][i]);
    }

    /// <summary>A block's convolutions with their normalisations, ours.</summary>
    public static (string Convolution, string Norm)[] Layers(this MobileBlockKind kind) => kind switch
    {
        MobileBlockKind.Plain => [("conv", "bn1")],
        MobileBlockKind.Separable => [("conv_dw", "bn1"), ("conv_pw", "bn2")],
        MobileBlockKind.Inverted => [("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")],
        _ => [("conv_exp", "bn1"), ("conv_pwl", "bn2")],
    };

    /// <summary>torchvision numbers the layers; the squeeze-and-excitation stands before the last.</summary>
    public static IEnumerable<(string Ours, string Theirs)> TorchVision(string ours, string theirs, MobileBlock block)
    {
        (string, string)[] layers = block.Kind.Layers();
        int number = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            if (i == layers.Length - 1 && block.Squeezed > 0)
            {
                yield return ($"{ours}.se.conv_reduce", $"{theirs}.{number}.fc1");
                yield return ($"{ours}.se.conv_expand", $"{theirs}.{number++}.fc2");
            }
            yield return ($"{ours}.{layers[i].Item1}", $"{theirs}.{number}.0");
            yield return ($"{ours}.{layers[i].Item2}", $"{theirs}.{number++}.1");
        }
    }

    /// <summary>Hugging Face's names, of the blocks that it has: separable and inverted ones.</summary>
    public static IEnumerable<(string Ours, string Theirs)> HuggingFace(string ours, string theirs, MobileBlockKind kind)
    {
        (string, string)[] all =
        [
            ("expansion.expand_conv", "expansion.expand_bn"),
            ("depthwise_conv.depthwise_conv", "depthwise_conv.depthwise_norm"),
            ("projection.project_conv", "projection.project_bn"),
        ];
        (string, string)[] layers = kind.Layers();
        for (int i = 0; i < layers.Length; i++)
        {
            (string convolution, string norm) = all[i + 3 - layers.Length];
            yield return ($"{ours}.{layers[i].Item1}", $"{theirs}.{convolution}");
            yield return ($"{ours}.{layers[i].Item2}", $"{theirs}.{norm}");
        }
        yield return ($"{ours}.se.conv_reduce", $"{theirs}.squeeze_excite.reduce");
        yield return ($"{ours}.se.conv_expand", $"{theirs}.squeeze_excite.expand");
    }
}
