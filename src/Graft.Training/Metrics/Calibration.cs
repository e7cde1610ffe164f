namespace Graft.Training;

/// <summary>What temperature scaling found, and what it changed on the samples that it was fitted to.</summary>
public sealed record Calibration
{
    /// <summary>What logits are divided by: above 1 where the model was too sure of itself.</summary>
    public required double Temperature { get; init; }

    /// <summary>
    /// Whether the loss has a least value at all. Where every sample is right, it falls as the temperature goes to 0; then the
    /// temperature is left at 1.
    /// </summary>
    public required bool HasMinimum { get; init; }

    /// <summary>How many samples it was fitted to.</summary>
    public required int Samples { get; init; }

    /// <summary>Mean cross-entropy at temperature 1.</summary>
    public required double LossBefore { get; init; }

    /// <summary>Mean cross-entropy at <see cref="Temperature"/>.</summary>
    public required double LossAfter { get; init; }

    /// <summary>Expected calibration error at temperature 1.</summary>
    public required double ErrorBefore { get; init; }

    /// <summary>Expected calibration error at <see cref="Temperature"/>.</summary>
    public required double ErrorAfter { get; init; }
}
