namespace Graft;

/// <summary>How a model does on labelled images.</summary>
public sealed record EvaluationResult
{
    /// <summary>How many images were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>Share of images whose most probable class is the right one.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Share of images whose class is among the five most probable; null with five classes or fewer.</summary>
    public required double? Top5Accuracy { get; init; }

    /// <summary>Mean cross-entropy.</summary>
    public required double Loss { get; init; }

    /// <summary>The classes, in the order of the model's logits.</summary>
    public required IReadOnlyList<ClassResult> Classes { get; init; }

    /// <summary>How many images of class i (row) were taken for class j (column).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> ConfusionMatrix { get; init; }

    /// <summary>Each image, in the order of the data.</summary>
    public required IReadOnlyList<SampleResult> Samples { get; init; }

    /// <summary>The model's outputs, row by row, <c>[N, K]</c>.</summary>
    internal float[] Outputs { get; init; } = [];

    /// <summary>Images that could not be read and were left out.</summary>
    public required IReadOnlyList<string> SkippedImages { get; init; }
}
