using Graft.Torch;

namespace Graft.Data;

/// <summary>How a <see cref="DataLoader"/> goes through a data set. None of <see cref="Workers"/>, <see cref="Prefetch"/> and
/// <see cref="Niceness"/> changes a batch.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>Images a batch. <value>32.</value></summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Draws a new order for each epoch, for training. <value>false: the order of the data set.</value></summary>
    public bool Shuffle { get; init; }

    /// <summary>The key of the order that <see cref="Shuffle"/> draws. <value>0.</value></summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// An order of one's own; <see cref="Shuffle"/> and <see cref="Seed"/> are not used then. <value>null.</value>
    /// </summary>
    public ISampler? Sampler { get; init; }

    /// <summary>
    /// Leaves out the last batch where it is smaller than the others (but never the only one). <value>false.</value>
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>Threads that read images. <value>0: one a core, at most 16.</value></summary>
    public int Workers { get; init; }

    /// <summary>Batches that are prepared ahead of the one in use. <value>2.</value></summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>
    /// How the images of a batch lie in memory; the shape is [N, 3, H, W] in any case. Convolutions on CPUs are faster over
    /// <see cref="MemoryFormat.ChannelsLast"/>. <value><see cref="MemoryFormat.Contiguous"/>.</value>
    /// </summary>
    public MemoryFormat MemoryFormat { get; init; } = MemoryFormat.Contiguous;

    /// <summary>
    /// How far workers stand back behind the threads that compute: 0 to 19, as Unix's <c>nice</c> means it. <value>0.</value>
    /// </summary>
    public int Niceness { get; init; }
}
