using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>The maps of four sizes to one of the first's: pyramid pooling, a feature pyramid, and all levels joined.</summary>
sealed class UperNetDecoder
{
    readonly IReadOnlyList<int> scales;
    readonly ConvNorm[] pooled, laterals, levels;
    readonly ConvNorm bottleneck, join;

    public UperNetDecoder(ModulePath at, IReadOnlyList<int> inputs, int channels, IReadOnlyList<int> scales)
    {
        this.scales = scales;
        pooled = [.. scales.Select((_, i) => Layer(at / $"psp_modules.{i}.1", inputs[^1], channels, kernel: 1))];
        bottleneck = Layer(at / "bottleneck", inputs[^1] + scales.Count * channels, channels, kernel: 3);
        laterals = [.. inputs.SkipLast(1).Select((count, i) => Layer(at / "lateral_convs" / i, count, channels, kernel: 1))];
        levels = [.. laterals.Select((_, i) => Layer(at / "fpn_convs" / i, channels, channels, kernel: 3))];
        join = Layer(at / "fpn_bottleneck", inputs.Count * channels, channels, kernel: 3);
        Paths = [.. ((string[])["psp_modules", "bottleneck", "lateral_convs", "fpn_convs", "fpn_bottleneck"])
            .Select(name => (at / name).Name)];
    }

    /// <summary>Where its layers stand.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Convolution, batch normalisation, ReLU, under transformers' names.</summary>
    public static ConvNorm Layer(ModulePath at, int inputs, int outputs, int kernel) =>
        new(at, "conv", "batch_norm", inputs, outputs, kernel, activation: ActivationKind.Relu);

    /// <summary>Maps, finest first, to one of the first's size; they stay the caller's.</summary>
    public Tensor Decode(IReadOnlyList<Tensor> maps)
    {
        using var scope = new TensorScope();
        Tensor[] ours = [.. laterals.Select((lateral, i) => lateral.Forward(maps[i])), Pooled(maps[^1])]; // [N, C, h, w] each
        for (int i = ours.Length - 1; i > 0; i--)
            ours[i - 1] = ours[i - 1] + Sized(ours[i], ours[i - 1]);
        for (int i = 0; i < levels.Length; i++) ours[i] = levels[i].Forward(ours[i]);
        for (int i = 1; i < ours.Length; i++) ours[i] = Sized(ours[i], ours[0]);
        return scope.Keep(join.Forward(Tensor.Cat(ours, 1))); // [N, C, H / 4, W / 4]
    }

    /// <summary>The last map beside its means over a few windows: [N, C, h, w].</summary>
    Tensor Pooled(Tensor map)
    {
        Tensor[] parts = [map, .. scales.Select((side, i) => Sized(Pooled(map, i, side), map))];
        return bottleneck.Forward(Tensor.Cat(parts, 1));
    }

    /// <summary>
    /// One value for each channel is no batch to normalise by (PyTorch refuses it): then the running statistics are taken, and
    /// stay.
    /// </summary>
    Tensor Pooled(Tensor map, int number, int side)
    {
        BatchNorm2d norm = pooled[number].Norm;
        bool keeps = norm.KeepsStatistics;
        norm.KeepsStatistics = keeps || map.Size(0) * side * side == 1;
        try
        {
            return pooled[number].Forward(Precision.Full(map).Value.AdaptiveAvgPool2d(side, side));
        }
        finally
        {
            norm.KeepsStatistics = keeps;
        }
    }

    static Tensor Sized(Tensor map, Tensor like) => map.ResampleBilinear(like.Size(2), like.Size(3));
}
