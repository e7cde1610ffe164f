namespace Graft;

/// <summary>Which part of a cross-validation a job is.</summary>
/// <param name="Number">which fold validates, from 1</param>
/// <param name="Count">how many folds there are, from 2</param>
public sealed record FoldSettings(int Number, int Count);
