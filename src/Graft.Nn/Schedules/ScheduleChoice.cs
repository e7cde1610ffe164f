namespace Graft.Nn;

/// <summary>A schedule of <see cref="ScheduleList"/> with what it was given.</summary>
public sealed class ScheduleChoice
{
    readonly Dictionary<string, double[]> given;

    internal ScheduleChoice(ScheduleEntry entry, Dictionary<string, double[]> given)
    {
        Entry = entry;
        this.given = given;
    }

    /// <summary>Which schedule.</summary>
    public ScheduleEntry Entry { get; }

    /// <summary>Whether a number was given for that parameter.</summary>
    public bool Has(string parameter) => given.ContainsKey(parameter);

    /// <summary>The number given for a parameter, or its default.</summary>
    public double this[string parameter] =>
        given.TryGetValue(parameter, out double[]? values) ? values[0]
        : Entry.Parameters.First(item => item.Name == parameter).Default;

    /// <summary>The numbers given for a parameter that takes several; none where it was not given.</summary>
    public IReadOnlyList<double> All(string parameter) => given.GetValueOrDefault(parameter) ?? [];

    /// <summary>The same choice with another default for a parameter; itself where it has no such one.</summary>
    public ScheduleChoice Or(string parameter, double otherwise) =>
        Has(parameter) || !Entry.Parameters.Any(item => item.Name == parameter) ? this
            : new ScheduleChoice(Entry, new Dictionary<string, double[]>(given) { [parameter] = [otherwise] });

    /// <summary>The factor on rates over a training.</summary>
    /// <param name="epochs">the length of the training</param>
    /// <param name="warmupEpochs">
    /// how long the rate first rises in a straight line from 0; the schedule takes the rest, but epochs are counted from the
    /// beginning. Null: none for <c>onecycle</c>, <c>constant</c> and <c>plateau</c>, else a tenth
    /// </param>
    public ISchedule Rate(double epochs, double? warmupEpochs = null)
    {
        ISchedule main = Entry.Build(this, epochs);
        double share = Math.Clamp((warmupEpochs ?? DefaultWarmup * epochs) / epochs, 0, 1);
        if (share == 0) return main;
        // what falls at fixed epochs falls at these epochs, however long the rise is
        return IsByEpoch ? new RisingSchedule(share, main)
            : share < 1 ? new WarmupSchedule(share, main) : new LinearSchedule(0, 1);
    }

    /// <summary>The momentum (Adam's beta1) that goes with it: one-cycle's; null for the others.</summary>
    public ISchedule? Momentum() => IsOneCycle ? OneCycleSchedule.Momentum(risingShare: this["rise"]) : null;

    bool IsOneCycle => Entry.Name == "onecycle";

    bool IsByEpoch => Entry.Name is "step" or "multistep" or "exponential" or "plateau" or "constant";

    double DefaultWarmup => Entry.Name is "onecycle" or "constant" or "plateau" ? 0 : 0.1;
}
