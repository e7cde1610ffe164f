using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Reads a data set in batches on worker threads, a bounded number of them ahead of the consumer, in order. All workers read into
/// the same batch, sample by sample, straight into its memory, so that the first batch is there soon. Batches are the same, bit
/// for bit, for any number of workers.
/// <code>
/// foreach (Batch batch in loader.Epoch(epoch, cancellation))
///     using (batch) Step(batch.Images, batch.Labels);
/// </code>
/// A last batch of a single sample joins the one before, since batch norm can't normalise a lone value. An image that can't be
/// read makes its batch smaller; see <see cref="BadImages"/>.
/// </summary>
public sealed class DataLoader
{
    readonly ISampler sampler;
    readonly BatchPlan plan;

    /// <summary>A loader; nothing is read yet.</summary>
    /// <param name="dataset">What to read.</param>
    /// <param name="reader">How to read one sample.</param>
    /// <param name="options">Batch size, order, threads. <value>The defaults.</value></param>
    /// <param name="badImages">Collects what can't be read. <value>One of its own, with the default limit.</value></param>
    /// <exception cref="ArgumentException">The data set is empty, or an option is out of its range.</exception>
    public DataLoader(ImageDataset dataset, ISampleReader reader, DataLoaderOptions? options = null, BadImages? badImages = null)
    {
        Dataset = dataset;
        Reader = reader;
        Options = options ?? new DataLoaderOptions();
        BadImages = badImages ?? new BadImages();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Workers);
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Prefetch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Niceness);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Options.Niceness, 19);
        if (Options.MemoryFormat == MemoryFormat.Preserve)
            throw new ArgumentException("MemoryFormat: expected Contiguous or ChannelsLast, came Preserve", nameof(options));
        sampler = Options.Sampler
            ?? (Options.Shuffle ? new ShuffledSampler(dataset.Count, Options.Seed) : new SequentialSampler(dataset.Count));
        if (sampler.Count == 0) throw new ArgumentException($"{dataset.Name}: expected images, found none", nameof(dataset));
        plan = new BatchPlan(sampler.Count, Options.BatchSize, Options.DropLast);
        if (plan.LargestBatch * SampleLength > int.MaxValue)
            throw new ArgumentException(
                $"BatchSize: a batch of {plan.LargestBatch} x {reader.Channels} x {reader.Height} x {reader.Width} has over " +
                "2^31 values",
                nameof(options));
    }

    /// <summary>What is read.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>How a sample is read.</summary>
    public ISampleReader Reader { get; }

    /// <summary>Batch size, order, threads.</summary>
    public DataLoaderOptions Options { get; }

    /// <summary>What could not be read so far.</summary>
    public BadImages BadImages { get; }

    /// <summary>Batches an epoch; fewer come only where every image of one is bad.</summary>
    public int BatchCount => plan.Batches;

    /// <summary>Samples an epoch, bad ones included.</summary>
    public int SampleCount => plan.Samples;

    /// <summary>The threads that read.</summary>
    public int Workers =>
        Math.Min(Options.Workers > 0 ? Options.Workers : Math.Min(Environment.ProcessorCount, 16), plan.Samples);

    internal long SampleLength => (long)Reader.Channels * Reader.Height * Reader.Width;

    /// <summary>
    /// The batches of an epoch. Reading starts with the enumeration and ends with it: leaving early, by break or by an exception,
    /// stops the workers. Each batch is the caller's to dispose.
    /// </summary>
    /// <param name="epoch">The epoch, from 0: the key of order and augmentation.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <param name="firstBatch">The first batch to come, from 0; those before it are not read.</param>
    /// <exception cref="InvalidDataException">More images than the limit can't be read.</exception>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    public IEnumerable<Batch> Epoch(int epoch, CancellationToken cancellation = default, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Run(epoch, firstBatch, cancellation);
    }

    IEnumerable<Batch> Run(int epoch, int firstBatch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using EpochReader reader = new(this, plan, sampler.Order(epoch), epoch, firstBatch, cancellation);
        while (reader.Next() is { } batch) yield return batch;
    }
}
