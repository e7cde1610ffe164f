using Graft.Data;

namespace Graft.Training;

/// <summary>Metrics that were chosen by name and are summed up together; what several need is summed up once.</summary>
public sealed class MetricSet
{
    readonly List<IMetric> sums = [];
    readonly Dictionary<string, Func<double>> values = new(StringComparer.Ordinal);

    /// <summary>Metrics of which nothing was added yet.</summary>
    /// <param name="names">their names with their parameters, see <see cref="MetricList"/>; one that comes twice counts
    /// once</param>
    /// <param name="kind">what is known of the images</param>
    /// <param name="labels">the names of the classes, labels or numbers, in the order of the outputs</param>
    /// <exception cref="ArgumentException">There is no such metric, or it is not for such images.</exception>
    public MetricSet(IEnumerable<string> names, LabelKind kind, IReadOnlyList<string> labels)
    {
        (Kind, Labels) = (kind, labels);
        Dictionary<string, IMetric> shared = [];
        foreach (string name in names)
        {
            MetricRequest request = MetricRequest.Parse(name);
            if (values.ContainsKey(request.Text)) continue;
            MetricValue value = request.Create(kind, labels, (key, make) =>
            {
                if (shared.TryGetValue(key, out IMetric? known)) return known;
                return shared[key] = make();
            });
            if (!sums.Contains(value.Sums)) sums.Add(value.Sums);
            values.Add(request.Text, value.Read);
        }
    }

    /// <summary>What is known of the images.</summary>
    public LabelKind Kind { get; }

    /// <summary>The names of the classes, labels or numbers.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The metrics' names, in the order in which they were asked for.</summary>
    public IReadOnlyCollection<string> Names => values.Keys;

    /// <summary>The sums of a kind that some of the metrics are read off; null where none is.</summary>
    public T? Find<T>() where T : class, IMetric => sums.OfType<T>().FirstOrDefault();

    /// <summary>Forgets what was added.</summary>
    public void Reset()
    {
        foreach (IMetric metric in sums) metric.Reset();
    }

    /// <summary>Adds one sample that has one class.</summary>
    /// <param name="logits">[K]</param>
    /// <param name="label">its class</param>
    /// <exception cref="ArgumentException">The logits are not K, or the label is no class.</exception>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        MetricChecks.Label(Labels.Count, logits, label);
        foreach (IMetric metric in sums) metric.Update(logits, label);
    }

    /// <summary>Adds one sample that has several labels, or numbers.</summary>
    /// <param name="outputs">[K]</param>
    /// <param name="targets">[K]</param>
    /// <exception cref="ArgumentException">They are not K.</exception>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(Labels.Count, outputs, targets);
        foreach (IMetric metric in sums) metric.Update(outputs, targets);
    }

    /// <summary>Adds the classes of the pixels of one image.</summary>
    /// <param name="predicted">the class that each pixel was taken for, row by row, [H, W]</param>
    /// <param name="truth">its class; negative where it does not count</param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <exception cref="ArgumentException">The sizes differ, or a number is no class.</exception>
    public void UpdateMask(ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width)
    {
        foreach (IMetric metric in sums) metric.UpdateMask(predicted, truth, height, width);
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="outputs">row by row, [N, K]</param>
    /// <param name="batch">its labels or targets</param>
    /// <exception cref="ArgumentException">The outputs are not [N, K], or a label is no class.</exception>
    public void Update(ReadOnlySpan<float> outputs, StepBatch batch)
    {
        int width = Labels.Count;
        if (outputs.Length != (long)batch.Count * width)
            throw new ArgumentException(
                $"expected outputs [{batch.Count}, {width}], {(long)batch.Count * width} values, came {outputs.Length}");
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<float> row = outputs.Slice(i * width, width);
            if (Kind == LabelKind.Single) Update(row, batch.LabelValues[i]);
            else Update(row, batch.TargetValues![i]);
        }
    }

    /// <summary>The values by name, in the order in which they were asked for; NaN where one is not defined.</summary>
    public IReadOnlyDictionary<string, double> Compute()
    {
        OrderedDictionary<string, double> computed = [];
        foreach ((string name, Func<double> read) in values) computed.Add(name, read());
        return computed;
    }
}
