namespace Graft;

/// <summary>How much of an image a class takes.</summary>
/// <param name="Label">the class</param>
/// <param name="Index">its place among the model's labels</param>
/// <param name="Pixels">of the image that are of it</param>
/// <param name="Share">of the image, in [0, 1]</param>
public readonly record struct ClassShare(string Label, int Index, long Pixels, double Share);
