namespace Graft;

/// <summary>What another model made of one image.</summary>
public sealed record RecordedImage
{
    /// <summary>The image as the recording names it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>The logits; of a segmentation network those of <see cref="Map"/>.</summary>
    public required IReadOnlyList<float> Logits { get; init; }

    /// <summary>Which pixels' logits they are.</summary>
    /// <value>null: they are those of the image</value>
    public RecordedMap? Map { get; init; }

    /// <summary>Other logits that are as right: of another version of the tool, say.</summary>
    public IReadOnlyList<IReadOnlyList<float>> Alternatives { get; init; } = [];

    /// <summary>The labels of the likeliest classes, the likeliest first; empty where none were recorded.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether the image was turned as its EXIF orientation asks.</summary>
    /// <value>null: not recorded</value>
    public bool? IsTurned { get; init; }

    /// <summary>What was noted of the pixels; null for nothing.</summary>
    public RecordedPixels? Pixels { get; init; }
}
