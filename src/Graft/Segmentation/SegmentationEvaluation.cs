using System.Diagnostics;
using Graft.Data;
using Graft.Imaging;
using Graft.Training;

namespace Graft;

/// <summary>Measures a segmentation model on images with masks, at their full size.</summary>
public static class SegmentationEvaluation
{
    const string Phase = "evaluating";

    /// <summary>Runs every image of a folder or table through a model.</summary>
    /// <param name="model">the model</param>
    /// <param name="data">images with masks; the masks' classes must be labels of the model</param>
    /// <param name="options">how; null: as their defaults say</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="seen">told of each image with its true mask, its predicted one and how good that is; masks are freed after
    /// it</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The data can't be used, or its classes are not the model's.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SegmentationResult Run(
        SavedModel model, string data, SegmentationEvaluationOptions? options = null, ITrainingProgress? progress = null,
        Action<SegmentedSample, IndexMask, IndexMask>? seen = null, CancellationToken cancellation = default)
    {
        options ??= new SegmentationEvaluationOptions();
        progress ??= Silent.Instance;
        options.View.Validate();
        var all = SegmentationData.Open(data, options.Masks, cancellation: cancellation);
        foreach (string note in all.Notes) progress.Note(note);
        MaskEncoding encoding = all.Masks.WithClasses(model.Labels);
        ImageDataset images = DataParts.Find(all, options.Part);
        return Run(model, images, encoding, options, progress, seen, cancellation);
    }

    /// <summary>The same on a data set.</summary>
    internal static SegmentationResult Run(
        SavedModel model, ImageDataset images, MaskEncoding encoding, SegmentationEvaluationOptions options,
        ITrainingProgress progress, Action<SegmentedSample, IndexMask, IndexMask>? seen, CancellationToken cancellation)
    {
        bool ignoreOrientation = options.Masks.IgnoreOrientation;
        var segmenter = new Segmenter(model) { View = options.View, IgnoreOrientation = ignoreOrientation };
        IReadOnlyList<string> names = MetricList.Usual(LabelKind.Mask);
        var measure = new MaskEvaluationBuilder(
            model.Labels, options.Boundaries ? names : [.. names.Where(name => name != "boundary_f")]);
        var bad = new BadImages();
        bad.Found += item => progress.Note($"skipped {item}");
        progress.PhaseStarted(Phase, images.Count);
        long started = Stopwatch.GetTimestamp();
        int done = 0;
        foreach (Sample sample in images.Samples)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using Image image = ImageCodec.Load(sample.Path, ignoreOrientation);
                using IndexMask truth = sample.Mask!.Read(encoding, InfoOf(sample.Path), ignoreOrientation);
                using IndexMask predicted = segmenter.Segment(image).Mask!;
                SegmentedSample result = measure.Add(
                    sample.Path, Numbers(predicted), Numbers(truth), truth.Height, truth.Width, meanLoss: double.NaN);
                seen?.Invoke(result, predicted, truth);
            }
            catch (Exception error) when (BadImages.IsAbout(error))
            {
                bad.Report(sample.Path, BadImages.Reason(error));
                bad.ThrowIfTooMany(images.Count);
            }
            double speed = ++done / Math.Max(1e-9, Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress.Advanced(new StepProgress(
                Phase, 0, 0, done, images.Count, done, images.Count, double.NaN, double.NaN, speed));
        }
        return measure.Build([.. bad.Items.Select(item => item.Path)]).Segmentation!;
    }

    static long[] Numbers(IndexMask mask)
    {
        ReadOnlySpan<ushort> values = mask.Pixels;
        var numbers = new long[values.Length];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = values[i] == IndexMask.Ignore ? LossTargets.Ignore : values[i];
        return numbers;
    }

    static ImageInfo InfoOf(string path) => ImageCodec.Identify(File.ReadAllBytes(path), path);
}
