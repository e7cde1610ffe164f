namespace Graft.Models.Classification;

public sealed partial class DinoV2
{
    static readonly NameMap plain = HuggingFaceNames("dinov2", gated: false), gated = HuggingFaceNames("dinov2", gated: true);

    static readonly NameMap registered = HuggingFaceNames(RegisteredType, gated: false);

    static readonly NameMap registeredGated = HuggingFaceNames(RegisteredType, gated: true);

    static NameMap HuggingFaceNames(string model, bool gated) =>
    [
        ("cls_token", $"{model}.embeddings.cls_token"),
        ("reg_token", $"{model}.embeddings.register_tokens"),
        ("pos_embed", $"{model}.embeddings.position_embeddings"),
        ("patch_embed.proj", $"{model}.embeddings.patch_embeddings.projection"),
        ("blocks.*.norm1", $"{model}.encoder.layer.*.norm1"),
        ("blocks.*.attn.qkv", $"{model}.encoder.layer.*.attention.attention.{{query,key,value}}"),
        ("blocks.*.attn.proj", $"{model}.encoder.layer.*.attention.output.dense"),
        ("blocks.*.ls1.gamma", $"{model}.encoder.layer.*.layer_scale1.lambda1"),
        ("blocks.*.norm2", $"{model}.encoder.layer.*.norm2"),
        ("blocks.*.mlp.fc1", $"{model}.encoder.layer.*.mlp.{(gated ? "weights_in" : "fc1")}"),
        ("blocks.*.mlp.fc2", $"{model}.encoder.layer.*.mlp.{(gated ? "weights_out" : "fc2")}"),
        ("blocks.*.ls2.gamma", $"{model}.encoder.layer.*.layer_scale2.lambda1"),
        ("norm", $"{model}.layernorm"),
        ("head", "classifier"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.HuggingFace, Origin.Timm];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.HuggingFace => (HasRegisters(config), ((Config)config).Gated) switch
        {
            (false, false) => plain,
            (false, true) => gated,
            (true, false) => registered,
            _ => registeredGated,
        },
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };
}
