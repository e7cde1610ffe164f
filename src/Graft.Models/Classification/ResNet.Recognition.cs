namespace Graft.Models.Classification;

public sealed partial class ResNet
{
    internal override Recognition? Recognize(TensorNames tensors)
    {
        foreach (Origin origin in (ReadOnlySpan<Origin>)[Origin.TorchVision, Origin.HuggingFace])
        {
            NameMap names = Names(origin, null!);
            string Of(string ours) => names.ToTheirs(ours) ?? "";
            if (!tensors.Has(Of("layer1.0.conv1.weight")) || !tensors.Has(Of("layer1.0.bn1.weight"))) continue;
            int squeezed = tensors.Size("layer1.0.se.fc1.weight", 0), mixed = tensors.Size("layer1.0.se.conv.weight", 2);
            // other kinds of attention are of other families
            if (squeezed + mixed == 0 && tensors.Names.Any(name => name.Contains(".se.", StringComparison.Ordinal))) return null;
            int stages = tensors.CountWhile(i => Of($"layer{i + 1}.0.conv1.weight"));
            if (stages > 16) return null;
            List<int> depths = [], widths = [];
            List<bool> bottlenecks = [];
            for (int stage = 1; stage <= stages; stage++)
            {
                bottlenecks.Add(tensors.Has(Of($"layer{stage}.0.conv3.weight")));
                depths.Add(tensors.CountWhile(i => Of($"layer{stage}.{i}.conv1.weight")));
                widths.Add(tensors.Size(Of($"layer{stage}.0.conv{(bottlenecks[^1] ? 3 : 2)}.weight"), 0));
            }
            bool deep = tensors.Has("conv1.6.weight");
            bool small = !deep && tensors.Size(Of("conv1.weight"), 2) == 3;
            bool averaged = tensors.Names.Any(name => name.EndsWith(".downsample.2.weight", StringComparison.Ordinal));
            bool projected = tensors.Names.Any(name => name.Contains("downsample", StringComparison.Ordinal));
            string[] stem = deep ? ["conv1.0.weight", "conv1.3.weight", "conv1.6.weight"] : [Of("conv1.weight")];
            var config = new Config
            {
                Depths = depths,
                Widths = widths,
                Bottlenecks = bottlenecks,
                Stem = deep ? StemKind.Deep : small ? StemKind.Cifar : StemKind.Plain,
                StemWidths = [.. stem.Select(name => tensors.Size(name, 0))],
                AveragedShortcuts = averaged,
                PaddedShortcuts = small && !projected,
                Attention = squeezed > 0 ? AttentionKind.SqueezeExcite : mixed > 0 ? AttentionKind.Efficient : AttentionKind.None,
                SqueezeRatio = squeezed == 0 ? 1 / 16.0
                    : Fitting(widths, stage => tensors.Size($"layer{stage + 1}.0.se.fc1.weight", 0)),
                ConvolvedPool = tensors.Has("maxpool.0.weight"),
            };
            if (bottlenecks.Contains(true))
            {
                int stage = bottlenecks.IndexOf(true) + 1; // width = floor(planes * groupWidth / 64) * groups
                string middle = Of($"layer{stage}.0.conv2.weight");
                int width = tensors.Size(middle, 0), each = tensors.Size(middle, 1);
                int planes = widths[stage - 1] / 4;
                if (width == 0 || each == 0 || planes == 0 || width % each != 0) return null;
                int groups = width / each;
                config = config with { Groups = groups, GroupWidth = (int)Math.Round(64.0 * each / planes) };
            }
            if (widths.Contains(0) || config.StemWidths.Contains(0) || config.SqueezeRatio == 0) return null;
            bool linear = tensors.Has("linear.weight");
            bool attends = config.Attention != AttentionKind.None || config.ConvolvedPool;
            Origin found = linear ? Origin.Cifar : origin == Origin.HuggingFace ? origin
                : deep || averaged || attends || VariantOf(Origin.TorchVision, config) is null ? Origin.Timm : Origin.TorchVision;
            if (found == Origin.Timm && config.Stem == StemKind.Cifar) found = Origin.Cifar;
            int classes = tensors.Size(Names(found, config).ToTheirs("fc.weight")!, 0);
            return new Recognition(this, found, config with { Classes = classes });
        }
        return null;
    }

    /// <summary>The share of channels that gives every stage what it squeezes to; 0 where none does.</summary>
    static double Fitting(List<int> widths, Func<int, int> squeezed)
    {
        foreach (double ratio in (ReadOnlySpan<double>)[1 / 16.0, 1 / 4.0, 1 / 8.0, 1 / 2.0])
            if (widths.Select((width, stage) => Squeezed(width, ratio) == squeezed(stage)).All(same => same)) return ratio;
        return 0;
    }
}
