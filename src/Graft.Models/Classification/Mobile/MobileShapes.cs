namespace Graft.Models.Classification.Mobile;

/// <summary>
/// What the names and shapes of a file say about a mobile network's blocks: all but strides, activations, borders and sums.
/// </summary>
sealed class MobileShapes(TensorNames tensors)
{
    /// <summary>The block whose first weights stand at that path under timm's names; null for none.</summary>
    public MobileBlock? Timm(string path)
    {
        bool Has(string name) => tensors.Has($"{path}.{name}.weight");
        MobileBlockKind? kind = Has("conv_exp") ? MobileBlockKind.Fused
            : Has("conv_pwl") ? MobileBlockKind.Inverted
            : Has("conv_dw") ? MobileBlockKind.Separable
            : Has("conv") ? MobileBlockKind.Plain : null;
        if (kind is not { } known) return null;
        string[] layers = [.. known.Layers().Select(layer => $"{path}.{layer.Convolution}.weight")];
        return Measure(known, layers, $"{path}.se.conv_reduce.weight");
    }

    /// <summary>The same for torchvision's names: layers are numbered.</summary>
    public MobileBlock? TorchVision(string path)
    {
        List<string> layers = [];
        string squeeze = "";
        for (int i = 0; i < 4; i++)
        {
            if (tensors.Has($"{path}.{i}.0.weight")) layers.Add($"{path}.{i}.0.weight");
            else if (tensors.Has($"{path}.{i}.fc1.weight")) squeeze = $"{path}.{i}.fc1.weight";
        }
        bool IsDepthwise(int layer) => tensors.Size(layers[layer], 1) == 1 && tensors.Size(layers[layer], 2) > 1;
        return layers.Count switch
        {
            1 => Measure(MobileBlockKind.Plain, layers, squeeze),
            2 => Measure(IsDepthwise(0) ? MobileBlockKind.Separable : MobileBlockKind.Fused, layers, squeeze),
            3 when IsDepthwise(1) => Measure(MobileBlockKind.Inverted, layers, squeeze),
            _ => null,
        };
    }

    /// <summary>The same for Hugging Face's names.</summary>
    public MobileBlock? HuggingFace(string path)
    {
        string expand = $"{path}.expansion.expand_conv.weight", squeeze = $"{path}.squeeze_excite.reduce.weight";
        string[] layers = [$"{path}.depthwise_conv.depthwise_conv.weight", $"{path}.projection.project_conv.weight"];
        return tensors.Has(expand) ? Measure(MobileBlockKind.Inverted, [expand, .. layers], squeeze)
            : Measure(MobileBlockKind.Separable, layers, squeeze);
    }

    /// <summary>A plain block whose convolution stands at that path; null for none.</summary>
    public MobileBlock? Brick(string path) =>
        tensors.Has($"{path}.weight") ? Measure(MobileBlockKind.Plain, [$"{path}.weight"], "") : null;

    /// <summary>Numbered stages, to the first that has no blocks.</summary>
    public static List<List<MobileBlock>> Stages(Func<int, List<MobileBlock>> at)
    {
        List<List<MobileBlock>> stages = [];
        while (stages.Count < 64 && at(stages.Count) is { Count: > 0 } blocks) stages.Add(blocks);
        return stages;
    }

    /// <summary>A numbered list of blocks, to the first that is not there.</summary>
    public static List<MobileBlock> List(Func<int, MobileBlock?> at)
    {
        List<MobileBlock> blocks = [];
        while (blocks.Count < 1024 && at(blocks.Count) is { } block) blocks.Add(block);
        return blocks;
    }

    /// <summary>Whether two blocks have the same weights.</summary>
    public static bool Same(MobileBlock one, MobileBlock other) =>
        (one.Kind, one.Kernel, one.Wide, one.Channels, one.Squeezed) ==
        (other.Kind, other.Kernel, other.Wide, other.Channels, other.Squeezed);

    /// <summary>Whether two networks have the same weights, however their blocks are put into stages.</summary>
    public static bool Same(MobileConfig one, MobileConfig other)
    {
        if ((one.Stem, one.StemKernel, one.Features) != (other.Stem, other.StemKernel, other.Features)) return false;
        if (one.Stages.Sum(stage => stage.Count) != other.Stages.Sum(stage => stage.Count)) return false;
        return one.Blocks().Zip(other.Blocks()).All(pair => Same(pair.First.Block, pair.Second.Block));
    }

    MobileBlock? Measure(MobileBlockKind kind, IReadOnlyList<string> layers, string squeeze)
    {
        int window = kind == MobileBlockKind.Inverted ? 1 : 0;
        int kernel = tensors.Size(layers[window], 2), outputs = tensors.Size(layers[^1], 0);
        int wide = kind == MobileBlockKind.Plain ? 0 : tensors.Size(layers[window], 0);
        if (kernel is 0 or > 63 || outputs is 0 or > 65536 || (kind != MobileBlockKind.Plain && wide == 0)) return null;
        return new MobileBlock
        {
            Kind = kind,
            Kernel = kernel,
            Wide = wide,
            Channels = outputs,
            Squeezed = tensors.Size(squeeze, 0),
        };
    }
}
