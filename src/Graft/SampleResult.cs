namespace Graft;

/// <summary>What a model made of one labelled image.</summary>
/// <param name="Image">the file</param>
/// <param name="Label">index of the right class</param>
/// <param name="Predicted">index of the most probable class</param>
/// <param name="Probability">probability of the most probable class</param>
/// <param name="LabelProbability">probability of the right class</param>
/// <param name="Loss">cross-entropy: minus the logarithm of <paramref name="LabelProbability"/></param>
public sealed record SampleResult(
    string Image, int Label, int Predicted, double Probability, double LabelProbability, double Loss);
