namespace Graft.Training;

/// <summary>A metric of the list under the name that it was asked for by.</summary>
sealed class NamedMetric(string name, MetricValue value) : IMetric
{
    public string Name => name;

    public void Reset() => value.Sums.Reset();

    public void Update(ReadOnlySpan<float> logits, int label) => value.Sums.Update(logits, label);

    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets) => value.Sums.Update(outputs, targets);

    public void UpdateMask(ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width) =>
        value.Sums.UpdateMask(predicted, truth, height, width);

    public double Compute() => value.Read();
}
