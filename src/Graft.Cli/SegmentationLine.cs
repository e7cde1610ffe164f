namespace Graft.Cli;

/// <summary>One image's prediction, and the files that were written of it.</summary>
/// <param name="Prediction">what the model made of the image; without what is large, unless it is printed</param>
/// <param name="Files">paths by kind</param>
sealed record SegmentationLine(SegmentationPrediction Prediction, IReadOnlyDictionary<string, string> Files);
