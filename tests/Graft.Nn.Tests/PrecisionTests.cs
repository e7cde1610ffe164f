using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>The type in which layers multiply.</summary>
public class PrecisionTests
{
    [Fact]
    public void Holds_for_a_block_and_can_be_nested()
    {
        Assert.Equal(DType.Float32, Precision.Type);
        using (Precision.Use(DType.BFloat16))
        {
            Assert.True(Precision.IsLow);
            using (Precision.Use(DType.Float32)) Assert.False(Precision.IsLow);
            Assert.Equal(DType.BFloat16, Precision.Type);
        }
        Assert.False(Precision.IsLow);
        Assert.Throws<ArgumentException>(() => { using PrecisionScope scope = Precision.Use(DType.Int64); });
    }

    [Fact]
    public void Holds_for_its_thread_alone()
    {
        DType elsewhere = DType.Int8;
        using PrecisionScope scope = Precision.Use(DType.BFloat16);
        var thread = new Thread(() => elsewhere = Precision.Type);
        thread.Start();
        thread.Join();
        Assert.Equal(DType.Float32, elsewhere);
    }

    [Fact]
    public void A_linear_layer_multiplies_in_it_and_its_weight_gets_a_float32_gradient()
    {
        using var store = new ParameterStore();
        var layer = new Linear(ModulePath.Root(store) / "fc", 3, 1, bias: false);
        using var scope = new TensorScope();
        Parameter weight = store.Find("fc.weight")!;
        // 1 + 2^-9 needs more bits than bfloat16 has: it becomes 1
        using (Autograd.NoGrad()) weight.Value.Copy_(Tensor.FromArray([1 + 1f / 512, 0, 0], [1, 3]));
        Tensor y;
        using (Precision.Use(DType.BFloat16)) y = layer.Forward(Tensor.FromArray([2f, 3 + 1f / 256, 5], [1, 3]));
        Assert.Equal(DType.BFloat16, y.DType);
        Assert.Equal(2f, y.To(DType.Float32).ToArray<float>()[0]);
        y.Sum().Backward();
        Assert.Equal(DType.Float32, weight.Value.Grad!.DType);
        Assert.Equal([2f, 3f, 5f], weight.Value.Grad!.ToArray<float>());
        Assert.Equal(1 + 1f / 512, weight.Value.ToArray<float>()[0]);
    }

    [Fact]
    public void Without_gradients_a_weight_is_cast_once_and_freed_at_the_end()
    {
        using var store = new ParameterStore();
        var layer = new Linear(ModulePath.Root(store) / "fc", 3, 2);
        store.Reset("", seed: 1);
        using var outer = new TensorScope();
        Tensor x = Tensor.Ones([4, 3]);
        long before = Tensor.LiveCount;
        using (Autograd.NoGrad())
        using (Precision.Use(DType.BFloat16))
        {
            layer.Forward(x).Dispose();
            Assert.Equal(before + 2, Tensor.LiveCount);
            layer.Forward(x).Dispose();
            Assert.Equal(before + 2, Tensor.LiveCount);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_normalisation_takes_bfloat16_and_gives_float32_where_sums_go_on()
    {
        using var store = new ParameterStore();
        var norm = new LayerNorm(ModulePath.Root(store) / "norm", 4);
        store.Reset("", seed: 1);
        using var scope = new TensorScope();
        Tensor x = Tensor.FromArray([1f, 2, 3, 6], [1, 4]);
        Tensor expected = norm.Forward(x);
        Tensor found = norm.Forward(x.To(DType.BFloat16)); // these numbers are exact in both
        Assert.Equal(DType.Float32, found.DType);
        Assert.Equal(expected.ToArray<float>(), found.ToArray<float>());
    }

    [Theory]
    [InlineData(ActivationKind.Relu6)]
    [InlineData(ActivationKind.Silu)]
    [InlineData(ActivationKind.Gelu)]
    [InlineData(ActivationKind.GeluTanh)]
    [InlineData(ActivationKind.QuickGelu)]
    [InlineData(ActivationKind.Hardswish)]
    [InlineData(ActivationKind.Hardsigmoid)]
    [InlineData(ActivationKind.Sigmoid)]
    [InlineData(ActivationKind.Tanh)]
    [InlineData(ActivationKind.Elu)]
    [InlineData(ActivationKind.LeakyRelu)]
    [InlineData(ActivationKind.Relu)]
    public void Activations_have_a_gradient_in_bfloat16(ActivationKind kind)
    {
        float[] values = [-7, -3.5f, -1, -0.25f, 0.25f, 1, 2.5f, 5, 8];
        float[] full = GradientOf(DType.Float32), low = GradientOf(DType.BFloat16);
        for (int i = 0; i < values.Length; i++) Assert.Equal(full[i], low[i], 0.02);

        float[] GradientOf(DType type)
        {
            using var scope = new TensorScope();
            Tensor x = Tensor.FromArray(values, [values.Length]);
            x.RequiresGrad = true;
            Activation.ApplyTo(kind, x.To(type) * 1).To(DType.Float32).Sum().Backward();
            return x.Grad!.ToArray<float>();
        }
    }

    [Fact]
    public void A_dropped_path_keeps_its_scale()
    {
        using var store = new ParameterStore();
        var path = new DropPath(ModulePath.Root(store) / "drop", 0.1);
        store.SetMode("", training: true);
        using var scope = new TensorScope();
        float[] found = path.Forward(Tensor.Full([64, 2], 9, DType.BFloat16)).To(DType.Float32).ToArray<float>();
        Assert.All(found, value => Assert.True(value is 0 or 10));
    }

    [Fact]
    public void A_sum_goes_on_in_the_wider_type()
    {
        using var scope = new TensorScope();
        Tensor wide = Tensor.Full([2], 1.001), narrow = Tensor.Full([2], 0.5, DType.BFloat16);
        Assert.Equal(1.501f, Precision.Sum(narrow.Clone(), wide).ToArray<float>()[0], 1e-6f);
        Assert.Equal(DType.BFloat16, Precision.Sum(narrow.Clone(), narrow).DType);
    }
}
