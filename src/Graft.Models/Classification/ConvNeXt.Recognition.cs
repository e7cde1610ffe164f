namespace Graft.Models.Classification;

public sealed partial class ConvNeXt
{
    internal override Recognition? Recognize(TensorNames tensors)
    {
        ReadOnlySpan<(Origin, NameMap)> maps =
        [
            (Origin.Timm, NameMap.Same), (Origin.TorchVision, torchVision), (Origin.HuggingFace, huggingFace),
            (Origin.HuggingFace, huggingFaceV2), (Origin.Facebook, facebook),
        ];
        foreach ((Origin origin, NameMap names) in maps)
        {
            string Of(string ours) => names.ToTheirs(ours) ?? "";
            string Depthwise(int stage, int block = 0) => Of($"stages.{stage}.blocks.{block}.conv_dw.weight");
            if (!tensors.Has(Depthwise(0)) || !tensors.Has(Of("stages.0.blocks.0.mlp.fc1.weight"))) continue;
            int stages = tensors.CountWhile(stage => Depthwise(stage));
            if (stages > 8) return null;
            IEnumerable<int> all = Enumerable.Range(0, stages);
            int[] depths = [.. all.Select(stage => tensors.CountWhile(block => Depthwise(stage, block)))];
            int[] widths = [.. all.Select(stage => tensors.Size(Depthwise(stage), 0))];
            int[] kernels = [.. all.Select(stage => tensors.Size(Depthwise(stage), 2))];
            if (widths.Contains(0) || kernels.Contains(0)) return null;
            bool timm = origin == Origin.Timm;
            int second = timm && tensors.Find("stem.1.weight") is { Shape.Count: 4 } ? 1
                : timm && tensors.Find("stem.2.weight") is { Shape.Count: 4 } ? 2 : 0;
            int middle = second > 0 ? tensors.Size("stem.0.weight", 0) : 0;
            var config = new Config
            {
                Depths = depths,
                Widths = widths,
                Kernels = kernels.All(side => side == kernels[0]) ? [kernels[0]] : kernels,
                Stem = second switch { 0 => StemKind.Patch, 1 => StemKind.Overlap, _ => StemKind.OverlapActivation },
                StemWidth = middle == widths[0] ? 0 : middle,
                Patch = second > 0 ? 4 : Math.Max(1, tensors.Size(Of("stem.0.weight"), 2)),
                FirstStageStrides = tensors.Has(Of("stages.0.downsample.1.weight")) && timm,
                LayerScale = tensors.Has(Of("stages.0.blocks.0.gamma")) ? 1e-6 : null,
                ResponseNorm = tensors.Has(Of("stages.0.blocks.0.mlp.grn.weight")),
                LastEps = origin == Origin.HuggingFace ? 1e-12 : 1e-6,
                Bias = tensors.Has(Of("stages.0.blocks.0.conv_dw.bias")),
                NormBeforePool = timm && tensors.Has("norm_pre.weight"),
                HeadHidden = timm ? tensors.Size("head.pre_logits.fc.weight", 0) : 0,
                ConvolutionsInBlocks = timm && tensors.Find("stages.0.blocks.0.mlp.fc1.weight") is { Shape.Count: 4 },
                HeadStart = HeadStart.TruncatedNormal,
                Classes = tensors.Size(Of("head.fc.weight"), 0),
            };
            return new Recognition(this, origin, config);
        }
        return null;
    }
}
