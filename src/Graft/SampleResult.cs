namespace Graft;

/// <summary>What a model made of one labelled image.</summary>
/// <param name="Image">the file</param>
/// <param name="Label">index of the right class; -1 where the image has several labels or numbers</param>
/// <param name="Predicted">index of the most probable class; -1 there</param>
/// <param name="Probability">probability of the most probable class; NaN there</param>
/// <param name="LabelProbability">probability of the right class; NaN there</param>
/// <param name="Loss">
/// cross-entropy: minus the logarithm of <paramref name="LabelProbability"/>; of several labels the mean of each one's; of
/// numbers the mean squared error
/// </param>
public sealed record SampleResult(
    string Image, int Label, int Predicted, double Probability, double LabelProbability, double Loss)
{
    /// <summary>For several labels, 1 for each that the image has; for numbers, these.</summary>
    /// <value>null: it has one class</value>
    public float[]? Targets { get; init; }

    /// <summary>The model's outputs: logits, or numbers in their own units.</summary>
    /// <value>null: they were not kept, as usual with one class</value>
    public float[]? Outputs { get; init; }
}
