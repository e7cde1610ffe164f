using Graft.Imaging;
using Graft.Training;

namespace Graft;

/// <summary>Compares predicted masks with true ones, image by image, and sums up.</summary>
/// <param name="labels">the classes</param>
/// <param name="boundaries">whether outlines are compared, which costs more than the rest</param>
sealed class SegmentationMeasure(IReadOnlyList<string> labels, bool boundaries = true)
{
    readonly PixelConfusion all = new(labels.Count);
    readonly BoundaryScore outlines = new(labels.Count);
    readonly List<SegmentedSample> samples = [];

    /// <summary>Adds an image.</summary>
    /// <returns>how the model does on it</returns>
    public SegmentedSample Add(string image, IndexMask predicted, IndexMask truth)
    {
        var one = new PixelConfusion(labels.Count);
        long[] taken = Numbers(predicted), actual = Numbers(truth);
        one.UpdateMask(taken, actual, truth.Height, truth.Width);
        all.Add(one);
        if (boundaries) outlines.UpdateMask(taken, actual, truth.Height, truth.Width);
        var sample = new SegmentedSample(image, one.MeanIoU(), one.PixelAccuracy());
        samples.Add(sample);
        return sample;
    }

    /// <summary>What all images come to.</summary>
    public SegmentationResult Result(IReadOnlyList<string> skipped) => new()
    {
        Images = samples.Count,
        Pixels = all.Count,
        MeanIoU = all.MeanIoU(),
        MeanDice = all.MeanDice(),
        PixelAccuracy = all.PixelAccuracy(),
        MeanAccuracy = all.MeanAccuracy(),
        FrequencyWeightedIoU = all.FrequencyWeightedIoU(),
        BoundaryF = boundaries ? outlines.Compute() : double.NaN,
        Classes =
        [
            .. labels.Select((label, k) => new SegmentationClassResult(
                label, all.Actual(k), all.IoU(k), all.Dice(k), all.Accuracy(k), all.Precision(k),
                boundaries ? outlines.Of(k) : double.NaN)),
        ],
        Confusion = all.ToArray(),
        Samples = samples,
        SkippedImages = skipped,
    };

    static long[] Numbers(IndexMask mask)
    {
        ReadOnlySpan<ushort> values = mask.Pixels;
        var numbers = new long[values.Length];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = values[i] == IndexMask.Ignore ? -100 : values[i];
        return numbers;
    }
}
