using Graft.Data;
using Graft.Training;

namespace Graft;

/// <summary>Collects the classes that a model gives to pixels, image by image, and makes the measures of them.</summary>
/// <param name="labels">the classes</param>
/// <param name="names">metrics to measure, see <see cref="MetricList"/>; null: the usual ones</param>
/// <exception cref="ArgumentException">There is no such metric, or it is not for masks.</exception>
sealed class MaskEvaluationBuilder(IReadOnlyList<string> labels, IReadOnlyList<string>? names = null)
{
    readonly PixelConfusion pixels = new(labels.Count), own = new(labels.Count);
    readonly MeanLoss loss = new();
    readonly List<SegmentedSample> samples = [];
    readonly MetricSet chosen = new(names ?? MetricList.Usual(LabelKind.Mask), LabelKind.Mask, labels);

    /// <summary>Images so far.</summary>
    public int Count => samples.Count;

    /// <summary>Mean cross-entropy of the pixels so far.</summary>
    public double Loss => loss.Compute();

    /// <summary>Share of pixels whose class is right, so far.</summary>
    public double Accuracy => pixels.PixelAccuracy();

    /// <summary>Adds an image.</summary>
    /// <param name="image">the file</param>
    /// <param name="predicted">the class given to each pixel, <c>[H, W]</c></param>
    /// <param name="truth">the right class of each pixel, negative where it does not count, <c>[H, W]</c></param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <param name="meanLoss">mean cross-entropy of the pixels that count</param>
    /// <returns>how the model does on it</returns>
    /// <exception cref="ArgumentException">The sizes differ, or a number is no class.</exception>
    public SegmentedSample Add(
        string image, ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width, double meanLoss)
    {
        own.Reset();
        own.UpdateMask(predicted, truth, height, width);
        pixels.Add(own);
        chosen.UpdateMask(predicted, truth, height, width);
        if (double.IsFinite(meanLoss)) loss.Update(meanLoss, own.Count);
        var sample = new SegmentedSample(image, own.MeanIoU(), own.PixelAccuracy());
        samples.Add(sample);
        return sample;
    }

    /// <summary>The measures of what was added.</summary>
    /// <param name="skipped">images that could not be read</param>
    /// <exception cref="InvalidDataException">Nothing was added.</exception>
    public EvaluationResult Build(IReadOnlyList<string> skipped)
    {
        if (samples.Count == 0) throw new InvalidDataException("none of the images could be read: nothing to measure.");
        BoundaryScore? outlines = chosen.Find<BoundaryScore>();
        return new EvaluationResult
        {
            Kind = LabelKind.Mask,
            Images = samples.Count,
            Accuracy = Accuracy,
            Top5Accuracy = null,
            Loss = Loss,
            Metrics = chosen.Compute(),
            Classes = [],
            ConfusionMatrix = [],
            Samples = [],
            SkippedImages = skipped,
            Segmentation = new SegmentationResult
            {
                Images = samples.Count,
                Pixels = pixels.Count,
                MeanIoU = pixels.MeanIoU(),
                MeanDice = pixels.MeanDice(),
                PixelAccuracy = Accuracy,
                MeanAccuracy = pixels.MeanAccuracy(),
                FrequencyWeightedIoU = pixels.FrequencyWeightedIoU(),
                BoundaryF = outlines?.Compute() ?? double.NaN,
                Classes =
                [
                    .. labels.Select((label, k) => new SegmentationClassResult(
                        label, pixels.Actual(k), pixels.IoU(k), pixels.Dice(k), pixels.Accuracy(k), pixels.Precision(k),
                        outlines?.Of(k) ?? double.NaN)),
                ],
                Confusion = pixels.ToArray(),
                Samples = samples,
                SkippedImages = skipped,
            },
        };
    }
}
