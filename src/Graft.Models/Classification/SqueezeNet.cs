using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Fire modules squeeze channels by 1 x 1 convolutions before they spread them by 1 x 1 and 3 x 3. Iandola et al. 2016,
/// "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", arXiv:1602.07360; 1.1 is the authors' cheaper arrangement.
/// Its head is a convolution too, whose map is rectified and averaged. Names as torchvision's.
/// </summary>
public sealed partial class SqueezeNet : ModelFamily
{
    /// <summary>How a SqueezeNet is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Sides of the first convolution's window. <value>3</value></summary>
        public int Kernel { get; init; } = 3;

        /// <summary>Channels of the first convolution. <value>64</value></summary>
        public int Stem { get; init; } = 64;

        /// <summary>For each layer after the first: channels that a fire module squeezes to; 0 for a pool.</summary>
        public required IReadOnlyList<int> Squeezed { get; init; }

        /// <summary>For each layer after the first: channels of each of a fire module's two spreading convolutions.</summary>
        public required IReadOnlyList<int> Expanded { get; init; }

        /// <summary>Where the first layer stands; the rectifier after it has a number too. <value>2</value></summary>
        internal static int FirstLayer => 2;
    }

    /// <inheritdoc/>
    public override string Name => "squeezenet";

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : Backbone
    {
        readonly List<Module> layers = [];
        readonly PyramidTaps taps = new();

        public Net(ModulePath at, Config config) : base(at, config)
        {
            layers.Add(new Conv2d(at / "features.0", config.InputChannels, config.Stem, config.Kernel, stride: 2, padding: 0));
            layers.Add(new Activation(at / "features.1", ActivationKind.Relu));
            List<LayerGroup> groups = [new LayerGroup("stem", ["features.0"])];
            int inputs = config.Stem, total = 2;
            taps.Add(layers.Count - 1, inputs, total);
            for (int i = 0; i < config.Squeezed.Count; i++)
            {
                ModulePath place = at / $"features.{i + Config.FirstLayer}";
                if (config.Squeezed[i] == 0)
                {
                    layers.Add(new MaxPool2d(place, kernel: 3, stride: 2, ceilMode: true));
                    total *= 2;
                    continue;
                }
                layers.Add(new Fire(place, inputs, config.Squeezed[i], config.Expanded[i]));
                groups.Add(new LayerGroup(place.Name, [place.Name]));
                inputs = 2 * config.Expanded[i];
                taps.Add(layers.Count - 1, inputs, total);
            }
            Channels = inputs;
            LayerGroups = groups;
        }

        public override int Channels { get; }
        public override string HeadPath => "classifier.1";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "SqueezeNet";

        protected internal override Tensor Map(Tensor images) => layers.ForwardAll(images); // [N, 3, H, W] -> [N, C, h, w]

        public override IReadOnlyList<PyramidLevel> Levels => taps.Levels;

        internal override Tensor[] Stages(Tensor images) => taps.Run(layers, images);

        protected internal override Head BuildHead(ModulePath root, ModelConfig config) =>
            config.Head == HeadKind.Own && config.Pool == PoolKind.Own
                ? new MapHead(root / HeadPath, FeatureCount, config.Classes, config.Dropout) : base.BuildHead(root, config);

        /// <summary>Convolutions start uniform by He's rule for fan-in, biases as 0, as torchvision's do.</summary>
        internal override void Start(ulong seed)
        {
            foreach (Parameter parameter in Path.Store.All)
                if (parameter.Shape.Length == 1) Initializer.Constant(parameter, 0);
                else
                {
                    double bound = Math.Sqrt(6.0 / Initializer.FanIn(parameter.Shape));
                    new Initializer(seed, parameter.Name).Uniform(parameter, -bound, bound);
                }
        }
    }

    /// <summary>1 x 1 to few channels, then 1 x 1 and 3 x 3 side by side, each rectified.</summary>
    sealed class Fire(ModulePath at, int inputs, int squeezed, int expanded) : Module(at)
    {
        readonly Conv2d squeeze = new(at / "squeeze", inputs, squeezed, kernel: 1);
        readonly Conv2d small = new(at / "expand1x1", squeezed, expanded, kernel: 1);
        readonly Conv2d large = new(at / "expand3x3", squeezed, expanded, kernel: 3);

        protected override Tensor Compute(Tensor x)
        {
            using Tensor few = squeeze.Forward(x).Relu_(); // [N, S, H, W]
            using Tensor left = small.Forward(few).Relu_();
            using Tensor right = large.Forward(few).Relu_();
            return Tensor.Cat([left, right], 1); // [N, 2E, H, W]
        }
    }

    /// <summary>
    /// A 1 x 1 convolution to one channel for each class, rectified, and the mean of each: <c>[N, C, H, W]</c> to <c>[N, K]</c>.
    /// </summary>
    sealed class MapHead(ModulePath at, int features, int classes, double dropout) : Head(at)
    {
        static readonly long[] spatial = [2, 3];
        readonly Conv2d classify = new(at, features, classes, kernel: 1);

        public override bool TakesMap => true;
        public override string Kind => "MapHead";

        protected override Tensor Compute(Tensor x)
        {
            using Tensor map = Scores(x); // [N, K, H, W]
            return map.Mean(spatial); // [N, K]
        }

        Tensor Scores(Tensor x)
        {
            if (dropout == 0 || !IsTraining) return classify.Forward(x).Relu_();
            using Tensor kept = x.Dropout(dropout, training: true);
            return classify.Forward(kept).Relu_();
        }

        internal override void Start(HeadStart start, ulong seed)
        {
            Parameter weight = Path.Store.Find(Path.Name + ".weight")!, bias = Path.Store.Find(Path.Name + ".bias")!;
            new Initializer(seed, Path.Name).Normal(weight, 0.01);
            Initializer.Constant(bias, 0);
        }
    }
}
