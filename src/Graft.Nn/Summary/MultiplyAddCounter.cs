using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Counts what convolutions and matrix products multiply and add, by their shapes: half of what PyTorch's FlopCounterMode calls
/// operations, and so torchvision's published figures. Attention counts, biases, norms and activations do not; torchinfo's count
/// (see <see cref="ModelSummary"/>) goes by layers instead, and counts a linear layer once however many tokens it sees.
/// </summary>
public sealed class MultiplyAddCounter : IOperatorObserver
{
    /// <summary>Multiply-adds so far.</summary>
    public long Total { get; private set; }

    /// <summary>Operators that multiply matrices, and so are counted.</summary>
    public static IReadOnlyList<string> Counted { get; } =
    [
        "aten::conv2d", "aten::conv_transpose2d", "aten::convolution", "aten::linear", "aten::matmul", "aten::mm", "aten::bmm",
        "aten::addmm", "aten::baddbmm", "aten::scaled_dot_product_attention",
    ];

    /// <summary>Runs a network once, without recording, and counts.</summary>
    public static long Of(Func<Tensor> forward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        var counter = new MultiplyAddCounter();
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        using Observation observation = Operator.Observe(counter);
        forward();
        return counter.Total;
    }

    /// <inheritdoc/>
    public void OnCalled(Operator op, ReadOnlySpan<Value> arguments, ReadOnlySpan<Tensor?> results)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (results.Length == 0 || results[0] is not { } result) return;
        Total += op.Name switch
        {
            // each output sees its window of the weights: [O, C / groups, kH, kW] or [O, I]
            "aten::conv2d" or "aten::convolution" or "aten::linear" =>
                result.ElementCount * Product(arguments[1].Tensor!.Shape.AsSpan(1)),
            // each input goes into a window of outputs: [C, O, kH, kW]
            "aten::conv_transpose2d" => arguments[0].Tensor!.ElementCount * Product(arguments[1].Tensor!.Shape.AsSpan(1)),
            "aten::matmul" or "aten::mm" or "aten::bmm" => result.ElementCount * arguments[0].Tensor!.Shape[^1],
            "aten::addmm" or "aten::baddbmm" => result.ElementCount * arguments[1].Tensor!.Shape[^1],
            "aten::scaled_dot_product_attention" => Attention(arguments[0].Tensor!.Shape, arguments[1].Tensor!.Shape, result),
            _ => 0,
        };
    }

    /// <summary>Queries <c>[..., L, E]</c> times keys <c>[..., S, E]</c>, times values <c>[..., S, V]</c>.</summary>
    static long Attention(long[] query, long[] key, Tensor result) =>
        Product(query.AsSpan(..^1)) * key[^2] * query[^1] + result.ElementCount * key[^2];

    static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes) product *= size;
        return product;
    }
}
