namespace Graft.Training;

/// <summary>
/// A rule that ends trials which fall behind others. It keeps nothing and looks at nothing but their histories.
/// </summary>
public abstract record EarlyTermination
{
    /// <summary>Of each band that a trial reaches, 1 / eta of the trials go on.</summary>
    /// <value>3</value>
    public double Eta { get; init; } = 3;

    /// <summary>After how many logged values trials are compared, ascending.</summary>
    /// <param name="longest">none beyond this</param>
    public abstract IReadOnlyList<int> Bands(int longest);

    /// <summary>Which running trials should end now.</summary>
    /// <param name="trials">all trials of the sweep with their histories, ended ones too</param>
    /// <param name="goal">which values of the metric are good</param>
    /// <returns>their numbers, ascending</returns>
    public abstract IReadOnlyList<int> Stop(IReadOnlyCollection<SweepTrial> trials, SweepGoal goal);

    /// <summary>A history with small values good.</summary>
    private protected static double[] Costs(SweepTrial trial, SweepGoal goal) =>
        [.. trial.History.Where(double.IsFinite).Select(value => goal == SweepGoal.Minimize ? value : -value)];

    /// <exception cref="ArgumentException">eta is not above 1.</exception>
    private protected void CheckEta()
    {
        if (!(Eta > 1) || !double.IsFinite(Eta)) throw new ArgumentException($"eta: expected more than 1, found {Eta:R}");
    }
}
