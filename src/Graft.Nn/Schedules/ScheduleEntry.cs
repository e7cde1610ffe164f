namespace Graft.Nn;

/// <summary>A schedule that can be chosen by name.</summary>
/// <param name="Name">its name</param>
/// <param name="Meaning">what it does, for help texts</param>
/// <param name="Parameters">what it can be given</param>
public sealed record ScheduleEntry(string Name, string Meaning, IReadOnlyList<ScheduleParameter> Parameters)
{
    /// <summary>Makes the schedule for a number of epochs.</summary>
    internal Func<ScheduleChoice, double, ISchedule> Build { get; init; } = (_, _) => new ConstantSchedule();
}
