namespace Graft.Models.Classification;

public sealed partial class Clip
{
    static readonly (string, string)[] tower =
    [
        ("cls_token", "vision_model.embeddings.class_embedding"),
        ("pos_embed", "vision_model.embeddings.position_embedding.weight"),
        ("patch_embed.proj", "vision_model.embeddings.patch_embedding"),
        ("norm_pre", "vision_model.pre_layrnorm"), // sic
        ("blocks.*.norm1", "vision_model.encoder.layers.*.layer_norm1"),
        ("blocks.*.attn.qkv", "vision_model.encoder.layers.*.self_attn.{q_proj,k_proj,v_proj}"),
        ("blocks.*.attn.proj", "vision_model.encoder.layers.*.self_attn.out_proj"),
        ("blocks.*.norm2", "vision_model.encoder.layers.*.layer_norm2"),
        ("blocks.*.mlp", "vision_model.encoder.layers.*.mlp"),
    ];

    /// <summary>A classifier's file has a last norm too, which it doesn't use.</summary>
    static readonly NameMap classifier = [.. tower, ("head", "classifier")];

    static readonly NameMap withHead = [.. tower, ("norm", "vision_model.post_layernorm"), ("head", "classifier")];

    static readonly NameMap withProjection =
        [.. tower, ("norm", "vision_model.post_layernorm"), ("head", "visual_projection")];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.HuggingFace, Origin.Timm];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.HuggingFace => IsClassifier(config) ? classifier : ((Config)config).Projection ? withProjection : withHead,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    /// <summary>transformers' class token is [D], its positions are [T, D].</summary>
    public override long[] ShapeIn(Origin origin, ModelConfig config, string name, long[] shape) =>
        origin != Origin.HuggingFace ? shape
        : name == "cls_token" ? [shape[^1]] : name == "pos_embed" ? [shape[^2], shape[^1]] : shape;
}
