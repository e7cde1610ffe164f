using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

public sealed partial class Swin
{
    /// <summary>
    /// Attention within windows, then an MLP, each beside a shortcut and with a norm: before it in V1, after it in V2.
    /// </summary>
    sealed class Block : Module
    {
        readonly LayerNorm norm1, norm2;
        readonly WindowAttention attention;
        readonly Linear widen, narrow;
        readonly DropPath? dropPath;
        readonly ActivationKind activation;
        readonly bool normAfter;

        public Block(ModulePath at, Config config, int stage, double drop) : base(at)
        {
            int channels = config.WidthOf(stage), hidden = config.Hidden(stage);
            normAfter = config.V2;
            activation = config.Activation;
            norm1 = new LayerNorm(at / "norm1", channels, config.Eps);
            attention = new WindowAttention(at / "attn", channels, config, stage);
            norm2 = new LayerNorm(at / "norm2", channels, config.Eps);
            widen = new Linear(at / "mlp.fc1", channels, hidden);
            narrow = new Linear(at / "mlp.fc2", hidden, channels);
            if (drop > 0) dropPath = new DropPath(at / "drop_path", drop);
        }

        /// <summary>Takes a table for windows of another size.</summary>
        public void KeepTable(int window) => attention.KeepTable(window);

        /// <summary>How the map that comes next is cut.</summary>
        public ShiftedWindows Windows { set => attention.Windows = value; }

        protected override Tensor Compute(Tensor x) // [N, H, W, C]
        {
            Tensor mixed = normAfter ? attention.Forward(x).Then(norm1) : norm1.Forward(x).Then(attention);
            if (dropPath is not null) mixed = mixed.Then(dropPath);
            mixed = Precision.Sum(mixed, x);
            Tensor y = normAfter ? widen.Forward(mixed) : norm2.Forward(mixed).Then(widen); // [N, H, W, hidden]
            y = Activation.ApplyTo(activation, y).Then(narrow); // [N, H, W, C]
            if (normAfter) y = y.Then(norm2);
            if (dropPath is not null) y = y.Then(dropPath);
            Tensor sum = Precision.Sum(y, mixed);
            mixed.Dispose();
            return sum;
        }
    }

    /// <summary>
    /// Each square of four pixels as one of four times the channels, then half of these: <c>[N, H, W, C]</c> to
    /// <c>[N, H / 2, W / 2, 2C]</c>, sizes rounded up. The four in the order of columns.
    /// </summary>
    sealed class PatchMerging : Module
    {
        readonly LayerNorm norm;
        readonly Linear reduction;
        readonly bool normAfter;

        public PatchMerging(ModulePath at, int channels, bool normAfter) : base(at)
        {
            this.normAfter = normAfter;
            norm = new LayerNorm(at / "norm", (normAfter ? 2 : 4) * channels);
            reduction = new Linear(at / "reduction", 4 * channels, 2 * channels, bias: false);
        }

        protected override Tensor Compute(Tensor x)
        {
            using var scope = new TensorScope();
            (long n, long h, long w, long c) = (x.Size(0), x.Size(1), x.Size(2), x.Size(3));
            if (h % 2 + w % 2 > 0) x = x.PadLast(0, 0, 0, w % 2, 0, h % 2);
            Tensor squares = x.Reshape(n, (h + 1) / 2, 2, (w + 1) / 2, 2, c).Permute(0, 1, 3, 4, 2, 5);
            Tensor pixels = squares.Reshape(n, (h + 1) / 2, (w + 1) / 2, 4 * c); // [N, H / 2, W / 2, 4C]
            return scope.Keep(normAfter ? norm.Forward(reduction.Forward(pixels)) : reduction.Forward(norm.Forward(pixels)));
        }
    }
}
