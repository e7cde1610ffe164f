namespace Graft;

/// <summary>How a segmentation model does on one class, over all pixels.</summary>
/// <param name="Label">the class</param>
/// <param name="Pixels">that are of it</param>
/// <param name="IoU">intersection over union, in [0, 1]; NaN where it neither occurs nor was predicted</param>
/// <param name="Dice">Dice's coefficient, in [0, 1]; NaN likewise</param>
/// <param name="Accuracy">the share of its pixels that were found, its recall; NaN where it does not occur</param>
/// <param name="Precision">the share of the pixels taken for it that are of it; NaN where there is none</param>
/// <param name="BoundaryF">how well its outlines are met, in [0, 1]; NaN where it has none, or it was not measured</param>
public sealed record SegmentationClassResult(
    string Label, long Pixels, double IoU, double Dice, double Accuracy, double Precision, double BoundaryF);
