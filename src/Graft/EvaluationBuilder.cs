using Graft.Data;
using Graft.Training;

namespace Graft;

/// <summary>Collects a model's outputs, sample by sample, and makes the measures of them.</summary>
/// <param name="labels">the classes</param>
/// <param name="names">metrics to measure besides, see <see cref="MetricList"/></param>
/// <param name="temperature">what logits are divided by before anything is measured</param>
/// <exception cref="ArgumentException">There is no such metric, or it is not for images of one class.</exception>
sealed class EvaluationBuilder(
    IReadOnlyList<string> labels, IReadOnlyList<string>? names = null, double temperature = 1)
{
    readonly List<SampleResult> samples = [];
    readonly List<float> outputs = [];
    readonly ClassificationMetrics metrics = new(labels.Count);
    readonly MetricSet chosen = new(names ?? [], LabelKind.Single, labels);
    readonly CalibrationError error = new(), errorBefore = new();
    readonly float[] scaled = new float[labels.Count];

    public int Count => samples.Count;

    public double Loss => metrics.Loss.Compute();

    public double Accuracy => metrics.Accuracy.Compute();

    /// <summary>Adds a sample by its logits.</summary>
    public void Add(string image, int label, ReadOnlySpan<float> logits)
    {
        outputs.AddRange(logits);
        errorBefore.Update(logits, label);
        if (temperature != 1)
        {
            for (int k = 0; k < logits.Length; k++) scaled[k] = (float)(logits[k] / temperature);
            logits = scaled;
        }
        metrics.Update(logits, label);
        chosen.Update(logits, label);
        error.Update(logits, label);
        int predicted = Logits.ArgMax(logits);
        double loss = Logits.CrossEntropy(logits, label), probability = Logits.Probability(logits, predicted);
        samples.Add(new SampleResult(image, label, predicted, probability, Math.Exp(-loss), loss));
    }

    /// <summary>The measures of what was added.</summary>
    /// <exception cref="InvalidDataException">Nothing was.</exception>
    public EvaluationResult Build(IReadOnlyList<string> skipped)
    {
        if (samples.Count == 0) throw new InvalidDataException("none of the images could be read: nothing to measure.");
        RankingScores? ranking = chosen.Find<RankingScores>();
        return new EvaluationResult
        {
            Images = samples.Count,
            Accuracy = Accuracy,
            Top5Accuracy = metrics.TopFive?.Compute(),
            Loss = Loss,
            Metrics = chosen.Compute(),
            Classes = [.. metrics.Confusion.Scores().Select((scores, k) =>
                new ClassResult(labels[k], (int)scores.Support, scores.Precision, scores.Recall, scores.F1)
                {
                    Auc = ranking?.Auc(k),
                    AveragePrecision = ranking?.AveragePrecision(k),
                })],
            ConfusionMatrix = [.. metrics.Confusion.ToArray().Select(row => Array.ConvertAll(row, count => (int)count))],
            Samples = samples,
            Outputs = [.. outputs],
            SkippedImages = skipped,
            Temperature = temperature,
            CalibrationError = error.Compute(),
            UncalibratedError = errorBefore.Compute(),
            Reliability = error.Bins,
        };
    }
}
