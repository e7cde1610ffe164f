namespace Graft.Data;

/// <summary>A part of an image that somebody outlined or painted, and its class.</summary>
/// <param name="Class">The class's name.</param>
public sealed record MaskShape(string Class)
{
    /// <summary>Polygons in pixels, x and y in turn; all of them together are the shape.</summary>
    /// <value>none</value>
    public IReadOnlyList<double[]> Polygons { get; init; } = [];

    /// <summary>Lengths of runs down the columns, outside first, for an image of the mask's size.</summary>
    /// <value>null: none</value>
    public int[]? Runs { get; init; }

    /// <summary>Whether its pixels do not count, where no other shape has them: COCO's crowds.</summary>
    /// <value>false</value>
    public bool IsIgnored { get; init; }
}
