using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// What is added to a token for its place: a learned vector for each token before the patches and for each patch of a grid,
/// <c>[1, P + H W, D]</c>. For an image of another grid, those of the patches are resampled.
/// </summary>
public sealed class PositionTable
{
    readonly Parameter table;
    readonly Resampling resampling;
    readonly long width;

    /// <summary>A new weight of that name.</summary>
    /// <param name="at">the module that has it</param>
    /// <param name="name">the weight's name</param>
    /// <param name="prefix">P: tokens before the patches that have a position</param>
    /// <param name="height">patches in a column</param>
    /// <param name="across">patches in a row</param>
    /// <param name="width">D</param>
    /// <param name="resampling">how positions are brought to another grid</param>
    public PositionTable(
        ModulePath at, string name, int prefix, int height, int across, int width, Resampling resampling = Resampling.Bicubic)
    {
        (Prefix, Height, Across) = (prefix, height, across);
        this.width = width;
        this.resampling = resampling;
        table = at.Weight(name, 1, prefix + (long)height * across, width);
    }

    /// <summary>P: how many tokens before the patches have a position.</summary>
    public int Prefix { get; }

    /// <summary>Patches in a column of the grid that the positions are of.</summary>
    public int Height { get; private set; }

    /// <summary>Patches in a row of the grid that the positions are of.</summary>
    public int Across { get; private set; }

    /// <summary>The weight.</summary>
    public Parameter Weight => table;

    /// <summary>The positions for a grid, <c>[1, P + height across, D]</c>: a new tensor, or the weight itself.</summary>
    public Tensor For(int height, int across) =>
        (height, across) == (Height, Across) ? table.Value : Resample(table.Value, Height, Across, height, across);

    /// <summary>Replaces the positions by those for another grid, to be trained there.</summary>
    public void Regrid(int height, int across)
    {
        if ((height, across) == (Height, Across)) return;
        using GradMode mode = Autograd.NoGrad();
        table.Replace(For(height, across).LeaveScope());
        (Height, Across) = (height, across);
    }

    /// <summary>Positions that were learned for another square grid, for this one; null where they are of no such grid.</summary>
    /// <param name="other"><c>[1, P + S S, D]</c>, or without the first dimension</param>
    public Tensor? Adapted(Tensor other)
    {
        if (other.Shape is not ([1, _, _] or [_, _]) || other.Size(other.Rank - 1) != width) return null;
        long patches = other.Size(other.Rank - 2) - Prefix;
        int side = patches is > 0 and < int.MaxValue ? (int)Math.Sqrt(patches) : 0;
        return side > 0 && (long)side * side == patches
            ? Resample(other.Reshape(1, patches + Prefix, width), side, side, Height, Across) : null;
    }

    Tensor Resample(Tensor positions, int oldHeight, int oldAcross, int height, int across)
    {
        using var scope = new TensorScope();
        Tensor patches = positions.Slice(1, Prefix, positions.Size(1)); // [1, H W, D]
        Tensor map = patches.Reshape(1, oldHeight, oldAcross, width).Permute(0, 3, 1, 2).Contiguous(); // [1, D, H, W]
        Tensor other = Resampler.To(map, height, across, resampling); // [1, D, h, w]
        Tensor rows = other.Permute(0, 2, 3, 1).Reshape(1, (long)height * across, width); // [1, h w, D]
        return scope.Keep(Prefix == 0 ? rows.Contiguous() : Tensor.Cat([positions.Slice(1, 0, Prefix), rows], 1));
    }
}
