namespace Graft;

/// <summary>A class that an image may be of.</summary>
/// <param name="Label">the class</param>
/// <param name="Index">where it stands among the logits</param>
/// <param name="Probability">softmax of the logits, or, with several labels, sigmoid of its own; in [0, 1]</param>
public sealed record Prediction(string Label, int Index, double Probability);
