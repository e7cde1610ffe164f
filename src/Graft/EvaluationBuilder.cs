using Graft.Data;
using Graft.Models;
using Graft.Training;

namespace Graft;

/// <summary>Collects a model's outputs, sample by sample, and makes the measures of them.</summary>
/// <param name="labels">the classes, labels or numbers</param>
/// <param name="names">metrics to measure besides, see <see cref="MetricList"/></param>
/// <param name="temperature">what logits of single classes are divided by before anything is measured</param>
/// <param name="means">what the outputs mean; null: one class of several</param>
/// <param name="keepsOutputs">whether each sample's outputs are kept where it has one class; else they always are</param>
/// <exception cref="ArgumentException">There is no such metric, or it is not for such images.</exception>
sealed class EvaluationBuilder(
    IReadOnlyList<string> labels, IReadOnlyList<string>? names = null, double temperature = 1, ModelTask? means = null,
    bool keepsOutputs = false)
{
    readonly ModelTask task = means ?? new ModelTask();
    readonly List<SampleResult> samples = [];
    readonly List<float> flat = [];
    readonly ClassificationMetrics? classes =
        means is null or { Problem: ProblemType.SingleLabel } ? new(labels.Count) : null;
    readonly MeanLoss loss = new();
    readonly LabelKind kind = JobTask.KindOf(means?.Problem ?? default);
    int exact;
    readonly MetricSet chosen = new(
        means is null or { Problem: ProblemType.SingleLabel } ? names ?? [] : [], LabelKind.Single, labels);
    readonly CalibrationError error = new(), errorBefore = new();
    readonly float[] scaled = new float[labels.Count];

    public int Count => samples.Count;

    /// <summary>Mean cross-entropy, over several labels the mean of each; of numbers the mean squared error.</summary>
    public double Loss => classes?.Loss.Compute() ?? loss.Compute();

    /// <summary>Share of samples that are wholly right; NaN of numbers.</summary>
    public double Accuracy => classes?.Accuracy.Compute()
        ?? (kind == LabelKind.Number || Count == 0 ? double.NaN : (double)exact / Count);

    /// <summary>Adds sample i of a batch by its outputs.</summary>
    public void Add(StepBatch batch, int i, ReadOnlySpan<float> outputs)
    {
        if (batch.TargetValues is { } targets) Add(batch.Names[i], targets[i], outputs);
        else Add(batch.Names[i], batch.LabelValues[i], outputs);
    }

    /// <summary>Adds a sample of one class by its logits.</summary>
    public void Add(string image, int label, ReadOnlySpan<float> logits)
    {
        flat.AddRange(logits);
        float[]? kept = keepsOutputs ? logits.ToArray() : null;
        errorBefore.Update(logits, label);
        if (temperature != 1)
        {
            for (int k = 0; k < logits.Length; k++) scaled[k] = (float)(logits[k] / temperature);
            logits = scaled;
        }
        classes!.Update(logits, label);
        chosen.Update(logits, label);
        error.Update(logits, label);
        int predicted = Logits.ArgMax(logits);
        double own = Logits.CrossEntropy(logits, label), probability = Logits.Probability(logits, predicted);
        samples.Add(new SampleResult(image, label, predicted, probability, Math.Exp(-own), own) { Outputs = kept });
    }

    /// <summary>Adds a sample of several labels by its logits, or one of numbers by these.</summary>
    public void Add(string image, float[] targets, ReadOnlySpan<float> outputs)
    {
        double sum = 0;
        bool right = true;
        for (int k = 0; k < targets.Length; k++)
        {
            if (kind == LabelKind.Number) sum += Math.Pow((double)outputs[k] - targets[k], 2);
            else
            {
                sum += Logits.BinaryCrossEntropy(outputs[k], targets[k]);
                right &= task.Has(k, outputs[k]) == targets[k] >= 0.5f;
            }
        }
        double own = sum / targets.Length;
        loss.Update(own, count: 1);
        if (right) exact++;
        flat.AddRange(outputs);
        samples.Add(new SampleResult(image, Label: -1, Predicted: -1, double.NaN, double.NaN, own)
        {
            Targets = targets,
            Outputs = outputs.ToArray(),
        });
    }

    /// <summary>The measures of what was added.</summary>
    /// <exception cref="InvalidDataException">Nothing was.</exception>
    public EvaluationResult Build(IReadOnlyList<string> skipped)
    {
        if (samples.Count == 0) throw new InvalidDataException("none of the images could be read: nothing to measure.");
        RankingScores? ranking = chosen.Find<RankingScores>();
        return new EvaluationResult
        {
            Kind = kind,
            Images = samples.Count,
            Accuracy = Accuracy,
            Top5Accuracy = classes?.TopFive?.Compute(),
            Loss = Loss,
            Classes = kind switch
            {
                LabelKind.Multiple => Several(),
                LabelKind.Number => [],
                _ => [.. classes!.Confusion.Scores().Select((scores, k) =>
                    new ClassResult(labels[k], (int)scores.Support, scores.Precision, scores.Recall, scores.F1)
                    {
                        Auc = ranking?.Auc(k),
                        AveragePrecision = ranking?.AveragePrecision(k),
                    })],
            },
            Numbers = kind == LabelKind.Number ? Numbers() : [],
            Metrics = kind == LabelKind.Single ? chosen.Compute() : Usual(),
            ConfusionMatrix = classes is null ? []
                : [.. classes.Confusion.ToArray().Select(row => Array.ConvertAll(row, count => (int)count))],
            Samples = samples,
            Outputs = [.. flat],
            SkippedImages = skipped,
            Temperature = temperature,
            CalibrationError = error.Compute(),
            UncalibratedError = errorBefore.Compute(),
            Reliability = error.Bins,
        };
    }

    /// <summary>Refuses outputs of another number.</summary>
    /// <exception cref="InvalidDataException">They are not one for each label.</exception>
    public void Check(int outputs)
    {
        if (outputs == labels.Count) return;
        string named = string.Join(", ", labels.Take(5)) + (labels.Count > 5 ? ", ..." : "");
        throw new InvalidDataException(
            $"the data has {labels.Count} labels ({named}), the model {outputs} outputs: they are not for each other.");
    }

    /// <summary>A result of several labels by another task's thresholds.</summary>
    public static EvaluationResult Again(EvaluationResult result, ImageModel model)
    {
        var builder = new EvaluationBuilder(model.Labels, result.Metrics.Keys.ToList(), means: model.Task);
        foreach (SampleResult sample in result.Samples) builder.Add(sample.Image, sample.Targets!, sample.Outputs);
        return builder.Build(result.SkippedImages);
    }

    ClassResult[] Several()
    {
        var results = new ClassResult[labels.Count];
        for (int k = 0; k < results.Length; k++)
        {
            int has = 0, taken = 0, both = 0;
            foreach (SampleResult sample in samples)
            {
                bool gives = task.Has(k, sample.Outputs![k]), its = sample.Targets![k] >= 0.5f;
                if (its) has++;
                if (gives) taken++;
                if (gives && its) both++;
            }
            results[k] = new ClassResult(
                labels[k], has, taken > 0 ? (double)both / taken : 0, has > 0 ? (double)both / has : 0,
                has + taken > 0 ? 2.0 * both / (has + taken) : 0);
        }
        return results;
    }

    NumberResult[] Numbers() =>
    [
        .. labels.Select((name, d) =>
        {
            var errors = new NumberErrors(1);
            foreach (SampleResult sample in samples) errors.Update([sample.Outputs![d]], [sample.Targets![d]]);
            return new NumberResult(
                name, samples.Average(sample => sample.Targets![d]), errors.RootMeanSquaredError(), errors.MeanAbsoluteError(),
                errors.RSquared());
        }),
    ];

    // Decisions go by 0.5 there: logits are moved so that each label's own threshold stands at it.
    IReadOnlyDictionary<string, double> Usual()
    {
        IReadOnlyList<string> asked = names ?? MetricList.Usual(kind);
        var raw = new MetricSet(asked, kind, labels);
        MetricSet? moved = task.Thresholds is null ? null : new MetricSet(asked, kind, labels);
        float[] shifted = new float[labels.Count];
        foreach (SampleResult sample in samples)
        {
            raw.Update(sample.Outputs!, sample.Targets!);
            if (moved is null) continue;
            for (int k = 0; k < shifted.Length; k++) shifted[k] = (float)(sample.Outputs![k] - task.LogitThresholdOf(k));
            moved.Update(shifted, sample.Targets!);
        }
        if (moved is null) return raw.Compute();
        IReadOnlyDictionary<string, double> ofScores = raw.Compute(), ofDecisions = moved.Compute();
        string[] decided = ["accuracy", "hamming_loss", "f1:micro", "f1:macro", "f1:samples"];
        OrderedDictionary<string, double> result = [];
        foreach (string name in ofScores.Keys) result.Add(name, (decided.Contains(name) ? ofDecisions : ofScores)[name]);
        return result;
    }
}
