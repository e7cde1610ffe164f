using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

public sealed partial class SegFormer
{
    /// <summary>Overlapping patches, blocks, and a norm: <c>[N, C, H, W]</c> to <c>[N, h, w, D]</c>.</summary>
    sealed class Stage : Module
    {
        readonly Conv2d patches;
        readonly LayerNorm patchNorm, norm;
        readonly Block[] blocks;

        public Stage(ModulePath at, Config config, int stage, double[] drops) : base(at)
        {
            (int width, int patch) = (config.Widths[stage], config.Patches[stage]);
            int inputs = stage == 0 ? config.InputChannels : config.Widths[stage - 1];
            patches = new Conv2d(at / "patch_embed.proj", inputs, width, patch, config.Strides[stage], Padding.Of(patch / 2));
            patchNorm = new LayerNorm(at / "patch_embed.norm", width, Eps);
            blocks = [.. drops.Select((drop, i) => new Block(at / $"blocks.{i}", config, stage, drop))];
            norm = new LayerNorm(at / "norm", width, Eps);
        }

        public override string Kind => "MixTransformerStage";

        protected override Tensor Compute(Tensor x)
        {
            using Tensor map = patches.Forward(x); // [N, D, h, w]
            using Tensor turned = map.Permute(0, 2, 3, 1);
            Tensor y = patchNorm.Forward(turned);
            foreach (Block block in blocks) y = y.Then(block);
            return y.Then(norm); // [N, h, w, D]
        }
    }

    /// <summary>Attention, then a feed-forward part that looks at neighbours, each behind a norm and beside a shortcut.</summary>
    sealed class Block : Module
    {
        readonly LayerNorm norm1, norm2;
        readonly Attention attention;
        readonly Linear widen, narrow;
        readonly Conv2d neighbours;
        readonly DropPath? dropPath;
        readonly ActivationKind activation;

        public Block(ModulePath at, Config config, int stage, double drop) : base(at)
        {
            int channels = config.Widths[stage], hidden = (int)(channels * config.MlpRatios[stage]);
            activation = config.Activation;
            norm1 = new LayerNorm(at / "norm1", channels, Eps);
            attention = new Attention(at / "attn", channels, config.Heads[stage], config.Reductions[stage]);
            norm2 = new LayerNorm(at / "norm2", channels, Eps);
            widen = new Linear(at / "mlp.fc1", channels, hidden);
            neighbours = new Conv2d(at / "mlp.dwconv", hidden, hidden, kernel: 3, groups: hidden);
            narrow = new Linear(at / "mlp.fc2", hidden, channels);
            if (drop > 0) dropPath = new DropPath(at / "drop_path", drop);
        }

        protected override Tensor Compute(Tensor x) // [N, h, w, C]
        {
            Tensor mixed = norm1.Forward(x).Then(attention);
            if (dropPath is not null) mixed = mixed.Then(dropPath);
            mixed = Precision.Sum(mixed, x);
            Tensor y = norm2.Forward(mixed).Then(widen); // [N, h, w, hidden]
            using (Tensor wide = y)
            using (Tensor map = wide.Permute(0, 3, 1, 2))
            using (Tensor seen = neighbours.Forward(map)) // [N, hidden, h, w]
                y = seen.Permute(0, 2, 3, 1);
            y = Activation.ApplyTo(activation, y).Then(narrow); // [N, h, w, C]
            if (dropPath is not null) y = y.Then(dropPath);
            Tensor sum = Precision.Sum(y, mixed);
            mixed.Dispose();
            return sum;
        }
    }

    /// <summary>
    /// Every pixel asks the pixels of a smaller map: a convolution without overlap makes one of several. Wang et al. 2021 (PVT),
    /// arXiv:2102.12122.
    /// </summary>
    sealed class Attention : Module
    {
        readonly Linear queries, keysAndValues, projection;
        readonly Conv2d? reduce;
        readonly LayerNorm? norm;
        readonly int heads;

        public Attention(ModulePath at, int channels, int heads, int reduction) : base(at)
        {
            this.heads = heads;
            queries = new Linear(at / "q", channels, channels);
            if (reduction > 1)
            {
                reduce = new Conv2d(at / "sr", channels, channels, reduction, stride: reduction, padding: 0);
                norm = new LayerNorm(at / "norm", channels, Eps);
            }
            keysAndValues = new Linear(at / "kv", channels, 2 * channels);
            projection = new Linear(at / "proj", channels, channels);
        }

        protected override Tensor Compute(Tensor x) // [N, h, w, C]
        {
            using var scope = new TensorScope();
            (long n, long h, long w, long width) = (x.Size(0), x.Size(1), x.Size(2), x.Size(3));
            long each = width / heads;
            Tensor asked = queries.Forward(x).Reshape(n, h * w, heads, each).Permute(0, 2, 1, 3); // [N, H, T, c]
            Tensor source = x;
            if (reduce is not null)
                source = norm!.Forward(reduce.Forward(x.Permute(0, 3, 1, 2)).Permute(0, 2, 3, 1)); // [N, h / r, w / r, C]
            Tensor known = keysAndValues.Forward(source).Reshape(n, -1, 2, heads, each).Permute(2, 0, 3, 1, 4); // [2, N, H, S, c]
            Tensor mixed = ScaledDotProduct.Attend(asked, known.Select(0, 0), known.Select(0, 1)); // [N, H, T, c]
            return scope.Keep(projection.Forward(mixed.Permute(0, 2, 1, 3).Reshape(n, h, w, width)));
        }
    }
}
