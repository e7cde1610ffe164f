namespace Graft.Reports;

/// <summary>What the model made of one image.</summary>
/// <param name="Image">its number among the predictions</param>
/// <param name="Label">the right class; -1 where there is no single one</param>
/// <param name="Predicted">the most probable class; -1 likewise</param>
/// <param name="Probability">probability of that</param>
/// <param name="LabelProbability">probability of the right class</param>
/// <param name="Loss">its loss: cross-entropy, or its likes for other kinds</param>
readonly record struct Outcome(
    int Image, int Label, int Predicted, double Probability, double LabelProbability, double Loss)
{
    /// <summary>Whether the model was right.</summary>
    public bool IsRight => Label == Predicted;
}
