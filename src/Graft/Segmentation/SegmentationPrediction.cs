using Graft.Imaging;

namespace Graft;

/// <summary>What a segmentation model makes of one image.</summary>
public sealed record SegmentationPrediction
{
    /// <summary>The file.</summary>
    public required string Image { get; init; }

    /// <summary>Of the image in pixels; 0 where it could not be read.</summary>
    public int Width { get; init; }

    /// <summary>Of the image in pixels; 0 where it could not be read.</summary>
    public int Height { get; init; }

    /// <summary>The class of each pixel, at the image's own size; null where the image could not be read.</summary>
    public IndexMask? Mask { get; init; }

    /// <summary>The classes that are there, the largest first; empty where the image could not be read.</summary>
    public IReadOnlyList<ClassShare> Classes { get; init; } = [];

    /// <summary>
    /// Probabilities <c>[K, H, W]</c> at the image's own size, class by class, where <see cref="Segmenter.KeepProbabilities"/>
    /// asks for them.
    /// </summary>
    public IReadOnlyList<float>? Probabilities { get; init; }

    /// <summary>The model's raw output, where <see cref="Segmenter.KeepLogits"/> asks for it.</summary>
    public LogitsMap? Logits { get; init; }

    /// <summary>Why the image could not be read; null where it was.</summary>
    public string? Error { get; init; }

    /// <summary>The same without mask and probabilities, which are large.</summary>
    public SegmentationPrediction WithoutPixels() => this with { Mask = null, Probabilities = null };
}
