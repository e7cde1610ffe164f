namespace Graft.Models.Classification;

public sealed partial class ViT
{
    static readonly NameMap huggingFace =
    [
        ("cls_token", "vit.embeddings.cls_token"),
        ("pos_embed", "vit.embeddings.position_embeddings"),
        ("patch_embed.proj", "vit.embeddings.patch_embeddings.projection"),
        ("blocks.*.norm1", "vit.encoder.layer.*.layernorm_before"),
        ("blocks.*.attn.qkv", "vit.encoder.layer.*.attention.attention.{query,key,value}"),
        ("blocks.*.attn.proj", "vit.encoder.layer.*.attention.output.dense"),
        ("blocks.*.norm2", "vit.encoder.layer.*.layernorm_after"),
        ("blocks.*.mlp.fc1", "vit.encoder.layer.*.intermediate.dense"),
        ("blocks.*.mlp.fc2", "vit.encoder.layer.*.output.dense"),
        ("norm", "vit.layernorm"),
        ("head", "classifier"),
    ];

    static readonly NameMap torchVision =
    [
        ("cls_token", "class_token"),
        ("pos_embed", "encoder.pos_embedding"),
        ("patch_embed.proj", "conv_proj"),
        ("blocks.*.norm1", "encoder.layers.encoder_layer_*.ln_1"),
        ("blocks.*.attn.qkv.weight", "encoder.layers.encoder_layer_*.self_attention.in_proj_weight"),
        ("blocks.*.attn.qkv.bias", "encoder.layers.encoder_layer_*.self_attention.in_proj_bias"),
        ("blocks.*.attn.proj", "encoder.layers.encoder_layer_*.self_attention.out_proj"),
        ("blocks.*.norm2", "encoder.layers.encoder_layer_*.ln_2"),
        ("blocks.*.mlp.fc1", "encoder.layers.encoder_layer_*.mlp.0"),
        ("blocks.*.mlp.fc2", "encoder.layers.encoder_layer_*.mlp.3"),
        ("norm", "encoder.ln"),
        ("head", "heads.head"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm, Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => torchVision,
        Origin.HuggingFace => huggingFace,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };
}
