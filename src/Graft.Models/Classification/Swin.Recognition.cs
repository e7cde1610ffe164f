namespace Graft.Models.Classification;

public sealed partial class Swin
{
    internal override Recognition? Recognize(TensorNames tensors) => Recognize(tensors, isWhole: true);

    internal override ModelConfig? RecognizeTrunk(TensorNames tensors) => Recognize(tensors, isWhole: false)?.Config;

    /// <param name="tensors">the names and shapes</param>
    /// <param name="isWhole">whether the norm after the last stage has to be there</param>
    Recognition? Recognize(TensorNames tensors, bool isWhole)
    {
        foreach (Origin origin in (ReadOnlySpan<Origin>)[Origin.Timm, Origin.TorchVision, Origin.HuggingFace])
            foreach (bool v2 in (ReadOnlySpan<bool>)[false, true])
                if (Recognize(tensors, origin, v2) is { } found && (!isWhole || HasLastNorm(tensors, origin, v2))) return found;
        return null;
    }

    bool HasLastNorm(TensorNames tensors, Origin origin, bool v2) => tensors.Has(
        Names(origin, new Config { V2 = v2, Depths = [], Heads = [], Width = 1, Windows = [] }).ToTheirs("norm.weight") ?? "");

    Recognition? Recognize(TensorNames tensors, Origin origin, bool v2)
    {
        NameMap names = Names(origin, new Config { V2 = v2, Depths = [], Heads = [], Width = 1, Windows = [] });
        string Of(string ours) => names.ToTheirs(ours) ?? "";
        string Key(int stage, int block = 0) =>
            Of($"layers.{stage}.blocks.{block}.attn.{(v2 ? "logit_scale" : "relative_position_bias_table")}");
        if (!tensors.Has(Key(0)) || !tensors.Has(Of("patch_embed.proj.weight"))) return null;
        int stages = tensors.CountWhile(stage => Key(stage));
        if (stages is 0 or > MaxStages) return null;
        // Microsoft's own files halve the map at a stage's end
        if (stages > 1 && !tensors.Has(Of("layers.1.downsample.reduction.weight"))) return null;
        int[] all = [.. Enumerable.Range(0, stages)];
        int[] depths = [.. all.Select(stage => tensors.CountWhile(block => Key(stage, block)))];
        int[] heads = [.. all.Select(stage => tensors.Size(Key(stage), v2 ? 0 : 1))];
        int width = tensors.Size(Of("patch_embed.proj.weight"), 0), patch = tensors.Size(Of("patch_embed.proj.weight"), 2);
        int[] tables = [.. all.Select(stage => v2 ? 0 : (int)((Math.Sqrt(tensors.Size(Key(stage), 0)) + 1) / 2))];
        int hidden = tensors.Size(Of("layers.0.blocks.0.mlp.fc1.weight"), 0);
        if (width == 0 || patch == 0 || hidden == 0 || heads.Contains(0) || (!v2 && tables.Any(side => side is 0 or > MaxWindow)))
            return null;
        string bias = Of(v2 ? "layers.0.blocks.0.attn.q_bias" : "layers.0.blocks.0.attn.qkv.bias");
        var seen = new Config
        {
            V2 = v2,
            Depths = depths,
            Heads = heads,
            Width = width,
            Windows = tables,
            MlpRatios = [hidden / (double)width],
            Patch = patch,
            Rule = origin switch
            {
                Origin.TorchVision => WindowRule.TorchVision,
                Origin.HuggingFace => v2 ? WindowRule.HuggingFaceV2 : WindowRule.HuggingFace,
                _ => WindowRule.Timm,
            },
            Bias = tensors.Has(bias),
            Positions = tensors.Has(Of("absolute_pos_embed")),
            InputChannels = tensors.Size(Of("patch_embed.proj.weight"), 1),
            Classes = tensors.Size(Of("head.fc.weight"), 0),
            HeadStart = HeadStart.TruncatedNormal,
        };
        return new Recognition(this, origin, Completed(seen, origin, tensors, Of));
    }

    /// <summary>What shapes don't tell (a V2's windows, the images' size) as in the first named network of these sizes.</summary>
    Config Completed(Config seen, Origin origin, TensorNames tensors, Func<string, string> of)
    {
        if (seen.Positions)
        {
            int side = (int)Math.Sqrt(tensors.Size(of("absolute_pos_embed"), 1)) * seen.Patch;
            return seen with { ImageSize = [side, side] };
        }
        string coordinates = of("layers.0.blocks.0.attn.relative_coords_table"); // torchvision saves it
        int told = seen.V2 ? (tensors.Size(coordinates, 1) + 1) / 2 : 0;
        foreach (ModelVariant variant in Variants)
        {
            if (variant.Origin != origin) continue;
            var its = (Config)variant.Config;
            if (its.V2 != seen.V2 || its.Width != seen.Width || !its.Depths.SequenceEqual(seen.Depths) ||
                !its.Heads.SequenceEqual(seen.Heads) || !its.MlpRatios.SequenceEqual(seen.MlpRatios) || its.Patch != seen.Patch ||
                its.Bias != seen.Bias || its.Positions || (seen.V2 ? told > 0 && its.Windows[0] != told
                    : !its.Depths.Select((_, stage) => its.TableWindow(stage)).SequenceEqual(seen.Windows)))
                continue;
            return its with { Classes = seen.Classes, InputChannels = seen.InputChannels };
        }
        int window = told > 0 ? told : 8;
        return seen.V2 ? seen with { Windows = PerStage(window, seen.Depths.Count), ImageSize = [256, 256] } : seen;
    }
}
