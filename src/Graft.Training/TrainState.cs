namespace Graft.Training;

/// <summary>
/// Where a training stands: with the weights, the optimiser's moments and what callbacks remember, all there is to save. No
/// generator is among it: every draw is keyed by <see cref="Seed"/> and by what is counted here.
/// </summary>
public sealed record TrainState : IStateful
{
    /// <inheritdoc/>
    public string Key => "state";

    /// <summary>The key of every random draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>Which phase runs, from 0; as many as there are once the last is done.</summary>
    public int PhaseIndex { get; set; }

    /// <summary>Epochs of that phase that are done.</summary>
    public int PhaseEpoch { get; set; }

    /// <summary>Batches of the epoch at hand that are done.</summary>
    public int Batch { get; set; }

    /// <summary>Epochs that are done.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches that are done.</summary>
    public long Iteration { get; set; }

    /// <summary>Steps of the optimiser that are done.</summary>
    public long Step { get; set; }

    /// <summary>Batches in a row whose loss or gradient was no number.</summary>
    public int NonFiniteSteps { get; set; }

    /// <summary>Batches that were left out because their loss or gradient was no number.</summary>
    public long SkippedSteps { get; set; }

    /// <summary>What all rates are multiplied by besides their schedule: a plateau makes it smaller.</summary>
    public double RateScale { get; set; } = 1;

    /// <summary>Why training ended before its last epoch; null: it did not.</summary>
    public string? StopReason { get; set; }

    /// <summary>The best epoch so far, from 1; 0 before the first is done.</summary>
    public int BestEpoch { get; set; }

    /// <summary>Batches that were done at its end.</summary>
    public long BestIteration { get; set; }

    /// <summary>Its validation accuracy.</summary>
    public double BestAccuracy { get; set; } = double.NegativeInfinity;

    /// <summary>Its validation loss.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Its value of the monitored metric; NaN where none is monitored, or it has none.</summary>
    public double BestValue { get; set; } = double.NaN;

    /// <summary>The key of the draws of the iteration that comes.</summary>
    internal ulong IterationKey
    {
        get
        {
            // splitmix64's finaliser: neighbours share no stream
            ulong key = Seed + 0x9E3779B97F4A7C15 * ((ulong)Iteration + 1);
            key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9;
            key = (key ^ key >> 27) * 0x94D049BB133111EB;
            return key ^ key >> 31;
        }
    }

    /// <summary>
    /// Whether an epoch of that accuracy and loss is better than all before: by accuracy, where it is a number, then by loss.
    /// </summary>
    public bool IsBetter(double accuracy, double loss) =>
        BestEpoch == 0 || accuracy > BestAccuracy ||
        ((accuracy == BestAccuracy || double.IsNaN(accuracy)) && loss < BestLoss);

    /// <summary>Whether an epoch is better than all before by a metric; equal ones are compared by their losses.</summary>
    public bool IsBetter(MonitoredMetric metric, double value, double loss) =>
        BestEpoch == 0 || metric.IsBetter(value, BestValue) ||
        ((value == BestValue || (double.IsNaN(value) && double.IsNaN(BestValue))) && loss < BestLoss);

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        to.Write("seed", unchecked((long)Seed));
        to.Write("phase", PhaseIndex);
        to.Write("phase_epoch", PhaseEpoch);
        to.Write("batch", Batch);
        to.Write("epoch", Epoch);
        to.Write("iteration", Iteration);
        to.Write("step", Step);
        to.Write("non_finite_steps", NonFiniteSteps);
        to.Write("skipped_steps", SkippedSteps);
        to.Write("rate_scale", RateScale);
        if (StopReason is not null) to.Write("stop_reason", StopReason);
        to.Write("best_epoch", BestEpoch);
        to.Write("best_iteration", BestIteration);
        to.Write("best_accuracy", BestAccuracy);
        to.Write("best_loss", BestLoss);
        to.Write("best_value", BestValue);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        ulong seed = unchecked((ulong)from.Long("seed"));
        if (seed != Seed)
            throw new InvalidDataException(
                $"checkpoint: expected one of seed {Seed}, found seed {seed}. It is of another training.");
        PhaseIndex = (int)from.Long("phase");
        PhaseEpoch = (int)from.Long("phase_epoch");
        Batch = (int)from.Long("batch");
        Epoch = (int)from.Long("epoch");
        Iteration = from.Long("iteration");
        Step = from.Long("step");
        NonFiniteSteps = (int)from.Long("non_finite_steps");
        SkippedSteps = from.Long("skipped_steps");
        RateScale = from.Double("rate_scale");
        StopReason = from.Has("stop_reason") ? from.Text("stop_reason") : null;
        BestEpoch = (int)from.Long("best_epoch");
        BestIteration = from.Long("best_iteration");
        BestAccuracy = from.Double("best_accuracy");
        BestLoss = from.Double("best_loss");
        BestValue = from.Double("best_value");
    }
}
