using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Biases for how far apart two pixels of a window are. A table has one row for each distance, <c>[(2H - 1)(2W - 1), heads]</c>,
/// rows of distances before columns of distances; attention wants one value for each pair of pixels.
/// </summary>
static class RelativePositions
{
    /// <summary>
    /// A table <c>[(2H - 1)(2W - 1), heads]</c> as biases <c>[heads, HW, HW]</c>. Each pair's value stands at the sum of the
    /// first pixel's place and the second's counted from the end, which is what overlapping windows over the table give.
    /// </summary>
    public static Tensor Spread(Tensor table, int height, int width)
    {
        using Tensor plane = table.Reshape(2 * height - 1, 2 * width - 1, -1); // [2H - 1, 2W - 1, heads]
        using Tensor rows = plane.Unfold(0, height, 1); // [H, 2W - 1, heads, H]
        using Tensor pixels = rows.Unfold(1, width, 1); // [H, W, heads, H, W]
        using Tensor ordered = pixels.Permute(2, 0, 1, 3, 4); // [heads, H, W, H, W]
        using Tensor pairs = ordered.Flip(3, 4);
        return pairs.Reshape(-1, height * width, height * width); // [heads, HW, HW]
    }

    /// <summary>
    /// The factors <c>[(2H' - 1)(2W' - 1), (2H - 1)(2W - 1)]</c> that make the table of another window: linear between places
    /// that lie the farther apart the farther from the middle, as timm's <c>resize_rel_pos_bias_table</c> has it (after BEiT).
    /// </summary>
    public static Tensor Resampling(
        (int Height, int Width) from, (int Height, int Width) to, DType dtype = DType.Float32, Device device = default)
    {
        float[,] vertical = Weights(2 * from.Height - 1, 2 * to.Height - 1);
        float[,] horizontal = Weights(2 * from.Width - 1, 2 * to.Width - 1);
        using var scope = new TensorScope();
        Tensor rows = Tensor.FromArray(vertical.Cast<float>().ToArray(), [vertical.GetLength(0), 1, vertical.GetLength(1), 1]);
        Tensor columns = Tensor.FromArray(
            horizontal.Cast<float>().ToArray(), [1, horizontal.GetLength(0), 1, horizontal.GetLength(1)]);
        long outputs = (2L * to.Height - 1) * (2 * to.Width - 1), inputs = (2L * from.Height - 1) * (2 * from.Width - 1);
        return scope.Keep((rows * columns).Reshape(outputs, inputs).To(dtype).To(device));
    }

    /// <summary>Shares of the sources in each target, one dimension: <c>[target, source]</c>.</summary>
    static float[,] Weights(int source, int target)
    {
        float[] places = Places(source, target);
        float[,] weights = new float[target, source];
        for (int i = 0; i < target; i++)
        {
            float x = i - target / 2;
            int right = 0;
            while (right < source - 1 && places[right] < x) right++;
            int left = Math.Max(right - 1, 0);
            float before = Math.Max(x - places[left], 0), after = Math.Max(places[right] - x, 0);
            if (before == 0 && after == 0) before = after = 1; // one place alone, or a target that lies on both
            weights[i, left] += after / (before + after);
            weights[i, right] += before / (before + after);
        }
        return weights;
    }

    /// <summary>Where the sources lie among the targets: a geometric progression from the middle to the last target.</summary>
    static float[] Places(int source, int target)
    {
        int half = source / 2;
        double low = 1.01, high = 1.5, ratio = low;
        while (high - low > 1e-6)
        {
            ratio = (low + high) / 2;
            double reach = (1 - Math.Pow(ratio, half)) / (1 - ratio);
            if (reach > target / 2) high = ratio;
            else low = ratio;
        }
        float[] places = new float[2 * half + 1];
        double place = 1;
        for (int i = 0; i < half; i++)
        {
            places[half + 1 + i] = (float)place;
            places[half - 1 - i] = (float)-place;
            place += Math.Pow(ratio, i + 1);
        }
        return places;
    }

    /// <summary>
    /// The distances within a window as Swin V2's network takes them: in units of the pretrained window, on a logarithmic scale:
    /// <c>[(2H - 1)(2W - 1), 2]</c>.
    /// </summary>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <param name="pretrained">the side of the window that the network has learned with; 0 for this one</param>
    /// <param name="device">where it is to be</param>
    public static Tensor LogarithmicDistances(int height, int width, int pretrained, Device device)
    {
        (int rows, int columns) = (2 * height - 1, 2 * width - 1);
        float[] values = new float[rows * columns * 2];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                values[2 * (i * columns + j)] = Scale(i - height + 1, pretrained > 0 ? pretrained : height);
                values[2 * (i * columns + j) + 1] = Scale(j - width + 1, pretrained > 0 ? pretrained : width);
            }
        using var scope = new TensorScope();
        return scope.Keep(Tensor.FromArray(values, [rows * columns, 2]).To(device));
    }

    static float Scale(int distance, int window)
    {
        float share = 8f * distance / Math.Max(window - 1, 1); // in [-8, 8]
        return Math.Sign(share) * MathF.Log2(Math.Abs(share) + 1) / 3;
    }
}
