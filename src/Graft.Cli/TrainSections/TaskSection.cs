using System.CommandLine;

namespace Graft.Cli.TrainSections;

/// <summary>What is learned from which images: a table's columns, several labels, numbers, few examples, folds.</summary>
sealed class TaskSection : ITrainSection
{
    readonly TableArguments table = new();
    readonly Option<bool> tune = MakeOption.Flag("--tune-thresholds",
        "several labels: choose the probability from which each is taken to be there on the validation images, for the best F1 " +
        "[0.5 for all]");
    readonly Option<int?> shots = MakeOption.Number("--shots",
        "train on that many images of each class only; fewer shots are part of more [all]", minimum: 1);
    readonly Option<int?> limit = MakeOption.Number("--limit",
        "train on that many images only, each class in its share [all]", minimum: 1);
    readonly Option<int?> folds = MakeOption.Number("--folds",
        "cross-validation: train as many models, each on all but one of so many parts, and pool what they make of the part " +
        "that they have not seen", minimum: 2);

    public string Title => "Table and task";

    public IReadOnlyList<Option> Options => [.. table.Options, tune, shots, limit, folds];

    /// <summary>How many folds were asked for.</summary>
    /// <value>null: an ordinary run</value>
    public int? FoldsIn(ParseResult arguments) => arguments.GetValue(folds);

    public JobConfig Apply(ParseResult arguments, JobConfig config)
    {
        TaskSettings task = config.Task with
        {
            Table = table.Of("train", arguments, config.Data),
            TuneThresholds = arguments.GetValue(tune),
            Shots = arguments.GetValue(shots),
            Limit = arguments.GetValue(limit),
        };
        try
        {
            task.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"train: {error.Message}");
        }
        return config with { Task = task };
    }
}
