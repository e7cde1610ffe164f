using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// What is added to the scores of two tokens for how far apart they stand: a row of the table for each offset on the grid of
/// patches, and three more for the class token (to a patch, from a patch, to itself). Bao et al. 2021 (BEiT), arXiv:2106.08254.
/// </summary>
public sealed class RelativePositionBias
{
    const int ClassRows = 3;
    readonly Parameter table;
    readonly Resampling resampling;
    readonly int heads;
    int height, across;

    /// <summary>A new weight <c>relative_position_bias_table</c>.</summary>
    /// <param name="at">the module that has it</param>
    /// <param name="height">patches in a column</param>
    /// <param name="across">patches in a row</param>
    /// <param name="heads">H</param>
    /// <param name="resampling">how it is brought to another grid</param>
    public RelativePositionBias(
        ModulePath at, int height, int across, int heads, Resampling resampling = Resampling.Bilinear)
    {
        (this.height, this.across, this.heads, this.resampling) = (height, across, heads, resampling);
        table = at.Weight("relative_position_bias_table", Offsets(height, across) + ClassRows, heads);
    }

    /// <summary>The weight: <c>[(2 height - 1)(2 across - 1) + 3, H]</c>.</summary>
    public Parameter Weight => table;

    /// <summary>For the class token and the patches of a grid: <c>[H, 1 + h w, 1 + h w]</c>.</summary>
    /// <param name="height">h</param>
    /// <param name="across">w</param>
    /// <param name="index">what <see cref="Index"/> gives for it</param>
    public Tensor For(int height, int across, Tensor index)
    {
        using var scope = new TensorScope();
        Tensor rows = (height, across) == (this.height, this.across) ? table.Value
            : Resample(table.Value, this.height, this.across, height, across);
        long tokens = 1 + (long)height * across;
        return scope.Keep(rows.IndexSelect(0, index).Reshape(tokens, tokens, heads).Permute(2, 0, 1));
    }

    /// <summary>Replaces the table by that of another grid, to be trained there.</summary>
    public void Regrid(int height, int across)
    {
        if ((height, across) == (this.height, this.across)) return;
        using GradMode mode = Autograd.NoGrad();
        table.Replace(Resample(table.Value, this.height, this.across, height, across).LeaveScope());
        (this.height, this.across) = (height, across);
    }

    /// <summary>A table that was learned for another square grid, for this one; null where it is of no such grid.</summary>
    public Tensor? Adapted(Tensor other)
    {
        if (other.Rank != 2 || other.Size(1) != heads) return null;
        long offsets = other.Size(0) - ClassRows;
        int side = offsets is > 0 and < int.MaxValue ? (int)Math.Sqrt(offsets) : 0;
        if (side % 2 == 0 || (long)side * side != offsets) return null;
        return Resample(other, (side + 1) / 2, (side + 1) / 2, height, across);
    }

    Tensor Resample(Tensor rows, int oldHeight, int oldAcross, int height, int across)
    {
        using var scope = new TensorScope();
        long offsets = Offsets(oldHeight, oldAcross);
        Tensor map = rows.Slice(0, 0, offsets).Reshape(1, 2 * oldHeight - 1, 2 * oldAcross - 1, heads).Permute(0, 3, 1, 2)
            .Contiguous(); // [1, H, 2 h - 1, 2 w - 1]
        Tensor other = Resampler.To(map, 2 * height - 1, 2 * across - 1, resampling); // [1, H, 2 h - 1, 2 w - 1]
        Tensor flat = other.Permute(0, 2, 3, 1).Reshape(Offsets(height, across), heads);
        return scope.Keep(Tensor.Cat([flat, rows.Slice(0, offsets, offsets + ClassRows)]));
    }

    /// <summary>The table's row for each pair of tokens, query by query: <c>[(1 + h w)^2]</c>.</summary>
    public static Tensor Index(int height, int across, Device device)
    {
        int tokens = 1 + height * across;
        long last = Offsets(height, across);
        long[] rows = new long[(long)tokens * tokens];
        for (int query = 1; query < tokens; query++)
        {
            (int row, int column) = Math.DivRem(query - 1, across);
            Span<long> its = rows.AsSpan(query * tokens, tokens);
            its[0] = last + 1;
            for (int key = 1; key < tokens; key++)
            {
                (int keyRow, int keyColumn) = Math.DivRem(key - 1, across);
                its[key] = (row - keyRow + height - 1) * (2L * across - 1) + column - keyColumn + across - 1;
            }
        }
        rows.AsSpan(1, tokens - 1).Fill(last);
        rows[0] = last + 2;
        using Tensor onHost = Tensor.FromArray(rows, [rows.LongLength]);
        return device.IsCpu ? onHost.Share() : onHost.To(device);
    }

    static long Offsets(int height, int across) => (2L * height - 1) * (2L * across - 1);
}
