using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Batch normalisation over <c>[N, C, H, W]</c>, with PyTorch's names and defaults. Ioffe and Szegedy 2015, arXiv:1502.03167.
/// </summary>
public sealed class BatchNorm2d : Module, IKeepsStatistics
{
    readonly Parameter weight, bias, runningMean, runningVar, batches;

    /// <summary>A batch normalisation at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="eps">added to the variance: PyTorch's 1e-5; TensorFlow's models want 1e-3</param>
    /// <param name="momentum">the new batch's share in the running statistics</param>
    public BatchNorm2d(ModulePath at, int channels, double eps = 1e-5, double momentum = 0.1) : base(at)
    {
        Eps = eps;
        Momentum = momentum;
        weight = at.Weight("weight", channels);
        bias = at.Weight("bias", channels);
        runningMean = at.Buffer("running_mean", [channels]);
        runningVar = at.Buffer("running_var", [channels]);
        batches = at.Buffer("num_batches_tracked", [], DType.Int64);
        batches.Value.Zero_(); // files of other tools may leave it out
    }

    /// <summary>What is added to the variance.</summary>
    public double Eps { get; }

    /// <summary>The new batch's share in the running statistics.</summary>
    public double Momentum { get; }

    /// <inheritdoc/>
    public bool KeepsStatistics { get; set; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (UsesBatch) batches.Value.Add_(1);
        return x.BatchNorm(weight.Value, bias.Value, runningMean.Value, runningVar.Value, UsesBatch, Momentum, Eps);
    }

    /// <summary>Whether the batch's own statistics normalise it, not the running ones.</summary>
    internal bool UsesBatch => IsTraining && !KeepsStatistics;

    /// <summary>What it is with the running statistics: y = scale * x + shift, both <c>[C]</c>.</summary>
    internal (Tensor Scale, Tensor Shift) Affine()
    {
        using Tensor variance = runningVar.Value + Eps;
        using Tensor deviation = variance.Sqrt();
        Tensor scale = weight.Value / deviation;
        using Tensor mean = scale * runningMean.Value;
        return (scale, bias.Value - mean);
    }

    /// <summary>Weights and variances 1, biases and means 0.</summary>
    public override void ResetParameters(Initializer init)
    {
        Initializer.Constant(weight, 1);
        Initializer.Constant(bias, 0);
        Initializer.Constant(runningMean, 0);
        Initializer.Constant(runningVar, 1);
        Initializer.Constant(batches, 0);
    }
}
