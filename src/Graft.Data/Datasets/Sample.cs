namespace Graft.Data;

/// <summary>One labelled image of an <see cref="ImageDataset"/>.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Label">The number of its class, from 0.</param>
/// <param name="Index">Its place in its data set: <c>dataset.Samples[Index]</c>. Also the key of its random draws.</param>
public sealed record Sample(string Path, int Label, int Index)
{
    /// <summary>
    /// Its path below the data set's folder, with forward slashes: <c>ants/0013035.jpg</c>. The same on every machine.
    /// </summary>
    public string Name { get; init; } = Path;
}
