namespace Graft.Data;

/// <summary>One labelled image of an <see cref="ImageDataset"/>.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Label">The number of its class, from 0; 0 where it has <see cref="Targets"/> instead.</param>
/// <param name="Index">Its place in its data set: <c>dataset.Samples[Index]</c>. Also the key of its random draws.</param>
public sealed record Sample(string Path, int Label, int Index)
{
    /// <summary>
    /// Its path below the data set's folder, with forward slashes: <c>ants/0013035.jpg</c>. The same on every machine.
    /// </summary>
    public string Name { get; init; } = Path;

    /// <summary>
    /// For several labels, one value in [0, 1] for each class, 1 where the image has it; for numbers, one for each column.
    /// </summary>
    /// <value>null: the image has one class, <see cref="Label"/></value>
    public float[]? Targets { get; init; }

    /// <summary>Where the class of each pixel is, for <see cref="LabelKind.Mask"/>.</summary>
    /// <value>null: the image has no mask</value>
    public MaskSource? Mask { get; init; }

    /// <summary>How many pixels of the mask each class has, and behind them how many are ignored: K + 1 numbers.</summary>
    /// <value>null: the mask was not looked at</value>
    public long[]? PixelCounts { get; init; }
}
