using Graft.Data;

namespace Graft;

/// <summary>What <see cref="AugmentationPreview"/> shows.</summary>
public sealed record PreviewOptions
{
    /// <summary>How images are changed and mixed.</summary>
    /// <value>the default of fine-tuning</value>
    public AugmentationSettings Augmentation { get; init; } = new();

    /// <summary>Of images with masks: how they are cut, and what masks mean.</summary>
    /// <value>the defaults of training</value>
    public SegmentationSettings Segmentation { get; init; } = new();

    /// <summary>Of images with masks: the shorter side in pixels at scale 1.</summary>
    /// <value>null: as in training</value>
    public int? ImageSize { get; init; }

    /// <summary>How a table of images is read.</summary>
    /// <value>as its first line suggests</value>
    public TableOptions Table { get; init; } = new();

    /// <summary>Images, taken from all classes in turn.</summary>
    /// <value>8</value>
    public int Images { get; init; } = 8;

    /// <summary>Changed versions of each.</summary>
    /// <value>6</value>
    public int Versions { get; init; } = 6;

    /// <summary>Decides which images are taken, and every draw.</summary>
    /// <value>42</value>
    public ulong Seed { get; init; } = 42;

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }
}
