namespace Graft.Training;

/// <summary>What decides which epoch is the best.</summary>
/// <param name="Name">a metric of the trainer's, or <c>loss</c></param>
/// <param name="Goal">which values are good</param>
public sealed record MonitoredMetric(string Name, MetricGoal Goal)
{
    /// <summary>The validation loss, by its name here.</summary>
    public const string Loss = "loss";

    /// <summary>The metric of a name, see <see cref="MetricList"/>, or <c>loss</c>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static MonitoredMetric Of(string name) =>
        name == Loss ? new MonitoredMetric(Loss, MetricGoal.Lower) : new MonitoredMetric(name, MetricList.Find(name).Goal);

    /// <summary>An epoch's value; NaN where it has none.</summary>
    public double Of(EpochRecord epoch) => Of(epoch.Metrics, epoch.ValidationLoss);

    internal double Of(IReadOnlyDictionary<string, double>? metrics, double loss) =>
        Name == Loss ? loss : metrics?.GetValueOrDefault(Name, double.NaN) ?? double.NaN;

    /// <summary>A value as one of which higher is better.</summary>
    public double Rank(double value) => Goal == MetricGoal.Higher ? value : -value;

    /// <summary>Whether a value is better than another; one that is no number never is, any other is better than it.</summary>
    public bool IsBetter(double value, double than) =>
        !double.IsNaN(value) && (double.IsNaN(than) || Rank(value) > Rank(than));
}
