using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// A feature pyramid (Lin et al. 2017, arXiv:1612.03144) of 256 channels, from the map of a quarter of the image's size to the
/// coarsest; each level is brought to that quarter in steps of 3 x 3 to 128 channels, group normalisation, ReLU and doubling, and
/// all are added. Kirillov et al. 2019, "Panoptic Feature Pyramid Networks", arXiv:1901.02446, figure 3; without the 3 x 3 that
/// smooths each level, as in Segmentation Models PyTorch, whose names the weights have.
/// </summary>
sealed class FpnDecoder : Decoder
{
    const int PyramidChannels = 256, BranchChannels = 128, NormGroups = 32, FinestStride = 4;
    readonly Conv2d[] laterals;
    readonly Step[][] branches;
    readonly double[] strides;
    readonly int first;

    /// <summary>A decoder for such a pyramid.</summary>
    public FpnDecoder(ModulePath at, IReadOnlyList<DecoderLevel> levels) : base(at)
    {
        while (first < levels.Count - 2 && Math.Ceiling(levels[first].Stride) < FinestStride) first++;
        int count = levels.Count - first;
        strides = [.. levels.Skip(first).Select(level => level.Stride)];
        laterals = new Conv2d[count];
        branches = new Step[count][];
        for (int i = 0; i < count; i++)
        {
            int fromTop = count - 1 - i;
            string name = fromTop == 0 ? "p5" : $"p{5 - fromTop}.skip_conv";
            laterals[i] = new Conv2d(at / name, levels[first + i].Channels, PyramidChannels, kernel: 1);
            branches[i] = new Step[Math.Max(1, i)];
            for (int j = 0; j < branches[i].Length; j++)
                branches[i][j] = new Step(
                    at / $"seg_blocks.{fromTop}.block.{j}.block", j == 0 ? PyramidChannels : BranchChannels);
        }
    }

    public override int Channels => BranchChannels;

    public override double Stride => strides[0];

    public override Tensor Decode(IReadOnlyList<Tensor> maps)
    {
        Tensor? above = null, sum = null;
        for (int i = laterals.Length - 1; i >= 0; i--)
        {
            Tensor level = laterals[i].Forward(maps[first + i]); // [N, 256, h, w]
            if (above is not null)
            {
                using Tensor larger = above.ResampleNearest(level.Size(2), level.Size(3));
                above.Dispose();
                level = Precision.Sum(level, larger);
            }
            above = level;
            Tensor branch = Branch(i, level, maps); // [N, 128, H / 4, W / 4]
            if (sum is null) sum = branch;
            else
            {
                sum = Precision.Sum(sum, branch);
                branch.Dispose();
            }
        }
        above!.Dispose();
        return sum!;
    }

    /// <summary>A level at the size of the finest.</summary>
    Tensor Branch(int number, Tensor level, IReadOnlyList<Tensor> maps)
    {
        Tensor x = branches[number][0].Forward(level);
        for (int finer = number - 1; finer >= 0; finer--)
        {
            Tensor size = maps[first + finer];
            using Tensor smaller = x;
            x = Enlarged(smaller, size.Size(2), size.Size(3), strides[finer + 1] / strides[finer]);
            if (finer > 0) x = x.Then(branches[number][number - finer]);
        }
        return x;
    }

    /// <summary>3 x 3, group normalisation, ReLU.</summary>
    sealed class Step(ModulePath at, int inputs) : Module(at)
    {
        readonly Conv2d conv = new(at / 0, inputs, BranchChannels, kernel: 3, bias: false);
        readonly GroupNorm norm = new(at / 1, NormGroups, BranchChannels);

        protected override Tensor Compute(Tensor x) =>
            Activation.ApplyTo(ActivationKind.Relu, conv.Forward(x).Then(norm)); // [N, 128, H, W]
    }
}
