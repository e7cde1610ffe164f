using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification.Mobile;

/// <summary>What mobile networks share: the first convolution, and stages of blocks.</summary>
abstract class MobileTrunk : Backbone
{
    readonly List<Module> layers = [];
    readonly PyramidTaps taps = new();
    readonly List<LayerGroup> groups = [];

    protected MobileTrunk(ModulePath at, MobileConfig config) : base(at, config)
    {
        groups.Add(new LayerGroup("stem", [(at / "conv_stem").Name, (at / "bn1").Name]));
        List<(int Layer, int Channels)> strided = [(0, config.Stem)];
        layers.Add(new ConvNorm(
            at, "conv_stem", "bn1", config.InputChannels, config.Stem, config.StemKernel, stride: 2,
            config.Border.Of(config.StemKernel, 2), activation: config.Activation, eps: config.Eps, momentum: config.Momentum));
        taps.Add(0, config.Stem, 2);
        int inputs = config.Stem, dilation = 1, number = 0, count = config.Stages.Sum(stage => stage.Count);
        long total = 2;
        for (int stage = 0; stage < config.Stages.Count; stage++)
        {
            ModulePath place = at / $"blocks.{stage}";
            Module[] units = new Module[config.Stages[stage].Count];
            for (int i = 0; i < units.Length; i++)
            {
                MobileBlock block = config.Stages[stage][i];
                int stride = block.Stride, spacing = dilation;
                if (stride > 1 && total * stride > config.OutputStride && config.OutputStride < MobileConfig.AnyStride)
                    (stride, dilation) = (1, dilation * stride);
                if (config.DilatesAtOnce) spacing = dilation;
                total *= stride;
                double drop = config.DropPath * number++ / count;
                if (block.Stride > 1) strided.Add((number, block.Channels));
                units[i] = new MobileUnit(place / i, config, block, inputs, stride, spacing, drop);
                inputs = block.Channels;
            }
            layers.Add(new Sequential(place, units));
            taps.Add(layers.Count - 1, inputs, (int)Math.Min(total, int.MaxValue));
            groups.Add(new LayerGroup(place.Name, [place.Name]));
        }
        Width = inputs;
        bool roundsDown = config.Border == BorderKind.After ||
            config.Stages.Any(stage => stage.Any(block => block.Border == BorderKind.After));
        PyramidUnit = roundsDown ? Levels[^1].Stride : 1;
        strided.Add((number, inputs));
        Middle = strided[Math.Max(0, strided.Count - 4)];
    }

    /// <summary>Channels of the last stage.</summary>
    protected int Width { get; }

    public override string HeadPath => "classifier";
    public override IReadOnlyList<LayerGroup> LayerGroups => groups;

    public sealed override IReadOnlyList<PyramidLevel> Levels => taps.Levels;

    internal sealed override int PyramidUnit { get; }

    internal sealed override Tensor[] Stages(Tensor images) => taps.Run(layers, images);

    internal sealed override IReadOnlyList<Module> Chain =>
        [.. layers.SelectMany(layer => layer is Sequential stage ? stage.Modules : [layer])];

    internal sealed override (int Layer, int Channels) Middle { get; }

    protected void Add(Module layer) => layers.Add(layer);

    protected void Add(LayerGroup group) => groups.Add(group);

    protected internal override Tensor Map(Tensor images) => layers.ForwardAll(images); // [N, 3, H, W] -> [N, C, h, w]

    /// <summary>
    /// Convolutions start as N(0, 2 / fan-out) and biases at 0, as TensorFlow's do: a depthwise convolution's fan-out is its
    /// window.
    /// </summary>
    internal override void Start(ulong seed)
    {
        foreach (Parameter parameter in Path.Store.All)
        {
            if (!ModulePath.IsWithin(parameter.Name, Path.Name)) continue;
            if (parameter.Shape is [_, 1, var height, var width] && height * width > 1)
                new Initializer(seed, parameter.Name).Normal(parameter, Math.Sqrt(2.0 / (height * width)));
            else if (parameter.Shape.Length == 4) new Initializer(seed, parameter.Name).KaimingNormalFanOut(parameter);
            else if (parameter.Name.Contains(".se.", StringComparison.Ordinal)) Initializer.Constant(parameter, 0);
        }
    }
}
