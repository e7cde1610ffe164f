using Graft.Data;
using Graft.Torch;

namespace Graft.Training;

/// <summary>What one step sees. Disposing it gives its memory back to where it came from.</summary>
/// <param name="inputs">what the model gets: images <c>[N, 3, H, W]</c> or features <c>[N, D]</c></param>
/// <param name="labels">the right classes, int64 <c>[N]</c></param>
/// <param name="labelValues">the same on the host</param>
/// <param name="names">where the samples come from</param>
/// <param name="owner">disposed with it</param>
public sealed class StepBatch(
    Tensor inputs, Tensor labels, IReadOnlyList<int> labelValues, IReadOnlyList<string> names, IDisposable? owner = null)
    : IDisposable
{
    /// <summary>What the model gets: images <c>[N, 3, H, W]</c> or features <c>[N, D]</c>.</summary>
    public Tensor Inputs => inputs;

    /// <summary>The right classes, int64 <c>[N]</c>.</summary>
    public Tensor Labels => labels;

    /// <summary>
    /// What the loss compares the logits with: int64 <c>[N]</c> for one label, float <c>[N, K]</c> for several or mixed labels,
    /// float <c>[N, D]</c> for numbers; for masks int64 <c>[N, H, W]</c>, with <see cref="LossTargets.Ignore"/> for pixels that
    /// do not count.
    /// </summary>
    /// <value><see cref="Labels"/></value>
    public Tensor Targets
    {
        get => field ?? labels;
        init;
    }

    /// <summary>What is known of each sample.</summary>
    /// <value><see cref="LabelKind.Single"/></value>
    public LabelKind Kind { get; init; }

    /// <summary>For several labels or numbers, the targets of each sample on the host: N rows of K or D.</summary>
    /// <value>null: each sample has one label, see <see cref="LabelValues"/>, or a mask</value>
    public IReadOnlyList<float[]>? TargetValues { get; init; }

    /// <summary>The right classes on the host.</summary>
    public IReadOnlyList<int> LabelValues => labelValues;

    /// <summary>Where the samples come from: the image files, N.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The batch's number in its epoch, from 0.</summary>
    public int Number { get; init; }

    /// <summary>N.</summary>
    public int Count => labelValues.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        owner?.Dispose();
        inputs.Dispose();
        labels.Dispose();
        Targets.Dispose();
    }
}
