using Graft.Data;

namespace Graft.Training;

/// <summary>
/// Everything that a model can be measured by, chosen by name: <c>accuracy</c>, <c>top5</c>, <c>f1:macro</c>,
/// <c>fbeta:beta=2:weighted</c>, <c>recall:class=bees</c>. Parameters follow the name after colons.
/// </summary>
public static class MetricList
{
    static readonly LabelKind[] one = [LabelKind.Single], several = [LabelKind.Multiple], numbers = [LabelKind.Number];
    static readonly LabelKind[] masks = [LabelKind.Mask];
    static readonly LabelKind[] classes = [LabelKind.Single, LabelKind.Multiple];
    static readonly string[] averages = ["macro", "micro", "weighted", "samples", "class=", "threshold="];
    static readonly string[] rankings = ["macro", "micro", "weighted", "class="];

    /// <summary>Every metric. To add one, write it in <c>Metrics/</c> and name it here.</summary>
    public static IReadOnlyList<MetricEntry> All { get; } =
    [
        new("accuracy", MetricGoal.Higher, classes, ["threshold="],
            "share of samples that are right; with several labels, of those whose labels are all right", Accuracy),
        new("top", MetricGoal.Higher, one, ["k="], "share of samples whose class is among the k most probable; top5",
            request => Own(new TopKAccuracy(request.K))),
        new("balanced_accuracy", MetricGoal.Higher, one, [], "mean recall of the classes that occur",
            request => Of(Confusion(request), matrix => matrix.BalancedAccuracy())),
        new("precision", MetricGoal.Higher, classes, averages, "share of those taken for a class that are of it", Precision),
        new("recall", MetricGoal.Higher, classes, averages, "share of those of a class that were taken for it", Recall),
        new("f1", MetricGoal.Higher, classes, averages, "harmonic mean of precision and recall", FBeta),
        new("fbeta", MetricGoal.Higher, classes, [.. averages, "beta="],
            "the same with recall counting beta times as much", FBeta),
        new("auc", MetricGoal.Higher, classes, rankings, "area under the ROC curve, each class against the rest", Auc),
        new("ap", MetricGoal.Higher, classes, rankings, "average precision, each class against the rest", AveragePrecision),
        new("mcc", MetricGoal.Higher, one, [], "Matthews' correlation of truth and predictions",
            request => Of(Confusion(request), matrix => matrix.Matthews())),
        new("kappa", MetricGoal.Higher, one, ["linear", "quadratic"],
            "Cohen's kappa: agreement beyond chance; linear, quadratic: for classes that have an order", Kappa),
        new("subset_accuracy", MetricGoal.Higher, several, ["threshold="],
            "share of samples whose labels are all right", Accuracy),
        new("hamming_loss", MetricGoal.Lower, several, ["threshold="], "share of labels that are wrong",
            request => Of(Counts(request), counts => counts.HammingLoss())),
        new("log_loss", MetricGoal.Lower, classes, [], "mean cross-entropy", _ => Own(new MeanLoss())),
        new("brier", MetricGoal.Lower, classes, [], "mean squared error of the probabilities", _ => Own(new BrierScore())),
        new("ece", MetricGoal.Lower, classes, ["bins="], "expected calibration error, 15 bins of equal width",
            request => Own(new CalibrationError(request.Bins))),
        new("mse", MetricGoal.Lower, numbers, [], "mean squared error",
            request => Of(Errors(request), errors => errors.MeanSquaredError())),
        new("rmse", MetricGoal.Lower, numbers, [], "root of the mean squared error",
            request => Of(Errors(request), errors => errors.RootMeanSquaredError())),
        new("mae", MetricGoal.Lower, numbers, [], "mean absolute error",
            request => Of(Errors(request), errors => errors.MeanAbsoluteError())),
        new("r2", MetricGoal.Higher, numbers, [], "R²: share of the variance that is explained",
            request => Of(Errors(request), errors => errors.RSquared())),
        new("miou", MetricGoal.Higher, masks, ["class="],
            "intersection over union of pixels, in the mean over the classes that occur or are predicted",
            request => OfPixels(request, matrix => matrix.MeanIoU(), static (matrix, label) => matrix.IoU(label))),
        new("iou", MetricGoal.Higher, masks, ["class="], "the same; iou:class=NAME is that of one class",
            request => OfPixels(request, matrix => matrix.MeanIoU(), static (matrix, label) => matrix.IoU(label))),
        new("dice", MetricGoal.Higher, masks, ["class="], "Dice's coefficient of pixels, in the mean over the same classes",
            request => OfPixels(request, matrix => matrix.MeanDice(), static (matrix, label) => matrix.Dice(label))),
        new("pixel_accuracy", MetricGoal.Higher, masks, [], "share of pixels whose class is right",
            request => OfPixels(request, matrix => matrix.PixelAccuracy())),
        new("mean_accuracy", MetricGoal.Higher, masks, ["class="],
            "share of a class's pixels that were taken for it, in the mean over the classes that occur",
            request => OfPixels(request, matrix => matrix.MeanAccuracy(), static (matrix, label) => matrix.Accuracy(label))),
        new("fwiou", MetricGoal.Higher, masks, [], "intersection over union, each class by its share of the pixels",
            request => OfPixels(request, matrix => matrix.FrequencyWeightedIoU())),
        new("boundary_f", MetricGoal.Higher, masks, ["class=", "tolerance="],
            "how well outlines are met, within 0.75 % of the diagonal (tolerance=0.0075)", Boundary),
    ];

    /// <summary>The metric of a name with its parameters.</summary>
    /// <exception cref="ArgumentException">There is none, or its parameters make no sense; the message says what
    /// there is.</exception>
    public static MetricEntry Find(string name) => MetricRequest.Parse(name).Entry;

    /// <summary>One metric by itself; several are made together by <see cref="MetricSet"/>.</summary>
    /// <param name="name">its name with its parameters</param>
    /// <param name="kind">what is known of the images</param>
    /// <param name="labels">the names of the classes, labels or numbers</param>
    /// <exception cref="ArgumentException">There is none, or it is not for such images.</exception>
    public static IMetric Create(string name, LabelKind kind, IReadOnlyList<string> labels)
    {
        MetricRequest request = MetricRequest.Parse(name);
        return new NamedMetric(request.Text, request.Create(kind, labels, static (_, make) => make()));
    }

    /// <summary>What an evaluation shows unless others are named.</summary>
    public static IReadOnlyList<string> Usual(LabelKind kind) => kind switch
    {
        LabelKind.Multiple =>
            ["accuracy", "hamming_loss", "f1:micro", "f1:macro", "f1:samples", "auc", "ap", "log_loss", "brier", "ece"],
        LabelKind.Number => ["mse", "rmse", "mae", "r2"],
        LabelKind.Mask => ["miou", "dice", "pixel_accuracy", "mean_accuracy", "fwiou", "boundary_f"],
        _ =>
        [
            "accuracy", "balanced_accuracy", "precision:macro", "recall:macro", "f1:macro", "auc", "ap", "mcc", "kappa",
            "log_loss", "brier", "ece",
        ],
    };

    /// <summary>
    /// What decides which epoch is best unless another is named; null: accuracy, then loss. Of numbers it is the loss, in which
    /// each counts in units of its own deviation, whatever the others' units are.
    /// </summary>
    public static string? UsualMonitor(LabelKind kind) => kind switch
    {
        LabelKind.Multiple => "ap",
        LabelKind.Number => MonitoredMetric.Loss,
        LabelKind.Mask => "miou",
        _ => null,
    };

    static ConfusionMatrix Confusion(MetricRequest request) =>
        (ConfusionMatrix)request.Share("confusion", () => new ConfusionMatrix(request.Classes));

    static LabelCounts Counts(MetricRequest request) => (LabelCounts)request.Share(
        FormattableString.Invariant($"counts {request.Threshold:R}"), () => new LabelCounts(request.Classes, request.Threshold));

    static RankingScores Scores(MetricRequest request) =>
        (RankingScores)request.Share("scores", () => new RankingScores(request.Classes));

    static NumberErrors Errors(MetricRequest request) =>
        (NumberErrors)request.Share("errors", () => new NumberErrors(request.Classes));

    static MetricValue OfPixels(
        MetricRequest request, Func<PixelConfusion, double> whole, Func<PixelConfusion, int, double>? ofClass = null)
    {
        var matrix = (PixelConfusion)request.Share("pixels", () => new PixelConfusion(request.Classes));
        return request.Class is { } label ? Of(matrix, matrix => ofClass!(matrix, label)) : Of(matrix, whole);
    }

    static MetricValue Boundary(MetricRequest request)
    {
        double tolerance = request.Tolerance;
        var scores = (BoundaryScore)request.Share(
            FormattableString.Invariant($"boundary {tolerance:R}"), () => new BoundaryScore(request.Classes, tolerance));
        return request.Class is { } label ? Of(scores, scores => scores.Of(label)) : Own(scores);
    }

    static MetricValue Own(IMetric metric) => new(metric, metric.Compute);

    static MetricValue Of<T>(T sums, Func<T, double> read) where T : IMetric => new(sums, () => read(sums));

    static MetricValue Accuracy(MetricRequest request) =>
        request.IsMultiple ? Of(Counts(request), counts => counts.SubsetAccuracy()) : Own(new Accuracy());

    static MetricValue Precision(MetricRequest request) => Decided(request,
        matrix => matrix.Precision(request.Average), counts => counts.Precision(request.Average), scores => scores.Precision);

    static MetricValue Recall(MetricRequest request) => Decided(request,
        matrix => matrix.Recall(request.Average), counts => counts.Recall(request.Average), scores => scores.Recall);

    static MetricValue FBeta(MetricRequest request)
    {
        (double beta, MetricAverage average) = (request.Beta, request.Average);
        if (request.Class is not { } label)
            return request.IsMultiple ? Of(Counts(request), counts => counts.FBeta(beta, average))
                : Of(Confusion(request), matrix => matrix.FBeta(beta, average));
        return request.IsMultiple ? Of(Counts(request), counts => counts.Count > 0 ? counts.FBeta(beta, label) : double.NaN)
            : Of(Confusion(request), matrix => matrix.Count > 0 ? matrix.FBeta(beta, label) : double.NaN);
    }

    static MetricValue Decided(
        MetricRequest request, Func<ConfusionMatrix, double> ofOne, Func<LabelCounts, double> ofSeveral,
        Func<ClassScores, double> ofClass)
    {
        if (request.Class is not { } label)
            return request.IsMultiple ? Of(Counts(request), ofSeveral) : Of(Confusion(request), ofOne);
        return request.IsMultiple
            ? Of(Counts(request), counts => counts.Count > 0 ? ofClass(counts.Scores(label)) : double.NaN)
            : Of(Confusion(request), matrix => matrix.Count > 0 ? ofClass(matrix.Scores(label)) : double.NaN);
    }

    static MetricValue Auc(MetricRequest request)
    {
        MetricAverage average = request.Average;
        return request.Class is { } label ? Of(Scores(request), scores => scores.Auc(label))
            : Of(Scores(request), scores => scores.Auc(average));
    }

    static MetricValue AveragePrecision(MetricRequest request)
    {
        MetricAverage average = request.Average;
        return request.Class is { } label ? Of(Scores(request), scores => scores.AveragePrecision(label))
            : Of(Scores(request), scores => scores.AveragePrecision(average));
    }

    static MetricValue Kappa(MetricRequest request)
    {
        KappaWeights weights = request.Weights;
        return Of(Confusion(request), matrix => matrix.Kappa(weights));
    }
}
