using System.CommandLine;

namespace Graft.Cli.TrainSections;

/// <summary>What is measured, and what decides.</summary>
sealed class MetricSection : ITrainSection
{
    readonly Option<string?> metrics = MakeOption.Text("--metrics", "A,B,C",
        "what else to measure after every epoch, such as f1:macro,top5,auc,recall:class=bees; see docs/metrics.md");
    readonly Option<string?> monitor = MakeOption.Text("--monitor", "NAME",
        "the metric, or loss, that decides the best epoch, early stopping, what is kept, and when a plateau is reached " +
        "[accuracy, then loss; for several labels ap; for numbers loss]");

    public string Title => "Metrics";

    public IReadOnlyList<Option> Options => [metrics, monitor];

    public JobConfig Apply(ParseResult arguments, JobConfig config) => config with
    {
        Metrics = config.Metrics with
        {
            Names = arguments.GetValue(metrics) is { } list ? MetricNames.Of("train", list) : config.Metrics.Names,
            Monitor = arguments.GetValue(monitor) is { } name ? MetricNames.Monitor("train", name) : config.Metrics.Monitor,
        },
    };
}
