namespace Graft.Demo;

/// <summary>A set of labelled pictures that Graft can draw.</summary>
/// <param name="Name">what it is called</param>
/// <param name="Number">tells its draws from those of other tasks</param>
/// <param name="Classes">its classes, in the order of their labels' names</param>
public sealed record ShapesTask(string Name, int Number, IReadOnlyList<ShapeClass> Classes)
{
    /// <summary>The larger task to pretrain on: ten classes, each a shape in a certain pattern.</summary>
    public static ShapesTask Source { get; } = new("source", 1,
    [
        new("checked_frame", ShapeKind.Frame, FillKind.Checks),
        new("checked_square", ShapeKind.Square, FillKind.Checks),
        new("dotted_disc", ShapeKind.Disc, FillKind.Dots),
        new("dotted_square", ShapeKind.Square, FillKind.Dots),
        new("dotted_star", ShapeKind.Star, FillKind.Dots),
        new("plain_ring", ShapeKind.Ring, FillKind.Plain),
        new("plain_star", ShapeKind.Star, FillKind.Plain),
        new("plain_triangle", ShapeKind.Triangle, FillKind.Plain),
        new("striped_disc", ShapeKind.Disc, FillKind.Stripes),
        new("striped_triangle", ShapeKind.Triangle, FillKind.Stripes),
    ]);

    /// <summary>The small and different task: six other shapes in any pattern.</summary>
    public static ShapesTask Target { get; } = new("target", 2,
    [
        new("arrow", ShapeKind.Arrow, null),
        new("burst", ShapeKind.Burst, null),
        new("crescent", ShapeKind.Crescent, null),
        new("cross", ShapeKind.Cross, null),
        new("half_disc", ShapeKind.HalfDisc, null),
        new("hexagon", ShapeKind.Hexagon, null),
    ]);
}
