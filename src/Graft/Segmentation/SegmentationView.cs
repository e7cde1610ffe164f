namespace Graft;

/// <summary>How a segmentation model looks at an image: whole or through a sliding window, at one scale or several.</summary>
public sealed record SegmentationView
{
    /// <summary>
    /// The side in pixels of a square window that slides over images larger than it. An image that the model's preprocessing
    /// would bring to one fixed size is then left at its own.
    /// </summary>
    /// <value>null: the whole image at once</value>
    public int? Window { get; init; }

    /// <summary>The share of a window that its neighbours see, too, in [0, 0.9]; their logits are blended there.</summary>
    /// <value>0.25</value>
    public double Overlap { get; init; } = 0.25;

    /// <summary>
    /// The sizes, relative to that of the model's preprocessing, at which the image is looked at; probabilities are averaged.
    /// </summary>
    /// <value>1</value>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>Whether the mirrored image is looked at, too, at every scale.</summary>
    /// <value>false</value>
    public bool Flip { get; init; }

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        JobConfig.Require(Window is null or (>= 32 and <= 8192), $"window: expected from 32 to 8192 pixels, came {Window}.");
        JobConfig.Require(Overlap is >= 0 and <= 0.9, $"overlap: expected from 0 to 0.9, came {Overlap}.");
        JobConfig.Require(Scales.Count > 0, $"scales: expected at least one, came none.");
        foreach (double scale in Scales)
            JobConfig.Require(scale is >= 0.1 and <= 8, $"scales: expected from 0.1 to 8, came {scale}.");
    }
}
