namespace Graft.Training;

/// <summary>Where a training stands: with the weights and the optimiser's moments, all there is to save.</summary>
public sealed record TrainState
{
    /// <summary>The key of every random draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>Epochs that are done.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps that are done.</summary>
    public long Iteration { get; set; }

    /// <summary>Steps in a row whose loss was no number.</summary>
    public int NonFiniteSteps { get; set; }

    /// <summary>The best epoch so far, from 1; 0 before the first is done.</summary>
    public int BestEpoch { get; set; }

    /// <summary>Its validation accuracy.</summary>
    public double BestAccuracy { get; set; } = double.NegativeInfinity;

    /// <summary>Its validation loss.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Whether an epoch of that accuracy and loss is better than all before: by accuracy, then by loss.</summary>
    public bool IsBetter(double accuracy, double loss) =>
        BestEpoch == 0 || accuracy > BestAccuracy || (accuracy == BestAccuracy && loss < BestLoss);
}
