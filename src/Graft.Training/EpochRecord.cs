namespace Graft.Training;

/// <summary>What an epoch came to: one line of <c>metrics.jsonl</c>.</summary>
public sealed record EpochRecord
{
    /// <summary>The epoch's number in its run, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>What was trained: <c>head</c>, <c>all</c>, or <c>last N groups</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Mean loss over the training images, as they were met.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>Share of right answers over the training images, as they were met.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>Mean loss over the validation images.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>Share of right answers over the validation images.</summary>
    public required double ValidationAccuracy { get; init; }

    /// <summary>The highest learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Seconds for training and validation.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images a second.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The share of training time that was spent waiting for data, in [0, 1].</summary>
    public double WaitShare { get; init; }

    /// <summary>The validation metrics that were asked for, by name; NaN where one is not defined.</summary>
    /// <value>none</value>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = NoMetrics;

    /// <summary>
    /// Whether no epoch before was better: by <see cref="Trainer.Monitor"/>, or by validation accuracy, then by validation loss.
    /// </summary>
    public required bool IsBest { get; init; }

    static IReadOnlyDictionary<string, double> NoMetrics { get; } = new Dictionary<string, double>();
}
