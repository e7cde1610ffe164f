using Graft.Data;
using Graft.Training;

namespace Graft;

/// <summary>How a model does on labelled images.</summary>
public sealed record EvaluationResult
{
    /// <summary>What is known of each image.</summary>
    /// <value><see cref="LabelKind.Single"/></value>
    public LabelKind Kind { get; init; }

    /// <summary>How many images were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>
    /// Share of images whose most probable class is the right one; with several labels, of which every label is right; NaN for
    /// numbers; of masks, of pixels whose class is right.
    /// </summary>
    public required double Accuracy { get; init; }

    /// <summary>Share of images whose class is among the five most probable; null with five classes or fewer.</summary>
    public required double? Top5Accuracy { get; init; }

    /// <summary>The 95% interval of the accuracy, by Wilson; NaN for numbers and masks, whose pixels are no
    /// sample.</summary>
    public (double Low, double High) AccuracyInterval =>
        double.IsNaN(Accuracy) || Kind == LabelKind.Mask ? (double.NaN, double.NaN)
            : Proportion.Wilson((long)Math.Round(Accuracy * Images), Images);

    /// <summary>Mean cross-entropy, of masks over their pixels; for numbers the mean squared error, in their own units.</summary>
    public required double Loss { get; init; }

    /// <summary>The metrics that were asked for, by name, see <see cref="MetricList"/>; NaN where one is not defined.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>What logits were divided by before anything was measured.</summary>
    /// <value>1</value>
    public double Temperature { get; init; } = 1;

    /// <summary>Expected calibration error, 15 bins.</summary>
    public double CalibrationError { get; init; } = double.NaN;

    /// <summary>The same of the logits as they came, at temperature 1.</summary>
    public double UncalibratedError { get; init; } = double.NaN;

    /// <summary>How often predictions of some confidence are right: the bins of a reliability diagram.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; init; } = [];

    /// <summary>Classes that none of the images are of.</summary>
    public IReadOnlyList<string> AbsentClasses => [.. Classes.Where(one => one.Images == 0).Select(one => one.Label)];

    /// <summary>The classes or labels, in the order of the model's logits; none for numbers.</summary>
    public required IReadOnlyList<ClassResult> Classes { get; init; }

    /// <summary>The numbers, in the order of the model's outputs; none for classes.</summary>
    public IReadOnlyList<NumberResult> Numbers { get; init; } = [];

    /// <summary>
    /// How many images of class i (row) were taken for class j (column); none for several labels and numbers.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<int>> ConfusionMatrix { get; init; }

    /// <summary>Each image, in the order of the data.</summary>
    public required IReadOnlyList<SampleResult> Samples { get; init; }

    /// <summary>What was measured of pixels; null where the images have no masks.</summary>
    public SegmentationResult? Segmentation { get; init; }

    /// <summary>The model's outputs, row by row, <c>[N, K]</c>.</summary>
    internal float[] Outputs { get; init; } = [];

    /// <summary>Images that could not be read and were left out.</summary>
    public required IReadOnlyList<string> SkippedImages { get; init; }
}
