using Graft.Data;
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
    /// <value>null: accuracy, then loss; for several labels average precision (<c>ap</c>), for numbers the loss</value>
    public string? Monitor { get; init; }

    /// <summary>What was chosen to decide; null: nothing was.</summary>
    internal MonitoredMetric? Monitored => Monitor is null ? null : MonitoredMetric.Of(Monitor);

    /// <summary>What decides for such labels; null: accuracy, then loss.</summary>
    internal MonitoredMetric? MonitoredFor(LabelKind kind) =>
        (Monitor ?? MetricList.UsualMonitor(kind)) is { } name ? MonitoredMetric.Of(name) : null;

    /// <summary>What is to be measured for such labels: the names, and what decides among them.</summary>
    internal IReadOnlyList<string> NamesFor(LabelKind kind) => MonitoredFor(kind) is { } decides &&
        decides.Name != MonitoredMetric.Loss && !Names.Contains(decides.Name) ? [.. Names, decides.Name] : Names;

    /// <summary>Checks that there are such metrics. Whether they fit the images is seen when these are there.</summary>
    /// <exception cref="ArgumentException">There is no such metric; the message says what there is.</exception>
    public void Validate()
    {
        foreach (string name in Names) MetricList.Find(name);
        _ = Monitored;
    }
}
