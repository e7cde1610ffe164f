using System.CommandLine;

namespace Graft.Cli.TrainSections;

/// <summary>Checkpoints and early stopping.</summary>
sealed class CheckpointSection : ITrainSection
{
    static readonly CheckpointSettings defaults = new();

    readonly Option<double?> minutes = MakeOption.Real("--checkpoint-minutes",
        "minutes between checkpoints within an epoch, after which one " +
        FormattableString.Invariant($"is saved too; 0: after every step [{defaults.EveryMinutes}]"), 0);
    readonly Option<int?> keep = MakeOption.Number("--keep-checkpoints",
        $"how many of the last are kept beside the best epoch's; 0: none once the run is done [{defaults.KeepLast}]", minimum: 0);
    readonly Option<int?> patience = MakeOption.Number("--patience",
        "stop after that many epochs without a better one [never]", minimum: 1);
    readonly Option<double?> gain = MakeOption.Real("--min-gain", FormattableString.Invariant(
        $"with --patience: how much better an epoch must be to count [{defaults.MinimumGain}]"), 0);

    public string Title => "Checkpoints";

    public IReadOnlyList<Option> Options => [minutes, keep, patience, gain];

    public JobConfig Apply(ParseResult arguments, JobConfig config)
    {
        if (arguments.GetValue(gain) is not null && arguments.GetValue(patience) is null)
            throw new UsageException("train: --min-gain says when --patience runs out: give --patience N too.");
        return config with
        {
            Checkpoints = config.Checkpoints with
            {
                EveryMinutes = arguments.GetValue(minutes) ?? defaults.EveryMinutes,
                KeepLast = arguments.GetValue(keep) ?? defaults.KeepLast,
                Patience = arguments.GetValue(patience) ?? 0,
                MinimumGain = arguments.GetValue(gain) ?? 0,
            },
        };
    }
}
