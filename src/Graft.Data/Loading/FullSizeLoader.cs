using System.Runtime.ExceptionServices;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Reads images with masks whole, for evaluation: batches of images of equal size, or of one. They come in the order of the
/// data set, but for images of one size that are brought together; the same for any number of workers. An image that can't be
/// read makes its batch smaller; see <see cref="BadImages"/>.
/// </summary>
public sealed class FullSizeLoader
{
    readonly List<(int Width, int Height, List<Sample> Samples)> batches = [];

    /// <summary>Reads the headers of the images; nothing else is read yet.</summary>
    /// <param name="dataset">What to read, of <see cref="LabelKind.Mask"/>.</param>
    /// <param name="pipeline">How to read it.</param>
    /// <param name="options">Batch size, threads, how far ahead. Order and sampler are not used. <value>Batches of
    /// one.</value></param>
    /// <param name="badImages">Collects what can't be read. <value>One of its own, with the default limit</value></param>
    /// <exception cref="ArgumentException">The data set is empty or has no masks, or an option is out of its range.</exception>
    public FullSizeLoader(
        ImageDataset dataset, FullSizePipeline pipeline, DataLoaderOptions? options = null, BadImages? badImages = null)
    {
        Dataset = dataset;
        Pipeline = pipeline;
        Options = options ?? new DataLoaderOptions { BatchSize = 1 };
        BadImages = badImages ?? new BadImages();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Workers);
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Prefetch, 1);
        if (dataset.Kind != LabelKind.Mask || dataset.Count == 0)
            throw new ArgumentException($"{dataset.Name}: expected images with masks, found {dataset.Count} of {dataset.Kind}");
        Plan();
    }

    /// <summary>What is read.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>How a sample is read.</summary>
    public FullSizePipeline Pipeline { get; }

    /// <summary>Batch size, threads.</summary>
    public DataLoaderOptions Options { get; }

    /// <summary>What could not be read so far.</summary>
    public BadImages BadImages { get; }

    /// <summary>Batches a pass.</summary>
    public int BatchCount => batches.Count;

    /// <summary>Samples a pass, but for those whose header can't be read.</summary>
    public int SampleCount { get; private set; }

    /// <summary>The threads that read.</summary>
    public int Workers => Math.Min(Options.Workers > 0 ? Options.Workers : Math.Min(Environment.ProcessorCount, 16), SampleCount);

    /// <summary>
    /// The batches of a pass: images [N, C, h, w], targets [N, H, W] at the masks' own size. Reading starts with the enumeration
    /// and ends with it. Each batch is the caller's to dispose.
    /// </summary>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <param name="firstBatch">The first batch to come, from 0.</param>
    /// <exception cref="InvalidDataException">More images than the limit can't be read.</exception>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    public IEnumerable<Batch> Pass(CancellationToken cancellation = default, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Run(cancellation, firstBatch);
    }

    IEnumerable<Batch> Run(CancellationToken cancellation, int firstBatch)
    {
        var threads = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Workers));
        Queue<Pending> pending = new();
        int opened = firstBatch;
        try
        {
            while (true)
            {
                while (opened < batches.Count && pending.Count < Options.Prefetch + 1)
                    pending.Enqueue(Start(opened++, threads.ConcurrentScheduler));
                if (!pending.TryPeek(out Pending? next)) yield break;
                cancellation.ThrowIfCancellationRequested();
                Task.WaitAll(next.Reads, cancellation);
                pending.Dequeue();
                if (Close(next) is { } batch) yield return batch;
            }
        }
        finally
        {
            foreach (Pending left in pending)
            {
                Task.WaitAll(left.Reads, CancellationToken.None);
                left.Dispose();
            }
        }
    }

    void Plan()
    {
        Dictionary<(int, int), int> open = []; // the batch of that size that has room
        foreach (Sample sample in Dataset.Samples)
        {
            (int Width, int Height) size;
            try
            {
                size = Pipeline.Measure(sample);
            }
            catch (Exception error) when (BadImages.IsAbout(error))
            {
                BadImages.Report(sample.Path, BadImages.Reason(error));
                continue;
            }
            SampleCount++;
            if (open.TryGetValue(size, out int at) && batches[at].Samples.Count < Options.BatchSize)
                batches[at].Samples.Add(sample);
            else
            {
                open[size] = batches.Count;
                batches.Add((size.Width, size.Height, [sample]));
            }
        }
        BadImages.ThrowIfTooMany(Dataset.Count);
    }

    Pending Start(int number, TaskScheduler workers)
    {
        (int maskWidth, int maskHeight, List<Sample> samples) = batches[number];
        (int width, int height) = Pipeline.SizeOf(maskWidth, maskHeight);
        int channels = Pipeline.Preprocess.Channels, count = samples.Count;
        bool last = Options.MemoryFormat == MemoryFormat.ChannelsLast;
        BufferPool images = new(last ? [count, height, width, channels] : [count, channels, height, width], DType.Float32, last);
        BufferPool masks = new([count, maskHeight, maskWidth], DType.Int64);
        Tensor values = images.Rent(), targets = masks.Rent();
        int length = channels * height * width, maskLength = maskHeight * maskWidth;
        return new Pending(number, samples, images, masks, values, targets, length, maskLength,
        [
            .. samples.Select((sample, i) => Task.Factory.StartNew(() =>
            {
                try
                {
                    Pipeline.Read(sample, values.AsSpan<float>().Slice(i * length, length),
                        targets.AsSpan<long>().Slice(i * maskLength, maskLength), Options.MemoryFormat);
                    return (Exception?)null;
                }
                catch (Exception error)
                {
                    return error;
                }
            }, CancellationToken.None, TaskCreationOptions.None, workers)),
        ]);
    }

    Batch? Close(Pending read)
    {
        List<Sample> kept = [];
        try
        {
            Span<float> values = read.Values.AsSpan<float>();
            Span<long> targets = read.Targets.AsSpan<long>();
            for (int i = 0; i < read.Samples.Count; i++)
            {
                if (read.Reads[i].Result is not { } error)
                {
                    if (kept.Count < i)
                    {
                        values.Slice(i * read.Length, read.Length).CopyTo(values[(kept.Count * read.Length)..]);
                        targets.Slice(i * read.MaskLength, read.MaskLength).CopyTo(targets[(kept.Count * read.MaskLength)..]);
                    }
                    kept.Add(read.Samples[i]);
                    continue;
                }
                if (!BadImages.IsAbout(error)) ExceptionDispatchInfo.Throw(error);
                BadImages.Report(read.Samples[i].Path, BadImages.Reason(error));
            }
            BadImages.ThrowIfTooMany(Dataset.Count);
        }
        catch
        {
            read.Dispose();
            throw;
        }
        if (kept.Count == 0)
        {
            read.Dispose();
            return null;
        }
        using TensorScope scope = new();
        Tensor labels = Tensor.FromSpan<long>(new long[kept.Count], [kept.Count]).LeaveScope();
        return new Batch(read.Images.View(read.Values, kept.Count), labels, read.Masks.View(read.Targets, kept.Count), kept,
            read.Number, read.Dispose);
    }

    /// <summary>A batch that is being read, and its memory.</summary>
    sealed record Pending(
        int Number, List<Sample> Samples, BufferPool Images, BufferPool Masks, Tensor Values, Tensor Targets, int Length,
        int MaskLength, Task<Exception?>[] Reads) : IDisposable
    {
        public void Dispose()
        {
            Images.Dispose();
            Masks.Dispose();
            Values.Dispose();
            Targets.Dispose();
        }
    }
}
