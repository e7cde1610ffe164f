using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>A small convolutional net with a residual block: <c>[N, 3, H, W]</c> to <c>[N, 5]</c>.</summary>
sealed class SmallNet : Module
{
    readonly ConvNorm stem;
    readonly Block block;
    readonly Sequential head;

    public SmallNet(ModulePath at, int width = 8) : base(at)
    {
        stem = new ConvNorm(at / "stem", "conv", "bn", 3, width, kernel: 3, stride: 2, activation: ActivationKind.Relu);
        block = new Block(at / "block", width);
        head = new Sequential(
            at / "head", new GlobalAveragePool(at / "head.pool"), new Dropout(at / "head.drop", 0.1),
            new Linear(at / "head.fc", width, 5));
    }

    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor features = stem.Forward(x); // [N, width, H / 2, W / 2]
        return scope.Keep(head.Forward(block.Forward(features))); // [N, 5]
    }

    sealed class Block : Module
    {
        readonly ConvNorm first, second;
        readonly Activation activation;
        readonly DropPath drop;

        internal Block(ModulePath at, int width) : base(at)
        {
            first = new ConvNorm(at, "conv1", "bn1", width, width, kernel: 3, activation: ActivationKind.Silu);
            second = new ConvNorm(at, "conv2", "bn2", width, width, kernel: 1);
            activation = new Activation(at / "relu", ActivationKind.Relu);
            drop = new DropPath(at / "drop_path", 0.2);
        }

        protected override Tensor Compute(Tensor x)
        {
            using var scope = new TensorScope();
            Tensor branch = drop.Forward(second.Forward(first.Forward(x)));
            return scope.Keep(activation.Forward(branch + x));
        }
    }
}
