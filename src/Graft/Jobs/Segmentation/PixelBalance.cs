using Graft.Data;
using Graft.Imaging;

namespace Graft;

/// <summary>Weights for classes that have few pixels.</summary>
static class PixelBalance
{
    /// <summary>What a choice comes to for those images, whose masks are read where it depends on them.</summary>
    /// <exception cref="ArgumentException">It is nothing for masks.</exception>
    public static ClassBalance Of(
        BalanceKind choice, ImageDataset training, bool ignoreOrientation, int workers, CancellationToken cancellation)
    {
        if (choice is BalanceKind.Auto or BalanceKind.None) return ClassBalance.None;
        if (choice == BalanceKind.Sampler)
            throw new ArgumentException("balance sampler: an image has pixels of many classes. Use weights or median.");
        (long[] pixels, long[] whole) = Count(training, ignoreOrientation, workers, cancellation);
        double[] weights = choice == BalanceKind.Median ? Median(pixels, whole) : Inverse(pixels);
        return new ClassBalance([.. weights.Select(weight => (float)weight)], false, null);
    }

    /// <summary>N / (K n_k): a pixel weighs 1 in the mean. A class without pixels weighs 1.</summary>
    internal static double[] Inverse(long[] pixels)
    {
        double all = pixels.Sum();
        int present = pixels.Count(count => count > 0);
        return [.. pixels.Select(count => count == 0 ? 1 : all / ((double)present * count))];
    }

    /// <summary>
    /// The median of the classes' frequencies over a class's own: its share of the pixels of those images that have it. Eigen and
    /// Fergus 2015, arXiv:1411.4734. A class without pixels weighs 1.
    /// </summary>
    /// <param name="pixels">of each class</param>
    /// <param name="whole">of each class, the pixels of the images that have it</param>
    internal static double[] Median(long[] pixels, long[] whole)
    {
        double[] shares = [.. pixels.Select((count, k) => count == 0 ? double.NaN : (double)count / whole[k])];
        double[] known = [.. shares.Where(double.IsFinite).Order()];
        if (known.Length == 0) return [.. pixels.Select(_ => 1.0)];
        int middle = known.Length / 2;
        double median = known.Length % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
        return [.. shares.Select(share => double.IsFinite(share) ? median / share : 1)];
    }

    static (long[] Pixels, long[] Whole) Count(
        ImageDataset training, bool ignoreOrientation, int workers, CancellationToken cancellation)
    {
        int classes = training.Classes.Count;
        long[] pixels = new long[classes], whole = new long[classes];
        var options = new ParallelOptions
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = workers > 0 ? workers : Environment.ProcessorCount,
        };
        Parallel.ForEach(training.Samples, options, sample =>
        {
            long[] own = new long[classes];
            long counted = 0;
            try
            {
                ImageInfo info = ImageCodec.Identify(File.ReadAllBytes(sample.Path));
                using IndexMask mask = sample.Mask!.Read(training.Masks!, info, ignoreOrientation);
                foreach (ushort value in mask.Pixels)
                {
                    if (value == IndexMask.Ignore) continue;
                    own[value]++;
                    counted++;
                }
            }
            catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
            {
                return; // told when it is read for training
            }
            lock (pixels)
                for (int k = 0; k < classes; k++)
                {
                    pixels[k] += own[k];
                    if (own[k] > 0) whole[k] += counted;
                }
        });
        return (pixels, whole);
    }
}
