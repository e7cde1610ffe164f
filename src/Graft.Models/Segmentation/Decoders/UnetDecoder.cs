using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// From the coarsest map up: twice the size, the backbone's map of that size beside it, two convolutions of 3 x 3. After the
/// finest map it goes on without one to the image's own size. Ronneberger et al. 2015, arXiv:1505.04597; channels, nearest pixels
/// and the names of the weights are those of Segmentation Models PyTorch.
/// </summary>
sealed class UnetDecoder : Decoder
{
    static readonly int[] widths = [256, 128, 64, 32, 16];
    readonly Sequential[] blocks;
    readonly double[] factors; // of the steps that have no map beside
    readonly int skips;

    /// <summary>A decoder for such a pyramid.</summary>
    public UnetDecoder(ModulePath at, IReadOnlyList<DecoderLevel> levels) : base(at)
    {
        skips = levels.Count - 1;
        List<double> further = [];
        for (double stride = levels[0].Stride; stride > 1; stride /= 2) further.Add(Math.Min(2, stride));
        factors = [.. further];
        blocks = new Sequential[skips + factors.Length];
        int inputs = levels[^1].Channels;
        for (int i = 0; i < blocks.Length; i++)
        {
            // the last step gives 16 channels, the one before it 32, and so on: a pyramid of few levels starts lower
            int outputs = widths[Math.Clamp(widths.Length - blocks.Length + i, 0, widths.Length - 1)];
            int beside = i < skips ? levels[skips - 1 - i].Channels : 0;
            ModulePath place = at / "blocks" / i;
            blocks[i] = new Sequential(
                place,
                new ConvNorm(place / "conv1", "0", "1", inputs + beside, outputs, kernel: 3, activation: ActivationKind.Relu),
                new ConvNorm(place / "conv2", "0", "1", outputs, outputs, kernel: 3, activation: ActivationKind.Relu));
            inputs = outputs;
        }
        Channels = inputs;
        Stride = Math.Min(1, levels[0].Stride);
    }

    public override int Channels { get; }

    public override double Stride { get; }

    public override int LastKernel => 3;

    public override Tensor Decode(IReadOnlyList<Tensor> maps)
    {
        Tensor x = maps[^1]; // [N, C, H / s, W / s]
        for (int i = 0; i < blocks.Length; i++)
        {
            using Tensor joined = i < skips ? Joined(x, maps[skips - 1 - i]) : Larger(x, factors[i - skips]);
            if (i > 0) x.Dispose();
            x = blocks[i].Forward(joined);
        }
        return x; // [N, 16, H, W]
    }

    /// <summary>To the size of the map beside it: doubled, and one row or column left out where that one is odd.</summary>
    static Tensor Joined(Tensor x, Tensor beside)
    {
        using Tensor larger = x.ResampleNearest(beside.Size(2), beside.Size(3));
        return Tensor.Cat([larger, beside], 1);
    }

    static Tensor Larger(Tensor x, double factor) =>
        x.ResampleNearest((long)Math.Round(x.Size(2) * factor), (long)Math.Round(x.Size(3) * factor));
}
