using Graft.Training;

namespace Graft;

/// <summary>Collects a model's outputs, sample by sample, and makes the measures of them.</summary>
sealed class EvaluationBuilder(IReadOnlyList<string> labels)
{
    readonly List<SampleResult> samples = [];
    readonly List<float> outputs = [];
    readonly ClassificationMetrics metrics = new(labels.Count);

    public int Count => samples.Count;

    public double Loss => metrics.Loss.Compute();

    public double Accuracy => metrics.Accuracy.Compute();

    /// <summary>Adds a sample by its logits.</summary>
    public void Add(string image, int label, ReadOnlySpan<float> logits)
    {
        metrics.Update(logits, label);
        outputs.AddRange(logits);
        int predicted = Logits.ArgMax(logits);
        double loss = Logits.CrossEntropy(logits, label), probability = Math.Exp(-Logits.CrossEntropy(logits, predicted));
        samples.Add(new SampleResult(image, label, predicted, probability, Math.Exp(-loss), loss));
    }

    /// <summary>The measures of what was added.</summary>
    /// <exception cref="InvalidDataException">Nothing was.</exception>
    public EvaluationResult Build(IReadOnlyList<string> skipped)
    {
        if (samples.Count == 0) throw new InvalidDataException("none of the images could be read: nothing to measure.");
        return new EvaluationResult
        {
            Images = samples.Count,
            Accuracy = Accuracy,
            Top5Accuracy = metrics.TopFive?.Compute(),
            Loss = Loss,
            Classes = [.. metrics.Confusion.Scores().Select((scores, k) =>
                new ClassResult(labels[k], (int)scores.Support, scores.Precision, scores.Recall, scores.F1))],
            ConfusionMatrix = [.. metrics.Confusion.ToArray().Select(row => Array.ConvertAll(row, count => (int)count))],
            Samples = samples,
            Outputs = [.. outputs],
            SkippedImages = skipped,
        };
    }
}
