namespace Graft;

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Number">which, from 1</param>
/// <param name="Folder">its run's folder, with its model and report</param>
/// <param name="Validation">its model on the images that it was not trained on</param>
public sealed record FoldResult(int Number, string Folder, EvaluationResult Validation);
