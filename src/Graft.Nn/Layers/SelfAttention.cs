using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Every token <c>[N, T, C]</c> takes from every other what its query finds in their keys, in several heads. Vaswani et al. 2017,
/// arXiv:1706.03762. Queries, keys and values come from one linear layer; names as timm's.
/// </summary>
public sealed class SelfAttention : Module, IAdaptable
{
    readonly Parameter weight;
    readonly Parameter? bias, queryBias, valueBias;
    readonly Linear projection;
    readonly Module? queryNorm, keyNorm, outputNorm;
    readonly int channels, heads, headWidth;
    LoraAdapter? adapter;

    /// <summary>An attention at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="heads">H, of C / H channels each</param>
    /// <param name="bias">which of queries, keys and values have biases</param>
    /// <param name="projectionBias">whether the last layer has one</param>
    /// <param name="headNorm">makes the normalisations of each head's queries and keys; null for none</param>
    /// <param name="outputNorm">makes the normalisation before the last layer; null for none</param>
    public SelfAttention(
        ModulePath at, int channels, int heads, AttentionBias bias = AttentionBias.All, bool projectionBias = true,
        Func<ModulePath, int, Module>? headNorm = null, Func<ModulePath, int, Module>? outputNorm = null) : base(at)
    {
        if (heads < 1 || channels % heads != 0)
            throw new ArgumentException($"{at}: expected heads that divide {channels} channels, came {heads}", nameof(heads));
        this.channels = channels;
        this.heads = heads;
        headWidth = channels / heads;
        weight = (at / "qkv").Weight("weight", 3 * channels, channels);
        if (bias == AttentionBias.All) this.bias = (at / "qkv").Weight("bias", 3 * channels);
        if (bias == AttentionBias.NotKeys)
            (queryBias, valueBias) = (at.Weight("q_bias", channels), at.Weight("v_bias", channels));
        queryNorm = headNorm?.Invoke(at / "q_norm", headWidth);
        keyNorm = headNorm?.Invoke(at / "k_norm", headWidth);
        this.outputNorm = outputNorm?.Invoke(at / "norm", channels);
        projection = new Linear(at / "proj", channels, channels, projectionBias);
    }

    /// <summary>
    /// Gives, where it is set, what is added to the scores of each pair of tokens before they are weighed: <c>[H, T, T]</c>.
    /// </summary>
    /// <value>null: nothing is</value>
    public Func<Tensor>? ScoreBias { get; set; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        long batch = x.Size(0), tokens = x.Size(1);
        Tensor? added = PackedBias();
        using Cast input = Precision.Input(x), factors = Precision.Weight(weight);
        Tensor all = input.Value.Linear(factors.Value, added?.To(input.Value.DType)); // [N, T, 3 C]
        if (adapter is not null) all = adapter.AddTo(all, input.Value);
        Report("qkv", "Linear", x, all);
        // each head's queries, keys and values in one piece, so that no product has to copy them
        Tensor packed = all.Reshape(batch, tokens, 3, heads, headWidth).Permute(2, 0, 3, 1, 4).Contiguous(); // [3, N, H, T, c]
        Tensor queries = packed.Select(0, 0), keys = packed.Select(0, 1); // [N, H, T, c]
        if (queryNorm is not null) queries = queryNorm.Forward(queries);
        if (keyNorm is not null) keys = keyNorm.Forward(keys);
        Tensor mixed = ScaledDotProduct.Attend(queries, keys, packed.Select(0, 2), ScoreBias?.Invoke()); // [N, H, T, c]
        Tensor joined = mixed.Permute(0, 2, 1, 3).Reshape(batch, tokens, heads * headWidth); // [N, T, C]
        if (outputNorm is not null) joined = outputNorm.Forward(joined);
        return scope.Keep(projection.Forward(joined));
    }

    Tensor? PackedBias()
    {
        if (queryBias is null || valueBias is null) return bias?.Value;
        Tensor none = Tensor.Zeros([channels], queryBias.Value.DType, queryBias.Value.Device);
        return Tensor.Cat([queryBias.Value, none, valueBias.Value]); // [3 C]
    }

    /// <summary>Weights as PyTorch's linear layer, uniform within 1 / sqrt(C); biases 0.</summary>
    public override void ResetParameters(Initializer init)
    {
        init.UniformFanIn(weight, channels);
        foreach (Parameter? one in (ReadOnlySpan<Parameter?>)[bias, queryBias, valueBias])
            if (one is not null) Initializer.Constant(one, 0);
    }

    // the weight of queries, keys and values together, a linear layer in the origins
    ModulePath IAdaptable.WeightPath => Path / "qkv";

    Parameter? IAdaptable.AdaptableWeight => weight;

    long[]? IAdaptable.Stride => null;

    LoraAdapter? IAdaptable.Adapter
    {
        get => adapter;
        set => adapter = value;
    }
}
