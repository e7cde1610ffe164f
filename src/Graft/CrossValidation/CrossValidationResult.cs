using System.Text.Json;
using Graft.Data;

namespace Graft;

/// <summary>What a cross-validation came to.</summary>
public sealed record CrossValidationResult
{
    /// <summary>Its folder: <c>fold-1</c>, <c>fold-2</c>, ..., <c>cross_validation.json</c>, <c>predictions.csv</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether it was stopped before its end; the folds that were finished are kept.</summary>
    public required bool WasCancelled { get; init; }

    /// <summary>How many folds there are.</summary>
    public required int FoldCount { get; init; }

    /// <summary>The folds that are finished.</summary>
    public required IReadOnlyList<FoldResult> Folds { get; init; }

    /// <summary>The measures by name, over the finished folds.</summary>
    public required IReadOnlyDictionary<string, MetricSpread> Metrics { get; init; }

    /// <summary>
    /// Every image as predicted by the model that was not trained on it; null where no fold is finished. Thresholds of several
    /// labels are 0.5 here.
    /// </summary>
    public required EvaluationResult? Pooled { get; init; }

    /// <summary>The classes, labels or numbers.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What is known of each image.</summary>
    public required LabelKind Kind { get; init; }

    /// <summary>Seconds of this process.</summary>
    public required double Seconds { get; init; }

    /// <summary>Writes it as in <c>cross_validation.json</c>.</summary>
    public void WriteJson(Utf8JsonWriter json) => CrossValidationJson.Write(json, this);
}
