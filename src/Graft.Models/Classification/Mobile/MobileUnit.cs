using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification.Mobile;

/// <summary>A block at work: the layers of its kind, under timm's names, and the sum with its input.</summary>
sealed class MobileUnit : Module
{
    readonly MobileBlock block;
    readonly List<Module> layers = [];
    readonly DropPath? dropPath;

    public MobileUnit(ModulePath at, MobileConfig config, MobileBlock block, int inputs, int stride, int dilation, double drop)
        : base(at)
    {
        this.block = block;
        ActivationKind activation = block.Activation;
        (int kernel, int wide, int outputs) = (block.Kernel, block.Wide, block.Channels);
        Padding border = dilation > 1 && block.Border == BorderKind.Symmetric
            ? Padding.Of(dilation * (kernel / 2)) : block.Border.Of(kernel, stride);
        switch (block.Kind)
        {
            case MobileBlockKind.Plain:
                Add("conv", "bn1", inputs, outputs, kernel, stride, border, dilation, activation: activation);
                break;
            case MobileBlockKind.Separable:
                Add("conv_dw", "bn1", inputs, inputs, kernel, stride, border, dilation, groups: inputs, activation);
                Squeeze(inputs);
                Add("conv_pw", "bn2", inputs, outputs);
                break;
            case MobileBlockKind.Inverted:
                Add("conv_pw", "bn1", inputs, wide, activation: activation);
                Add("conv_dw", "bn2", wide, wide, kernel, stride, border, dilation, groups: wide, activation);
                Squeeze(wide);
                Add("conv_pwl", "bn3", wide, outputs);
                break;
            case MobileBlockKind.Fused:
                Add("conv_exp", "bn1", inputs, wide, kernel, stride, border, dilation, activation: activation);
                Squeeze(wide);
                Add("conv_pwl", "bn2", wide, outputs);
                break;
        }
        if (drop > 0 && block.Residual) dropPath = new DropPath(at / "drop_path", drop);

        void Add(
            string conv, string norm, int from, int to, int window = 1, int step = 1, Padding? frame = null, int spacing = 1,
            int groups = 1, ActivationKind activation = ActivationKind.None) =>
            layers.Add(new ConvNorm(
                at, conv, norm, from, to, window, step, frame, spacing, groups, activation, config.Eps, config.Momentum));

        void Squeeze(int channels)
        {
            if (block.Squeezed == 0) return;
            layers.Add(new SqueezeExcite(
                at / "se", channels, block.Squeezed, config.SqueezeActivation ?? activation, config.Gate,
                reduce: "conv_reduce", expand: "conv_expand"));
        }
    }

    public override string Kind => block.Kind switch
    {
        MobileBlockKind.Plain => "ConvBnAct",
        MobileBlockKind.Separable => "DepthwiseSeparableConv",
        MobileBlockKind.Inverted => "InvertedResidual",
        _ => "EdgeResidual",
    };

    protected override Tensor Compute(Tensor x)
    {
        Tensor y = layers[0].Forward(x);
        for (int i = 1; i < layers.Count; i++) y = layers[i] is SqueezeExcite squeeze ? squeeze.Weigh(y) : y.Then(layers[i]);
        if (!block.Residual) return y; // [N, O, H / stride, W / stride]
        if (dropPath is not null) y = y.Then(dropPath);
        // an activation's gradient may need its output as it is
        if (block.Kind != MobileBlockKind.Plain || !Autograd.IsEnabled) return Precision.Sum(y, x);
        Tensor sum = y + x;
        y.Dispose();
        return sum;
    }
}
