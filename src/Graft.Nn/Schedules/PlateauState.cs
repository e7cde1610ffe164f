namespace Graft.Nn;

/// <summary>What a <see cref="PlateauSchedule"/> remembers.</summary>
/// <param name="Factor">the factor on rates as it stands</param>
/// <param name="Best">the best measure so far; null before the first</param>
/// <param name="BadEpochs">epochs since then without an improvement</param>
/// <param name="Cooling">epochs that are still let pass after the last lowering</param>
public sealed record PlateauState(double Factor, double? Best, int BadEpochs, int Cooling);
