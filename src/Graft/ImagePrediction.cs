namespace Graft;

/// <summary>What a model makes of one image.</summary>
public sealed record ImagePrediction
{
    /// <summary>The file.</summary>
    public required string Image { get; init; }

    /// <summary>
    /// All classes, the most probable first; empty where the image could not be read, and where the model gives numbers.
    /// </summary>
    public required IReadOnlyList<Prediction> Predictions { get; init; }

    /// <summary>Whether the model gives several labels, each with a probability of its own.</summary>
    public bool IsOfSeveral { get; init; }

    /// <summary>For a model of several labels, those that are taken to be there, the most probable first; else none.</summary>
    public IReadOnlyList<Prediction> Chosen { get; init; } = [];

    /// <summary>For a model of numbers, these, in the order of its outputs; else none.</summary>
    public IReadOnlyList<NumberPrediction> Numbers { get; init; } = [];

    /// <summary>The model's output, in the order of its labels; empty where the image could not be read.</summary>
    public required IReadOnlyList<float> Logits { get; init; }

    /// <summary>Why the image could not be read; null where it was.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Whether the most probable class is less probable than <see cref="Predictor.MinimumConfidence"/>: the model had better say
    /// nothing.
    /// </summary>
    public bool IsUnsure { get; init; }

    /// <summary>The most probable class; null where the model is unsure, or the image could not be read.</summary>
    public string? Label => IsUnsure || Predictions.Count == 0 ? null : Predictions[0].Label;

    /// <summary>The most probable class.</summary>
    /// <exception cref="InvalidDataException">The image could not be read, or the model gives numbers.</exception>
    public Prediction Best => Predictions.Count > 0 ? Predictions[0]
        : throw new InvalidDataException($"{Image}: {Error ?? "the model gives numbers, not classes"}");
}
