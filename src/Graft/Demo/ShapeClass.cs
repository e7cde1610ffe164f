namespace Graft.Demo;

/// <summary>One class of a task of the demo.</summary>
/// <param name="Label">its name, which is its folder's too</param>
/// <param name="Shape">what is drawn</param>
/// <param name="Fill">how it is painted; null: any way, so that it tells nothing about the class</param>
public sealed record ShapeClass(string Label, ShapeKind Shape, FillKind? Fill);
