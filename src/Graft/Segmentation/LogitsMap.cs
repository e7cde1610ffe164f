namespace Graft;

/// <summary>A model's raw output for one image, at its own resolution.</summary>
/// <param name="Classes">K</param>
/// <param name="Height">h</param>
/// <param name="Width">w</param>
/// <param name="Values"><c>[K, h, w]</c>, class by class, row by row</param>
public sealed record LogitsMap(int Classes, int Height, int Width, IReadOnlyList<float> Values);
