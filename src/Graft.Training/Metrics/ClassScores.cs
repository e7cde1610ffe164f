namespace Graft.Training;

/// <summary>How well one class is told from the others, or the mean over classes.</summary>
/// <param name="Precision">Share of the samples taken for the class that are of it; 0 where none was taken for it.</param>
/// <param name="Recall">Share of the samples of the class that were taken for it; 0 where it has none.</param>
/// <param name="F1">Harmonic mean of precision and recall; 0 where both are.</param>
/// <param name="Support">Samples of the class.</param>
public readonly record struct ClassScores(double Precision, double Recall, double F1, long Support);
