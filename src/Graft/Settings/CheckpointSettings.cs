namespace Graft;

/// <summary>What is kept on disk of a training while it runs, and when it ends early.</summary>
public sealed record CheckpointSettings
{
    /// <summary>Minutes between checkpoints within an epoch; one is saved after every epoch in any case. 0: after every
    /// step.</summary>
    /// <value>5</value>
    public double EveryMinutes { get; init; } = 5;

    /// <summary>How many of the last checkpoints are kept, beside the one of the best epoch; 0: none once the run is
    /// done.</summary>
    /// <value>2: a damaged one has one before it</value>
    public int KeepLast { get; init; } = 2;

    /// <summary>Epochs without a better one after which training ends; 0: never.</summary>
    /// <value>0</value>
    public int Patience { get; init; }

    /// <summary>How much better an epoch must be to count.</summary>
    /// <value>0</value>
    public double MinimumGain { get; init; }

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not.</exception>
    public void Validate()
    {
        JobConfig.Require(EveryMinutes >= 0, $"minutes between checkpoints: expected at least 0, came {EveryMinutes}.");
        JobConfig.Require(KeepLast >= 0, $"checkpoints to keep: expected at least 0, came {KeepLast}.");
        JobConfig.Require(Patience >= 0, $"epochs of patience: expected at least 0, came {Patience}.");
        JobConfig.Require(MinimumGain >= 0, $"least gain: expected at least 0, came {MinimumGain}.");
    }
}
