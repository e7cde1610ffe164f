using Graft.Nn;

namespace Graft;

/// <summary>
/// Low-rank adapters: the pretrained layers stay as they are, and beside the chosen ones a product of two thin matrices is
/// trained, which is added into the layer's weight when the model is saved. Hu et al. 2021, arXiv:2106.09685.
/// </summary>
public sealed record LoraSettings
{
    /// <summary>The rank r of the adapters.</summary>
    /// <value>0: none</value>
    public int Rank { get; init; }

    /// <summary>The adapter's output is scaled by alpha / r.</summary>
    /// <value>null: r, so that the scale is 1</value>
    public double? Alpha { get; init; }

    /// <summary>The share of the adapter's input that is dropped in training.</summary>
    /// <value>0</value>
    public double Dropout { get; init; }

    /// <summary>Which layers: patterns of module paths, where <c>*</c> stands for anything, such as <c>*.attn.qkv</c>.</summary>
    /// <value>empty: the attentions' linear layers, or, where there are none, all 1x1 convolutions</value>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>How much larger the default rate is: adapters start from nothing.</summary>
    internal const double RateFactor = 4;

    /// <summary>Whether there are adapters.</summary>
    internal bool IsOn => Rank > 0;

    internal LoraOptions Options => new() { Rank = Rank, Alpha = Alpha, Dropout = Dropout, Targets = Targets };

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        Require(Rank is >= 0 and <= 4096, $"LoRA rank: expected from 0 to 4096, came {Rank}.");
        Require(Alpha is null or (> 0 and < 1e6), $"LoRA alpha: expected above 0, came {Alpha}.");
        Require(Dropout is >= 0 and < 1, $"LoRA dropout: expected from 0 to below 1, came {Dropout}.");
        Require(
            Targets.All(pattern => pattern.Length > 0), $"LoRA targets: expected patterns of module paths, came an empty one.");
    }

    static void Require(bool holds, FormattableString message)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(message));
    }
}
