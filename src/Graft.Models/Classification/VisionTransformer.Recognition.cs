using Graft.Nn;

namespace Graft.Models.Classification;

public abstract partial class VisionTransformer
{
    /// <summary>
    /// The network that a file's names and shapes are of, as far as they tell: nothing tells the number of heads. Null where they
    /// are not those of this family with that origin.
    /// </summary>
    /// <param name="tensors">the file's</param>
    /// <param name="origin">whose names are tried</param>
    /// <param name="probe">what such networks have in common</param>
    /// <param name="prefixes">what files leave out at the beginning of those names: nothing, or a model's prefix</param>
    private protected Config? Sizes(TensorNames tensors, Origin origin, Config probe, ReadOnlySpan<string> prefixes)
    {
        NameMap names = Names(origin, probe);
        foreach (string prefix in prefixes)
        {
            string Of(string ours) => names.ToTheirs(ours) is { } theirs
                ? theirs.StartsWith(prefix, StringComparison.Ordinal) ? theirs[prefix.Length..] : theirs : "";
            bool Has(string ours) => Of(ours) is { Length: > 0 } theirs && tensors.Has(theirs);
            if (!Has("blocks.0.norm1.weight") || !Has("blocks.0.attn.qkv.weight") || !Has("patch_embed.proj.weight")) continue;

            int width = tensors.Size(Of("patch_embed.proj.weight"), 0), patch = tensors.Size(Of("patch_embed.proj.weight"), 2);
            int depth = tensors.CountWhile(block => Of($"blocks.{block}.norm1.weight"));
            int hidden = tensors.Size(Of("blocks.0.mlp.fc1.weight"), 0), after = tensors.Size(Of("blocks.0.mlp.fc2.weight"), 1);
            if (width == 0 || patch == 0 || hidden == 0 || after == 0) return null;
            bool token = Has("cls_token"), distilled = Has("dist_token"), pool = Has("attn_pool.latent");
            int registers = tensors.Size(Of("reg_token"), 1), prefixTokens = (token ? 1 : 0) + (distilled ? 1 : 0) + registers;
            bool last = Has("norm.weight"), afterPool = Has("fc_norm.weight"), scaled = Has("blocks.0.ls1.gamma");
            Config its = probe with
            {
                Classes = tensors.Size(Of("head.weight"), 0),
                InputChannels = Math.Max(1, tensors.Size(Of("patch_embed.proj.weight"), 1)),
                Patch = patch,
                Width = width,
                Depth = depth,
                Heads = Math.Max(1, width / 64), // what nearly all have; a named variant may know better
                Hidden = after,
                Gated = hidden == 2 * after,
                Bias = Has("blocks.0.attn.qkv.bias") ? AttentionBias.All
                    : Has("blocks.0.attn.q_bias") ? AttentionBias.NotKeys : AttentionBias.None,
                ProjectionBias = Has("blocks.0.attn.proj.bias"),
                HeadNorm = Has("blocks.0.attn.q_norm.weight"),
                AttentionNorm = Has("blocks.0.attn.norm.weight"),
                HiddenNorm = Has("blocks.0.mlp.norm.weight"),
                LayerScale = scaled ? 1e-5 : null,
                ClassToken = token,
                DistillationToken = distilled,
                Registers = registers,
                Relative = Relatives(
                    Has("blocks.0.attn.relative_position_bias_table"), Has("rel_pos_bias.relative_position_bias_table")),
                PatchBias = Has("patch_embed.proj.bias"),
                PatchNorm = Has("patch_embed.norm.weight"),
                FirstNorm = Has("norm_pre.weight"),
                LastNorm = last ? LastNormKind.BeforePool : afterPool ? LastNormKind.AfterPool : LastNormKind.None,
                Norm = Has("blocks.0.norm1.bias") ? NormKind.Layer : NormKind.Rms,
                Pooling = Has("head_dist.weight") ? PoolingKind.Distilled : pool ? PoolingKind.Attention
                    : afterPool || !token ? PoolingKind.Average : probe.Pooling,
            };
            if (its.Relative == RelativeKind.None) return Placed(its, tensors.Find(Of("pos_embed"))?.Shape, prefixTokens);
            string table = its.Relative == RelativeKind.Shared ? "rel_pos_bias" : "blocks.0.attn";
            return Spread(its, tensors.Size(Of($"{table}.relative_position_bias_table"), 0), Has("pos_embed"));
        }
        return null;
    }

    internal override ModelConfig AtSizeOf(TensorNames tensors, Origin origin, ModelConfig config) =>
        Sizes(tensors, origin, (Config)config, ["", HuggingFacePrefixOf(config)]) is { } seen
            ? AtSize(config, seen.ImageHeight, seen.ImageWidth) : config;

    /// <summary>What a family's networks have in common, before sizes are known.</summary>
    private protected static Config Probe { get; } = new() { Width = 64, Depth = 1, Heads = 1, Hidden = 64 };

    /// <summary>The size of its images, by the number of its positions; null where these are of no square.</summary>
    static Config? Placed(Config its, IReadOnlyList<long>? positions, int prefixTokens)
    {
        if (positions is null) return its with { Positions = PositionKind.None };
        if (positions.Count is < 2 or > 3) return null;
        long count = positions[^2];
        foreach ((PositionKind kind, int prefix) in (ReadOnlySpan<(PositionKind, int)>)
            [(its.Positions, its.Positions == PositionKind.ClassAndPatches ? 1 : prefixTokens), (PositionKind.Patches, 0)])
        {
            int side = count - prefix is > 0 and < 1 << 20 ? (int)Math.Sqrt(count - prefix) : 0;
            if (side > 0 && side * side == count - prefix)
                return its with { Positions = kind, ImageHeight = side * its.Patch, ImageWidth = side * its.Patch };
        }
        return null;
    }

    /// <summary>The size of its images, by the number of offsets in a table; null where these are of no square.</summary>
    static Config? Spread(Config its, int rows, bool positions)
    {
        int side = rows > 3 ? (int)Math.Sqrt(rows - 3) : 0;
        if (side % 2 == 0 || side * side != rows - 3) return null;
        return its with
        {
            ImageHeight = (side + 1) / 2 * its.Patch,
            ImageWidth = (side + 1) / 2 * its.Patch,
            Positions = positions ? PositionKind.All : PositionKind.None,
        };
    }

    /// <summary>The variant of these sizes, which knows what the sizes don't tell; else the sizes.</summary>
    private protected Config Named(Origin origin, Config seen)
    {
        foreach (ModelVariant variant in Variants)
        {
            if (variant.Origin != origin) continue;
            var its = (Config)variant.Config;
            Config alike = its with
            {
                Heads = seen.Heads,
                Activation = seen.Activation,
                Eps = seen.Eps,
                PoolsPrefix = seen.PoolsPrefix,
                Pooling = its.Pooling is PoolingKind.Attention or PoolingKind.Distilled ? its.Pooling : seen.Pooling,
            };
            if (Signature(alike) == Signature(seen))
                return its with { Classes = seen.Classes, InputChannels = seen.InputChannels };
        }
        return seen;
    }
}
