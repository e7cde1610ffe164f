namespace Graft;

/// <summary>One image of a verification.</summary>
public sealed record VerifiedImage
{
    /// <summary>What was recorded.</summary>
    public required RecordedImage Recorded { get; init; }

    /// <summary>The recorded logits that ours are nearest to.</summary>
    public required IReadOnlyList<float> Expected { get; init; }

    /// <summary>Our logits; empty where the image could not be read.</summary>
    public required IReadOnlyList<float> Logits { get; init; }

    /// <summary>Our pixels, in the figures that were recorded of theirs; null where none were.</summary>
    public RecordedPixels? Pixels { get; init; }

    /// <summary>The largest difference of two logits; infinite where there is none to compare.</summary>
    public required double Difference { get; init; }

    /// <summary>That difference as a share of the recorded logits' standard deviation.</summary>
    public required double Share { get; init; }

    /// <summary>Whether the likeliest class is the same; for segmentation at every pixel that all is known of.</summary>
    public required bool SameTop1 { get; init; }

    /// <summary>Of a segmentation network: the share of pixels whose likeliest class is the same, in [0, 1].</summary>
    /// <value>null: it gives one answer for an image, or not all of its logits were recorded</value>
    public double? SamePixels { get; init; }

    /// <summary>How many of the <see cref="TopClasses"/> likeliest classes are the same.</summary>
    public required int SameTop5 { get; init; }

    /// <summary>Five, or the number of classes where that is less; 0 for segmentation.</summary>
    public required int TopClasses { get; init; }

    /// <summary>Whether the difference is within the tolerance.</summary>
    public required bool Passed { get; init; }

    /// <summary>On which side a difference lies.</summary>
    public required DifferenceSide Side { get; init; }

    /// <summary>Why there is nothing to compare: an unreadable image, another number of classes; null where there is.</summary>
    public string? Error { get; init; }
}
