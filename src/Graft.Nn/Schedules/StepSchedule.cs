namespace Graft.Nn;

/// <summary>1, times gamma at each milestone.</summary>
/// <param name="Milestones">points of progress in (0, 1)</param>
/// <param name="Gamma">the factor, by default 0.1</param>
public sealed record StepSchedule(IReadOnlyList<double> Milestones, double Gamma = 0.1) : ISchedule
{
    /// <summary>A milestone after every so many of a number of steps (or epochs).</summary>
    public static StepSchedule Every(int period, int total, double gamma = 0.1)
    {
        List<double> milestones = [];
        for (int at = period; at < total; at += period) milestones.Add((double)at / total);
        return new StepSchedule(milestones, gamma);
    }

    /// <inheritdoc/>
    public double At(double progress)
    {
        double number = 1;
        foreach (double milestone in Milestones)
            if (progress >= milestone) number *= Gamma;
        return number;
    }
}
