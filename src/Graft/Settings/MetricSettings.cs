using Graft.Training;

namespace Graft;

/// <summary>What a training job measures on its validation images, and which of it decides.</summary>
public sealed record MetricSettings
{
    /// <summary>
    /// Metrics besides loss and accuracy, by name with parameters: <c>f1:macro</c>, <c>top5</c>; see <see cref="MetricList"/>.
    /// </summary>
    /// <value>none</value>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>
    /// The metric that decides which epoch is the best, when training ends early, and which weights are kept; or <c>loss</c>.
    /// </summary>
    /// <value>null: accuracy, then loss</value>
    public string? Monitor { get; init; }

    /// <summary>What decides.</summary>
    internal MonitoredMetric? Monitored => Monitor is null ? null : MonitoredMetric.Of(Monitor);

    /// <summary>What is to be measured: the names, and the monitored one among them.</summary>
    internal IReadOnlyList<string> All =>
        Monitor is null or MonitoredMetric.Loss || Names.Contains(Monitor) ? Names : [.. Names, Monitor];

    /// <summary>Checks that there are such metrics. Whether they fit the images is seen when these are there.</summary>
    /// <exception cref="ArgumentException">There is no such metric; the message says what there is.</exception>
    public void Validate()
    {
        foreach (string name in All) MetricList.Find(name);
    }
}
