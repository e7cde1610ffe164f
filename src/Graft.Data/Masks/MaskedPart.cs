namespace Graft.Data;

/// <summary>Images with masks of one part.</summary>
/// <param name="Part">train, val, test, or null for all there is</param>
/// <param name="Samples">the images</param>
/// <param name="Classes">the names that its masks are made of; null where they hold values or colours</param>
sealed record MaskedPart(string? Part, List<Sample> Samples, IReadOnlyList<string>? Classes = null);
