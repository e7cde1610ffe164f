namespace Graft.Nn;

/// <summary>Which of an attention's queries, keys and values have learned biases.</summary>
public enum AttentionBias
{
    /// <summary>All three, in one weight: <c>qkv.bias</c>.</summary>
    All,

    /// <summary>Queries and values: BEiT's <c>q_bias</c> and <c>v_bias</c>.</summary>
    NotKeys,

    /// <summary>None.</summary>
    None,
}
