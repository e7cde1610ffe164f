using Graft.Data;
using Graft.Training;

namespace Graft.Reports;

/// <summary>A run with all that several sections of its report need.</summary>
sealed class ReportContext
{
    readonly Lazy<IReadOnlyList<Outcome>> outcomes;
    readonly Lazy<ConfusionMatrix> confusion;
    readonly Lazy<RankingScores> ranking;
    readonly Lazy<double[]> precisions, areas;

    /// <summary>A run to be reported.</summary>
    public ReportContext(RunRecord run, ReportOptions options, PictureSource pictures)
    {
        Run = run;
        Options = options;
        Pictures = pictures;
        outcomes = new(FindOutcomes);
        confusion = new(CountConfusions);
        ranking = new(Rank);
        precisions = new(() => [.. Enumerable.Range(0, Labels.Count).Select(k => Ranking.AveragePrecision(k))]);
        areas = new(() => [.. Enumerable.Range(0, Labels.Count).Select(k => Ranking.Auc(k))]);
    }

    /// <summary>The run.</summary>
    public RunRecord Run { get; }

    /// <summary>What is to be shown.</summary>
    public ReportOptions Options { get; }

    /// <summary>The images.</summary>
    public PictureSource Pictures { get; }

    /// <summary>The predictions.</summary>
    /// <exception cref="InvalidOperationException">There are none: ask <see cref="Has"/> first.</exception>
    public RunPredictions Predictions => Run.Predictions ?? throw new InvalidOperationException("no predictions");

    /// <summary>The classes, labels or numbers.</summary>
    public IReadOnlyList<string> Labels => Run.Predictions?.Labels ?? Run.Texts("data", "classes");

    /// <summary>What the model made of each image.</summary>
    public IReadOnlyList<Outcome> Outcomes => outcomes.Value;

    /// <summary>Which class was taken for which.</summary>
    public ConfusionMatrix Confusion => confusion.Value;

    /// <summary>Each class against the rest.</summary>
    public RankingScores Ranking => ranking.Value;

    /// <summary>The average precision of each class against the rest.</summary>
    public IReadOnlyList<double> AveragePrecisions => precisions.Value;

    /// <summary>The area under the ROC curve of each class against the rest; NaN where there is none.</summary>
    public IReadOnlyList<double> Areas => areas.Value;

    /// <summary>How many images have a class or label.</summary>
    public int SupportOf(int label)
    {
        int count = 0;
        for (int i = 0; i < Predictions.Count; i++)
            if (IsOf(i, label)) count++;
        return count;
    }

    /// <summary>Whether an image has a class or label.</summary>
    public bool IsOf(int image, int label) =>
        Predictions.Kind == LabelKind.Single ? Predictions.Classes[image] == label : Predictions.TargetsOf(image)[label] > 0.5f;

    /// <summary>Whether there are predictions of that kind.</summary>
    public bool Has(LabelKind kind) => Run.Predictions is { Count: > 0 } predictions && predictions.Kind == kind;

    /// <summary>Whether there are predictions of classes or labels.</summary>
    public bool HasClasses => Has(LabelKind.Single) || Has(LabelKind.Multiple);

    List<Outcome> FindOutcomes()
    {
        RunPredictions all = Predictions;
        List<Outcome> found = new(all.Count);
        for (int i = 0; i < all.Count; i++)
        {
            ReadOnlySpan<float> outputs = all.OutputsOf(i);
            if (all.Kind == LabelKind.Single)
            {
                int label = (int)all.Classes[i], predicted = Logits.ArgMax(outputs);
                double loss = Logits.CrossEntropy(outputs, label);
                double probability = Math.Exp(-Logits.CrossEntropy(outputs, predicted));
                found.Add(new Outcome(i, label, predicted, probability, Math.Exp(-loss), loss));
            }
            else found.Add(new Outcome(i, -1, -1, double.NaN, double.NaN, LossOf(all.Kind, outputs, all.TargetsOf(i))));
        }
        return found;
    }

    /// <summary>Mean binary cross-entropy of labels; mean squared error of numbers.</summary>
    static double LossOf(LabelKind kind, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        double sum = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            double x = outputs[k], y = targets[k];
            sum += kind == LabelKind.Number ? (x - y) * (x - y)
                : Math.Max(x, 0) - x * y + Math.Log(1 + Math.Exp(-Math.Abs(x)));
        }
        return sum / Math.Max(1, outputs.Length);
    }

    ConfusionMatrix CountConfusions()
    {
        var matrix = new ConfusionMatrix(Labels.Count);
        foreach (Outcome one in Outcomes) matrix.Update(one.Predicted, one.Label);
        return matrix;
    }

    RankingScores Rank()
    {
        RunPredictions all = Predictions;
        var scores = new RankingScores(Labels.Count);
        float[] odds = new float[Labels.Count], right = new float[Labels.Count];
        for (int i = 0; i < all.Count; i++)
        {
            if (all.Kind == LabelKind.Multiple)
            {
                scores.Update(all.OutputsOf(i), all.TargetsOf(i));
                continue;
            }
            LogOdds(all.OutputsOf(i), odds);
            Array.Clear(right);
            right[all.Classes[i]] = 1;
            scores.Update(odds, right);
        }
        return scores;
    }

    /// <summary>
    /// The logarithm of p / (1 - p) of each class: the order of the probabilities, without the ties of those that are almost 1.
    /// In one go for all classes, of which there may be thousands.
    /// </summary>
    static void LogOdds(ReadOnlySpan<float> logits, Span<float> odds)
    {
        int first = Logits.ArgMax(logits);
        double others = 0; // of the most probable class, whose 1 - p may be lost in rounding
        for (int k = 0; k < logits.Length; k++)
            if (k != first) others += Math.Exp(logits[k] - logits[first]);
        double sum = Math.Log(1 + others) + logits[first];
        for (int k = 0; k < logits.Length; k++)
        {
            double logarithm = logits[k] - sum;
            odds[k] = (float)(k == first ? -Math.Log(others) : logarithm - Math.Log(1 - Math.Exp(logarithm)));
        }
    }
}
