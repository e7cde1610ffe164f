namespace Graft.Training;

/// <summary>
/// The predictions of about the same confidence, and how many of them are right: a bar of a reliability diagram.
/// </summary>
/// <param name="Low">where the bin begins, in [0, 1); the value itself belongs to it in the first bin only</param>
/// <param name="High">where it ends; the value itself belongs to it</param>
/// <param name="Count">how many predictions fell into it</param>
/// <param name="Confidence">their mean confidence; NaN where there are none</param>
/// <param name="Accuracy">the share of right ones; NaN where there are none</param>
public readonly record struct ReliabilityBin(double Low, double High, long Count, double Confidence, double Accuracy);
