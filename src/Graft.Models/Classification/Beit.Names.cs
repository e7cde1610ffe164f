namespace Graft.Models.Classification;

public sealed partial class Beit
{
    static readonly NameMap huggingFace =
    [
        ("cls_token", "beit.embeddings.cls_token"),
        ("pos_embed", "beit.embeddings.position_embeddings"),
        ("patch_embed.proj", "beit.embeddings.patch_embeddings.projection"),
        ("rel_pos_bias", "beit.encoder.relative_position_bias"),
        ("blocks.*.norm1", "beit.encoder.layer.*.layernorm_before"),
        ("blocks.*.attn.qkv.weight", "beit.encoder.layer.*.attention.attention.{query,key,value}.weight"),
        ("blocks.*.attn.q_bias", "beit.encoder.layer.*.attention.attention.query.bias"),
        ("blocks.*.attn.v_bias", "beit.encoder.layer.*.attention.attention.value.bias"),
        ("blocks.*.attn.relative_position_bias_table",
            "beit.encoder.layer.*.attention.attention.relative_position_bias.relative_position_bias_table"),
        ("blocks.*.attn.proj", "beit.encoder.layer.*.attention.output.dense"),
        ("blocks.*.ls1.gamma", "beit.encoder.layer.*.lambda_1"),
        ("blocks.*.norm2", "beit.encoder.layer.*.layernorm_after"),
        ("blocks.*.mlp.fc1", "beit.encoder.layer.*.intermediate.dense"),
        ("blocks.*.mlp.fc2", "beit.encoder.layer.*.output.dense"),
        ("blocks.*.ls2.gamma", "beit.encoder.layer.*.lambda_2"),
        ("norm", "beit.layernorm"),
        ("fc_norm", "beit.pooler.layernorm"),
        ("head", "classifier"),
    ];

    static readonly NameMap timm =
        [("blocks.*.ls1.gamma", "blocks.*.gamma_1"), ("blocks.*.ls2.gamma", "blocks.*.gamma_2"), ("", "")];

    static readonly NameMap timmGated =
    [
        ("blocks.*.ls1.gamma", "blocks.*.gamma_1"),
        ("blocks.*.ls2.gamma", "blocks.*.gamma_2"),
        ("blocks.*.mlp.fc1", "blocks.*.mlp.{fc1_g,fc1_x}"),
        ("", ""),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.HuggingFace, Origin.Timm];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => ((Config)config).Gated ? timmGated : timm,
        Origin.HuggingFace => huggingFace,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };
}
