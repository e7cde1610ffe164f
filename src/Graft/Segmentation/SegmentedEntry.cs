namespace Graft;

/// <summary>An image of a run's gallery of segmentations.</summary>
/// <param name="Kind"><c>worst</c> or <c>best</c></param>
/// <param name="Image">the file, below the data's folder where it lies there</param>
/// <param name="MeanIoU">of the image</param>
/// <param name="PixelAccuracy">of the image</param>
/// <param name="Truth">the file of its true mask</param>
/// <param name="Predicted">the file of the predicted one</param>
sealed record SegmentedEntry(
    string Kind, string Image, double MeanIoU, double PixelAccuracy, string Truth, string Predicted);
