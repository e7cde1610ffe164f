using System.Runtime.InteropServices;
using Graft.Formats;
using Graft.Torch;

namespace Graft.Models.Classification;

public sealed partial class Swin
{
    /// <summary>Where windows divide every map, its rule is everybody's.</summary>
    internal override ModelVariant? TorchVisionVariantOf(ModelConfig config)
    {
        var its = (Config)config;
        if (its.Rule != WindowRule.TorchVision && !IsEven(its)) return null;
        return VariantOf(Origin.TorchVision, its, ["image_size", "rule"]);
    }

    /// <summary>
    /// For each block of torchvision's, where in the table the bias of each pair of pixels stands, <c>[H W H W]</c>; in V2 also
    /// the distances that its network of biases takes, <c>[1, 2H - 1, 2W - 1, 2]</c>.
    /// </summary>
    internal override IEnumerable<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> TablesIn(Origin origin, ModelConfig config)
    {
        if (origin != Origin.TorchVision) yield break;
        var its = (Config)config;
        for (int stage = 0; stage < its.Depths.Count; stage++)
        {
            int side = its.Windows[stage], sides = 2 * side - 1;
            byte[] pairs = MemoryMarshal.AsBytes<long>(Pairs(side)).ToArray();
            byte[] distances = [];
            if (its.V2)
                using (Tensor table = RelativePositions.LogarithmicDistances(side, side, its.PretrainedWindow(stage), Device.Cpu))
                    distances = table.AsBytes().ToArray();
            for (int block = 0; block < its.Depths[stage]; block++)
            {
                string at = $"features.{2 * stage + 1}.{block}.attn.";
                yield return (new(at + "relative_position_index", ElementType.Int64, [1L * side * side * side * side]), pairs);
                if (!its.V2) continue;
                yield return (new(at + "relative_coords_table", ElementType.Float32, [1, sides, sides, 2]), distances);
            }
        }
    }

    static long[] Pairs(int side)
    {
        int pixels = side * side;
        long[] pairs = new long[pixels * pixels];
        for (int i = 0; i < pixels; i++)
            for (int j = 0; j < pixels; j++)
            {
                int rows = i / side - j / side + side - 1, columns = i % side - j % side + side - 1;
                pairs[i * pixels + j] = rows * (2 * side - 1) + columns;
            }
        return pairs;
    }
}
