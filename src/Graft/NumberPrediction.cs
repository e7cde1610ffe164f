namespace Graft;

/// <summary>A number that a model gives for an image.</summary>
/// <param name="Name">the number</param>
/// <param name="Value">in its own units</param>
public sealed record NumberPrediction(string Name, double Value);
