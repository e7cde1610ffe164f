using Graft.Torch;

namespace Graft.Nn;

/// <summary>softmax(Q K^T / sqrt(c) + bias) V. Vaswani et al. 2017, arXiv:1706.03762.</summary>
public static class ScaledDotProduct
{
    const long MostScores = 1 << 24; // 64 MB: where nothing is kept for gradients, no more are held at a time

    const long SmallProduct = 400;

    [ThreadStatic] static IAttentionObserver? observer;

    /// <summary>Lets an observer see the weights of the calling thread's attentions until the result is disposed.</summary>
    public static AttentionObservation Observe(IAttentionObserver by)
    {
        IAttentionObserver? previous = observer;
        observer = by;
        return new AttentionObservation(previous);
    }

    internal static void Restore(IAttentionObserver? previous) => observer = previous;

    /// <summary>What each query takes from the values.</summary>
    /// <param name="queries"><c>[N, H, Q, c]</c>, contiguous or nearly so</param>
    /// <param name="keys"><c>[N, H, T, c]</c></param>
    /// <param name="values"><c>[N, H, T, c]</c></param>
    /// <param name="bias">added to the scores, <c>[H, Q, T]</c>; null for nothing</param>
    /// <returns><c>[N, H, Q, c]</c></returns>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, Tensor? bias = null)
    {
        long batch = queries.Size(0), step = MostScores / (queries.Size(1) * queries.Size(2) * keys.Size(2));
        bool recorded = Autograd.IsEnabled && (queries.RequiresGrad || keys.RequiresGrad || values.RequiresGrad);
        if (recorded || step >= batch) return AttendAtOnce(queries, keys, values, bias);
        using var scope = new TensorScope();
        step = Math.Max(1, step);
        var parts = new Tensor[(batch + step - 1) / step];
        for (int i = 0; i < parts.Length; i++)
        {
            (long from, long to) = (i * step, Math.Min(batch, (i + 1) * step));
            parts[i] = AttendAtOnce(queries.Slice(0, from, to), keys.Slice(0, from, to), values.Slice(0, from, to), bias);
        }
        return scope.Keep(Tensor.Cat(parts));
    }

    static Tensor AttendAtOnce(Tensor queries, Tensor keys, Tensor values, Tensor? bias)
    {
        using var scope = new TensorScope();
        // norms of heads give float32; the scope frees what is cast
        (queries, keys, values) = (Precision.Input(queries).Value, Precision.Input(keys).Value, Precision.Input(values).Value);
        long batch = queries.Size(0), heads = queries.Size(1), asked = queries.Size(2), width = queries.Size(3);
        long known = keys.Size(2), pairs = batch * heads;
        Tensor left = queries.Reshape(pairs, asked, width), right = keys.Reshape(pairs, known, width).Transpose(1, 2);
        Tensor scores = Scores(left, right, 1 / Math.Sqrt(width)); // [N H, Q, T]
        if (bias is not null) scores.Reshape(batch, heads, asked, known).Add_(bias.To(scores.DType));
        Tensor weights = scores.Softmax(-1);
        scores.Dispose();
        observer?.OnWeights(weights.Reshape(batch, heads, asked, known));
        Tensor mixed = weights.BatchMatMul(values.Reshape(pairs, known, width)); // [N H, Q, c]
        return scope.Keep(mixed.Reshape(batch, heads, asked, width));
    }

    static Tensor Scores(Tensor left, Tensor right, double scale)
    {
        // libtorch 1.13 computes the smallest products by a loop of its own, which multiplies what the result's memory held by
        // beta, and 0 times NaN is NaN
        if (left.Size(1) * left.Size(2) * right.Size(2) < SmallProduct) return (left * scale).BatchMatMul(right);
        Tensor unread = Tensor.Empty([1, 1, 1], left.DType, left.Device);
        return unread.AddBatchMatMul(left, right, beta: 0, alpha: scale);
    }
}
