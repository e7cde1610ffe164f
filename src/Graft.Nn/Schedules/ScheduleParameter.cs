namespace Graft.Nn;

/// <summary>A number that a schedule of <see cref="ScheduleList"/> can be given.</summary>
/// <param name="Name">as in <c>step:every=3</c></param>
/// <param name="Default">its value where none is given; NaN: worked out from the length of training</param>
/// <param name="Meaning">for help texts</param>
public sealed record ScheduleParameter(string Name, double Default, string Meaning);
