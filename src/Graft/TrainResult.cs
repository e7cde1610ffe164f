using Graft.Training;

namespace Graft;

/// <summary>What a training job came to.</summary>
public sealed record TrainResult
{
    /// <summary>The run's folder: <c>config.json</c>, <c>model.safetensors</c>, <c>report.html</c> and the rest.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether the job was stopped before its end. The folder then holds the best model up to there.</summary>
    public required bool WasCancelled { get; init; }

    /// <summary>Why training ended before its last epoch by itself, such as early stopping; null: it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>Batches that were left out because their loss or gradient was no number.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>What each epoch came to.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The epoch whose weights were kept.</summary>
    public required EpochRecord Best { get; init; }

    /// <summary>The kept model on the validation images.</summary>
    public required EvaluationResult Validation { get; init; }

    /// <summary>The temperature that was fitted to the validation images' logits, and what it changes there.</summary>
    /// <value>null: none was</value>
    public Calibration? Calibration { get; init; }

    /// <summary>What was trained on what.</summary>
    public required JobPlan Plan { get; init; }

    /// <summary>Images that could not be read and were left out.</summary>
    public required IReadOnlyList<string> SkippedImages { get; init; }

    /// <summary>Seconds from the first to the last.</summary>
    public required double Seconds { get; init; }
}
