namespace Graft;

/// <summary>
/// How a segmentation model does on images with masks: everything from one confusion matrix over all pixels of all images at
/// their full size. A class that neither occurs nor was predicted has no score and is left out of means, as in torchmetrics.
/// </summary>
public sealed record SegmentationResult
{
    /// <summary>How many images were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>How many pixels count.</summary>
    public required long Pixels { get; init; }

    /// <summary>The mean of the classes' intersection over union, in [0, 1].</summary>
    public required double MeanIoU { get; init; }

    /// <summary>The mean of the classes' Dice coefficients, in [0, 1].</summary>
    public required double MeanDice { get; init; }

    /// <summary>The share of pixels taken for their class.</summary>
    public required double PixelAccuracy { get; init; }

    /// <summary>The mean share of a class's pixels that were found.</summary>
    public required double MeanAccuracy { get; init; }

    /// <summary>The classes' intersection over union, each counting by its share of the pixels.</summary>
    public required double FrequencyWeightedIoU { get; init; }

    /// <summary>How well outlines are met; NaN where it was not measured.</summary>
    public double BoundaryF { get; init; } = double.NaN;

    /// <summary>The classes, in the order of the model's labels.</summary>
    public required IReadOnlyList<SegmentationClassResult> Classes { get; init; }

    /// <summary>How many pixels of class i (row) were taken for class j (column).</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    /// <summary>Each image, in the order of the data.</summary>
    public required IReadOnlyList<SegmentedSample> Samples { get; init; }

    /// <summary>Images that could not be read and were left out.</summary>
    public IReadOnlyList<string> SkippedImages { get; init; } = [];
}
