namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator batchNorm = new(
        "aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool" +
        " training, float momentum, float eps, bool cudnn_enabled) -> Tensor");
    static readonly Operator layerNorm = new(
        "aten::layer_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float " +
        "eps=1e-05, bool cudnn_enable=True) -> Tensor");
    static readonly Operator groupNorm = new(
        "aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool" +
        " cudnn_enabled=True) -> Tensor");

    /// <summary>Batch normalisation over <c>[N, C, ...]</c>. Ioffe and Szegedy 2015, arXiv:1502.03167.</summary>
    /// <param name="weight"><c>[C]</c></param>
    /// <param name="bias"><c>[C]</c></param>
    /// <param name="runningMean"><c>[C]</c>, updated in place when training</param>
    /// <param name="runningVar"><c>[C]</c>, updated in place when training</param>
    /// <param name="training">whether the batch's own statistics normalise</param>
    /// <param name="momentum">the new statistics' share in the running ones</param>
    /// <param name="eps">added to the variance</param>
    public Tensor BatchNorm(
        Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVar, bool training, double momentum, double eps) =>
        batchNorm.Call(this, weight, bias, runningMean, runningVar, training, momentum, eps, true);

    /// <summary>Layer normalisation over the last dimensions. Ba et al. 2016, arXiv:1607.06450.</summary>
    public Tensor LayerNorm(long[] normalizedShape, Tensor? weight, Tensor? bias, double eps) =>
        layerNorm.Call(this, normalizedShape, weight, bias, eps);

    /// <summary>Group normalisation over <c>[N, C, ...]</c>. Wu and He 2018, arXiv:1803.08494.</summary>
    public Tensor GroupNorm(long groups, Tensor? weight, Tensor? bias, double eps) =>
        groupNorm.Call(this, groups, weight, bias, eps);
}
