namespace Graft;

/// <summary>How a segmentation model does on one image.</summary>
/// <param name="Image">the file</param>
/// <param name="MeanIoU">over the classes that the image has or was taken to have; NaN where all of it is ignored</param>
/// <param name="PixelAccuracy">the share of pixels taken for their class; NaN likewise</param>
public sealed record SegmentedSample(string Image, double MeanIoU, double PixelAccuracy);
