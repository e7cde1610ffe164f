namespace Graft.Nn;

/// <summary>Which low-rank adapters a model gets. Hu et al. 2021, arXiv:2106.09685.</summary>
public sealed record LoraOptions
{
    /// <summary>The rank r.</summary>
    /// <value>8</value>
    public int Rank { get; init; } = 8;

    /// <summary>The adapter's output is scaled by alpha / r.</summary>
    /// <value>null: r, so that the scale is 1</value>
    public double? Alpha { get; init; }

    /// <summary>The share of the adapter's input that is dropped in training.</summary>
    /// <value>0</value>
    public double Dropout { get; init; }

    /// <summary>
    /// Which layers: patterns of paths, where <c>*</c> stands for anything; one without it also means every path that ends so, as
    /// in PEFT: <c>mlp.fc1</c>.
    /// </summary>
    /// <value>
    /// empty: the attentions' linear layers (<c>attn.qkv</c>, <c>attn.proj</c>); where there are none, all linear layers and 1x1
    /// convolutions
    /// </value>
    public IReadOnlyList<string> Targets { get; init; } = [];
}
