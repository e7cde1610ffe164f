namespace Graft.Models.Classification;

public sealed partial class DeiT
{
    static readonly (string, string)[] body =
    [
        ("cls_token", "deit.embeddings.cls_token"),
        ("dist_token", "deit.embeddings.distillation_token"),
        ("pos_embed", "deit.embeddings.position_embeddings"),
        ("patch_embed.proj", "deit.embeddings.patch_embeddings.projection"),
        ("blocks.*.norm1", "deit.encoder.layer.*.layernorm_before"),
        ("blocks.*.attn.qkv", "deit.encoder.layer.*.attention.attention.{query,key,value}"),
        ("blocks.*.attn.proj", "deit.encoder.layer.*.attention.output.dense"),
        ("blocks.*.norm2", "deit.encoder.layer.*.layernorm_after"),
        ("blocks.*.mlp.fc1", "deit.encoder.layer.*.intermediate.dense"),
        ("blocks.*.mlp.fc2", "deit.encoder.layer.*.output.dense"),
        ("norm", "deit.layernorm"),
    ];

    static readonly NameMap huggingFace = [.. body, ("head", "classifier")];

    static readonly NameMap withTeacher =
        [.. body, ("head", "cls_classifier"), ("head_dist", "distillation_classifier")];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.Timm, Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.HuggingFace => IsPlain(config) ? plain.Names(origin, config)
            : ((Config)config).Pooling == PoolingKind.Distilled ? withTeacher : huggingFace,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };
}
