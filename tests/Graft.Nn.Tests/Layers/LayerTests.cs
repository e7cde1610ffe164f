using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>What layers do beyond the golden numbers: modes, names, temporaries.</summary>
public class LayerTests
{
    [Fact]
    public void Dropout_drops_in_training_alone()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var layer = new Dropout(ModulePath.Root(store), 0.25);
        Tensor x = Tensor.Ones([100, 100]);
        Assert.Same(x, layer.Forward(x));
        store.SetMode("", training: true);
        Engine.ManualSeed(3);
        float[] values = layer.Forward(x).ToArray<float>();
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value - 1 / 0.75f) < 1e-6));
        Assert.InRange(values.Count(value => value == 0), 2200, 2800);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(ModulePath.Root(store), 1.5));
    }

    [Fact]
    public void Drop_path_drops_whole_samples_in_training_alone()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var layer = new DropPath(ModulePath.Root(store), 0.25);
        Tensor x = Tensor.Ones([400, 3, 2, 2]);
        Assert.Same(x, layer.Forward(x));
        store.SetMode("", training: true);
        Engine.ManualSeed(3);
        float[] values = layer.Forward(x).ToArray<float>();
        int dropped = 0;
        foreach (float[] sample in values.Chunk(12))
        {
            Assert.All(sample, value => Assert.Equal(sample[0], value));
            Assert.True(sample[0] == 0 || Math.Abs(sample[0] - 1 / 0.75f) < 1e-6);
            if (sample[0] == 0) dropped++;
        }
        Assert.InRange(dropped, 70, 130);
        Assert.All(new DropPath(ModulePath.Root(store) / "all", 1) { IsTraining = true }.Forward(x).ToArray<float>(), Zero);
    }

    static void Zero(float value) => Assert.Equal(0f, value);

    [Theory, InlineData(false), InlineData(true)]
    public void A_conv_norm_is_its_three_parts(bool recording)
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            using var scope = new TensorScope();
            using var store = new ParameterStore();
            var brick = new ConvNorm(
                ModulePath.Root(store) / "block", "conv1", "bn1", 3, 4, kernel: 3, stride: 2, activation: kind);
            Assert.Equal(
                ["block.conv1.weight", "block.bn1.weight", "block.bn1.bias", "block.bn1.running_mean", "block.bn1.running_var",
                    "block.bn1.num_batches_tracked"], store.All.Select(parameter => parameter.Name));
            store.Reset("", seed: 4);
            store.SetMode("", training: true);
            brick.Norm.KeepsStatistics = true;
            using (Autograd.NoGrad())
                foreach (string name in (string[])["weight", "bias", "running_mean", "running_var"])
                    store.Find($"block.bn1.{name}")!.Value.Uniform_(0.5, 1.5);
            Tensor x = Tensor.Randn([2, 3, 9, 9]);
            x.RequiresGrad = recording;
            using GradMode mode = recording ? Autograd.EnableGrad() : Autograd.NoGrad();
            Tensor expected = Activation.Apply(kind, brick.Norm.Forward(brick.Conv.Forward(x)));
            long before = Tensor.LiveCount;
            Tensor actual = brick.Forward(x);
            Assert.Equal(before + 1, Tensor.LiveCount);
            Close.To(expected, actual, 1e-6, kind.ToString());
            if (!recording) continue;
            (expected * expected).Sum().Backward();
            float[] gradient = x.Grad!.ToArray<float>();
            x.Grad = null;
            (actual * actual).Sum().Backward();
            Close.To(Tensor.FromSpan<float>(gradient, x.Shape), x.Grad!, 1e-5, $"gradient through {kind}");
        }
    }

    [Fact]
    public void Layer_scale_scales_channels_of_either_layout()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var last = new LayerScale(ModulePath.Root(store) / "a", 3);
        var first = new LayerScale(ModulePath.Root(store) / "b", 3, initial: 0.5, channelsFirst: true, name: "layer_scale");
        Assert.Equal(["a.gamma", "b.layer_scale"], store.All.Select(parameter => parameter.Name));
        store.Reset("", seed: 0);
        Assert.Equal([0.5f, 0.5f, 0.5f], store.All[1].Value.ToArray<float>());
        using (Autograd.NoGrad())
            foreach (Parameter parameter in store.All) parameter.Value.Copy_(Tensor.FromSpan<float>([1, 2, 3], [3]));
        Assert.Equal([1f, 2f, 3f, 1f, 2f, 3f], last.Forward(Tensor.Ones([1, 2, 3])).ToArray<float>());
        Assert.Equal([1f, 1f, 2f, 2f, 3f, 3f], first.Forward(Tensor.Ones([1, 3, 1, 2])).ToArray<float>());
    }

    [Fact]
    public void Global_response_norm_follows_the_papers_formula()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var layer = new GlobalResponseNorm(ModulePath.Root(store), 3);
        store.Reset("", seed: 0);
        Tensor x = Tensor.Randn([2, 4, 5, 3]);
        Close.To(x, layer.Forward(x), 1e-7, "at first it is the identity");
        using (Autograd.NoGrad())
        {
            store.Find("weight")!.Value.Copy_(Tensor.FromSpan<float>([0.5f, -1, 2], [3]));
            store.Find("bias")!.Value.Copy_(Tensor.FromSpan<float>([1, 2, 3], [3]));
        }
        Tensor norm = x.Square().Sum([1, 2], keepDimension: true).Sqrt();
        Tensor relative = norm / (norm.Mean([3], keepDimension: true) + 1e-6);
        Tensor expected = store.Find("weight")!.Value * (x * relative) + store.Find("bias")!.Value + x;
        Close.To(expected, layer.Forward(x), 1e-6, "output");

        Tensor zeros = Tensor.Zeros([1, 2, 2, 3]);
        zeros.RequiresGrad = true;
        layer.Forward(zeros).Sum().Backward();
        Assert.DoesNotContain(zeros.Grad!.ToArray<float>(), float.IsNaN);
    }

    [Fact]
    public void Squeeze_excite_gates_each_channel()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var layer = new SqueezeExcite(
            ModulePath.Root(store) / "se", 4, 2, ActivationKind.Silu, reduce: "conv_reduce", expand: "conv_expand");
        Assert.Equal(
            ["se.conv_reduce.weight", "se.conv_reduce.bias", "se.conv_expand.weight", "se.conv_expand.bias"],
            store.All.Select(parameter => parameter.Name));
        store.Reset("", seed: 5);
        Tensor x = Tensor.Randn([2, 4, 3, 3]);
        Tensor pooled = x.Mean([2, 3]);
        Tensor hidden = pooled.Linear(Matrix("se.conv_reduce.weight", 2, 4), store.All[1].Value).Silu();
        Tensor gate = hidden.Linear(Matrix("se.conv_expand.weight", 4, 2), store.All[3].Value).Sigmoid();
        long before = Tensor.LiveCount;
        Tensor actual = layer.Forward(x);
        Assert.Equal(before + 1, Tensor.LiveCount);
        Close.To(x * gate.Reshape(2, 4, 1, 1), actual, 1e-6, "output");

        Tensor Matrix(string name, long rows, long columns) => store.Find(name)!.Value.Reshape(rows, columns);
    }

    [Fact]
    public void A_same_padded_max_pool_pads_with_nothing_that_could_win()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var layer = new MaxPool2d(ModulePath.Root(store), 3, 2, Padding.Same);
        Tensor y = layer.Forward(Tensor.Full([1, 1, 5, 4], -7));
        Assert.Equal([1L, 1, 3, 2], y.Shape);
        Assert.All(y.ToArray<float>(), value => Assert.Equal(-7f, value));
    }

    [Theory]
    [InlineData(5, 1, 2, 9, 8, 1, 2, 1, 2)] // more after than before, whatever the size
    [InlineData(1, -1, 0, 4, 4, -1, 0, -1, 0)] // fewer than none cuts off
    [InlineData(3, null, null, 9, 8, 1, 1, 0, 1)] // "same" depends on the size
    [InlineData(5, null, null, 7, 9, 2, 2, 2, 2)] // and wants no copy where it is symmetric
    public void A_convolution_is_framed_as_asked(
        int kernel, int? before, int? after, int height, int width, int top, int bottom, int left, int right)
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        Padding padding = before is { } first ? Padding.Of(first, after!.Value) : Padding.Same;
        var framed = new Conv2d(ModulePath.Root(store) / "framed", 2, 3, kernel, stride: 2, padding);
        store.Reset("", seed: 1);
        Tensor x = Tensor.Randn([1, 2, height, width]);
        Tensor expected = x.Pad(left, right, top, bottom).Conv2d(
            store.Find("framed.weight")!.Value, store.Find("framed.bias")!.Value, [2, 2], [0, 0], [1, 1]);
        Tensor actual = framed.Forward(x);
        Assert.Equal(expected.Shape, actual.Shape);
        Close.To(expected, actual, 1e-6, "output");
    }

    [Fact]
    public void An_even_kernel_is_not_padded_unless_asked()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        Tensor x = Tensor.Ones([1, 3, 16, 16]);
        Assert.Equal([1L, 8, 4, 4], new Conv2d(ModulePath.Root(store) / "patch", 3, 8, kernel: 4, stride: 4).Forward(x).Shape);
        Assert.Equal([1L, 8, 16, 16], new Conv2d(ModulePath.Root(store) / "odd", 3, 8, kernel: 3, dilation: 2).Forward(x).Shape);
    }

    [Fact]
    public void A_model_leaves_only_its_output_behind()
    {
        using var store = new ParameterStore();
        var model = new SmallNet(ModulePath.Root(store));
        store.Reset("", seed: 1);
        using Tensor x = Tensor.Randn([2, 3, 16, 16]);
        long before = Tensor.LiveCount;
        using (Autograd.NoGrad()) model.Forward(x).Dispose();
        Assert.Equal(before, Tensor.LiveCount);
        model.Forward(x).Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void An_observer_sees_modules_enter_and_leave()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        var model = new Sequential(root, new Linear(root / "a", 2, 3), new Activation(root / "b", ActivationKind.Relu));
        store.Reset("", seed: 1);
        var log = new Log();
        using (Module.Observe(log)) model.Forward(Tensor.Ones([1, 2]));
        model.Forward(Tensor.Ones([1, 2]));
        Assert.Equal(["+Sequential", "+Linear", "-Linear [1, 3]", "+ReLU", "-ReLU [1, 3]", "-Sequential [1, 3]"], log.Lines);
    }

    sealed class Log : IModuleObserver
    {
        public List<string> Lines { get; } = [];

        public void OnEntering(Module module, Tensor input) => Lines.Add($"+{module.Kind}");

        public void OnLeaving(Module module, Tensor input, Tensor output) =>
            Lines.Add($"-{module.Kind} [{string.Join(", ", output.Shape)}]");
    }

    [Fact]
    public void Attention_in_parts_is_attention_at_once()
    {
        using var scope = new TensorScope();
        Engine.ManualSeed(4);
        long[] shape = [3, 2, 2100, 4]; // more scores than are held at a time
        Tensor queries = Tensor.Randn(shape), keys = Tensor.Randn(shape), values = Tensor.Randn(shape);
        Tensor bias = Tensor.Randn([2, 2100, 2100]);
        float[] inParts;
        using (Autograd.NoGrad()) inParts = ScaledDotProduct.Attend(queries, keys, values, bias).ToArray<float>();
        Tensor weights = (queries.MatMul(keys.Transpose(2, 3)) * 0.5 + bias).Softmax(-1); // 1 / sqrt(4)
        float[] atOnce = weights.MatMul(values).ToArray<float>();
        for (int i = 0; i < atOnce.Length; i++) Assert.Equal(atOnce[i], inParts[i], 5);
    }

    [Fact]
    public void An_attention_trains_all_its_weights_and_keeps_no_tensors()
    {
        long before = Tensor.LiveCount;
        using (var store = new ParameterStore())
        using (var scope = new TensorScope())
        {
            var layer = new SelfAttention(
                ModulePath.Root(store) / "attn", 8, 2, AttentionBias.NotKeys,
                headNorm: (at, channels) => new RmsNorm(at, channels));
            store.Reset("", 1);
            Tensor bias = Tensor.Randn([2, 5, 5]);
            layer.ScoreBias = () => bias;
            Tensor y = layer.Forward(Tensor.Randn([3, 5, 8]));
            Assert.Equal([3, 5, 8], y.Shape);
            (y * y).Sum().Backward();
            Assert.All(store.Weights, weight => Assert.NotNull(weight.Value.Grad));
            Assert.NotNull(store.Find("attn.q_bias"));
            Assert.Null(store.Find("attn.k_bias"));
        }
        Assert.Equal(before, Tensor.LiveCount);
    }
}
