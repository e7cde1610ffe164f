using Graft.Data;

namespace Graft;

/// <summary>How a segmentation model is measured.</summary>
public sealed record SegmentationEvaluationOptions
{
    /// <summary>How images are looked at.</summary>
    /// <value>whole, once</value>
    public SegmentationView View { get; init; } = new();

    /// <summary>Which part of the data: <c>train</c>, <c>val</c>, <c>test</c> or <c>all</c>.</summary>
    /// <value>null: the test part where there is one, else the validation part, else everything</value>
    public string? Part { get; init; }

    /// <summary>How masks are found and read.</summary>
    public SegmentationOptions Masks { get; init; } = new();

    /// <summary>Whether outlines are compared.</summary>
    /// <value>true</value>
    public bool Boundaries { get; init; } = true;
}
