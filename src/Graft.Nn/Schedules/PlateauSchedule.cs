namespace Graft.Nn;

/// <summary>
/// A factor that is lowered whenever a measure has not improved for some epochs: PyTorch's ReduceLROnPlateau, with its defaults.
/// It remembers, so whoever saves a training saves <see cref="State"/> too.
/// </summary>
public sealed class PlateauSchedule : ISchedule
{
    /// <summary>Whether the measure is better when it is larger, as accuracy is.</summary>
    /// <value>false</value>
    public bool HigherIsBetter { get; set; }

    /// <summary>What the factor is multiplied by.</summary>
    /// <value>0.1</value>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double Factor
    {
        get;
        init => field = value is > 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"plateau: expected a factor between 0 and 1, came {value}");
    } = 0.1;

    /// <summary>Epochs without an improvement that are let pass.</summary>
    /// <value>10</value>
    public int Patience { get; init; } = 10;

    /// <summary>What is an improvement: a share of the best measure, or with <see cref="IsAbsolute"/> a difference to
    /// it.</summary>
    /// <value>1e-4</value>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Whether the threshold is a difference.</summary>
    /// <value>false</value>
    public bool IsAbsolute { get; init; }

    /// <summary>Epochs after a lowering in which none counts as bad.</summary>
    /// <value>0</value>
    public int Cooldown { get; init; }

    /// <summary>The least factor.</summary>
    /// <value>0</value>
    public double Least { get; init; }

    /// <summary>What it remembers.</summary>
    public PlateauState State { get; set; } = new(1, null, 0, 0);

    /// <summary>The factor as it stands; progress does not matter.</summary>
    public double At(double progress) => State.Factor;

    /// <summary>Takes in an epoch's measure.</summary>
    public void Report(double measure)
    {
        (double factor, double? best, int bad, int cooling) = State;
        if (IsBetter(measure, best ?? (HigherIsBetter ? double.NegativeInfinity : double.PositiveInfinity)))
            (best, bad) = (measure, 0);
        else bad++;
        if (cooling > 0) (cooling, bad) = (cooling - 1, 0);
        if (bad > Patience) (factor, cooling, bad) = (Math.Max(factor * Factor, Least), Cooldown, 0);
        State = new PlateauState(factor, best, bad, cooling);
    }

    bool IsBetter(double measure, double best) => (HigherIsBetter, IsAbsolute) switch
    {
        (false, false) => measure < best * (1 - Threshold),
        (false, true) => measure < best - Threshold,
        (true, false) => measure > best * (1 + Threshold),
        (true, true) => measure > best + Threshold,
    };
}
