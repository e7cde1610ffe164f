using Graft.Torch;

namespace Graft.Nn.Tests;

public class OptimizerTests
{
    [Fact]
    public void Frozen_parameters_buffers_and_doubles_are_refused()
    {
        using var store = new ParameterStore();
        Parameter weight = ModulePath.Root(store).Weight("head.weight", 2, 3);
        Parameter buffer = ModulePath.Root(store).Buffer("mean", [3]);
        Assert.Contains("came a buffer", Assert.Throws<ArgumentException>(() => new AdamW([buffer])).Message);
        Assert.Contains("once", Assert.Throws<ArgumentException>(() => new AdamW([weight, weight])).Message);
        weight.RequiresGrad = false;
        Assert.Contains("head.weight", Assert.Throws<ArgumentException>(() => new AdamW([weight])).Message);
        weight.RequiresGrad = true;
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW([weight], learningRate: double.NaN));
        Assert.Throws<ArgumentException>(() => new Sgd([new ParameterGroup("all", [weight], 0.1)], nesterov: true));
    }

    [Fact]
    public void Many_blocks_give_what_one_gives()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        Parameter[] large = [.. Enumerable.Range(0, 7).Select(i => root.Weight($"large.{i}", 300, 400))];
        Parameter[] small = [.. Enumerable.Range(0, 7).Select(i => root.Weight($"small.{i}", 3, 4))];
        foreach (Parameter parameter in store.All)
        {
            using GradMode mode = Autograd.NoGrad();
            parameter.Value.Fill_(0.5);
        }
        using var optimizer = new AdamW(store.Trainable, learningRate: 0.01);
        for (int step = 0; step < 3; step++)
        {
            foreach (Parameter parameter in store.All) parameter.Value.Grad = Tensor.Full(parameter.Shape, step + 1);
            optimizer.Step();
        }
        float expected = small[0].Value.ToArray<float>()[0];
        Assert.NotEqual(0.5f, expected);
        foreach (Parameter parameter in large.Concat(small))
            Assert.All(parameter.Value.ToArray<float>(), value => Assert.Equal(expected, value));
    }

    [Fact]
    public void A_parameter_frozen_later_is_left_alone()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        Parameter weight = ModulePath.Root(store).Weight("w", 2);
        using (Autograd.NoGrad()) weight.Value.Fill_(1);
        using var optimizer = new AdamW([weight], weightDecay: 0.5);
        weight.Value.Grad = Tensor.Ones([2]);
        optimizer.Step();
        float[] before = weight.Value.ToArray<float>();
        optimizer.ZeroGrad();
        Assert.Null(weight.Value.Grad);
        optimizer.Step();
        Assert.Equal(before, weight.Value.ToArray<float>());
    }

    [Fact]
    public void A_groups_later_arrival_is_trained_from_then_on()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        Parameter head = ModulePath.Root(store).Weight("head", 2), body = ModulePath.Root(store).Weight("body", 2);
        using (Autograd.NoGrad())
            foreach (Parameter parameter in store.All) parameter.Value.Fill_(1);
        using var optimizer = new AdamW([head], learningRate: 0.1);
        for (int step = 0; step < 2; step++)
        {
            foreach (Parameter parameter in store.All) parameter.Value.Grad = Tensor.Ones([2]);
            optimizer.Step();
            if (step > 0) break;
            Assert.Equal([1f, 1f], body.Value.ToArray<float>());
            optimizer.AddGroup(new ParameterGroup("body", [body], 0.01));
        }
        Assert.NotEqual([1f, 1f], body.Value.ToArray<float>());
    }

    [Fact]
    public void State_of_another_model_or_optimiser_is_refused()
    {
        using var scope = new TensorScope();
        using ParameterStore store = new(), other = new();
        Parameter weight = ModulePath.Root(store).Weight("w", 2, 2);
        weight.Value.Grad = Tensor.Ones([2, 2]);
        using var optimizer = new AdamW([weight]);
        optimizer.Step();
        OptimizerState state = optimizer.ExportState();
        Assert.Equal(["exp_avg/w", "exp_avg_sq/w"], state.Tensors.Select(item => item.Name));
        Assert.Equal(1, state.Scalars["step/w"]);

        using var reshaped = new AdamW([ModulePath.Root(other).Weight("w", 4)]);
        AssertRefused("expected [4], found [2, 2]", reshaped, state);
        using var renamed = new AdamW([ModulePath.Root(other).Weight("v", 2, 2)]);
        AssertRefused("found w", renamed, state);
        using var sgd = new Sgd([new ParameterGroup("all", [weight], 0.1)], momentum: 0.9);
        AssertRefused("momentum_buffer/w", sgd, state);
    }

    static void AssertRefused(string reason, Optimizer optimizer, OptimizerState state) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => optimizer.ImportState(state)).Message);

    [Fact]
    public void Gradients_are_clipped_by_norm_and_by_value()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        Parameter a = ModulePath.Root(store).Weight("a", 2), b = ModulePath.Root(store).Weight("b", 1);
        a.Value.Grad = Tensor.FromSpan<float>([3, 0], [2]);
        Assert.Equal(3, Gradients.Norm(store.All), 1e-6);
        b.Value.Grad = Tensor.FromSpan<float>([-4], [1]);
        Assert.Equal(5, Gradients.ClipNorm(store.All, 10), 1e-6);
        Assert.Equal([-4f], b.Value.Grad!.ToArray<float>());
        Assert.Equal(5, Gradients.ClipNorm(store.All, 1), 1e-6);
        Assert.Equal(-0.8f, b.Value.Grad!.ToArray<float>()[0], 1e-6);
        Gradients.ClipValue(store.All, 0.25);
        Assert.Equal([0.25f, 0f], a.Value.Grad!.ToArray<float>());
        Assert.Equal([-0.25f], b.Value.Grad!.ToArray<float>());
        Assert.Equal(0, Gradients.Norm([]));
    }

    public static TheoryData<string> Names => [.. OptimizerList.Names];

    [Theory, MemberData(nameof(Names))]
    public void A_resumed_optimizer_goes_on_bit_for_bit(string name)
    {
        using var scope = new TensorScope();
        using ParameterStore undisturbed = TwoWeights(), resumed = TwoWeights();
        using Optimizer whole = Make(name, undisturbed), first = Make(name, resumed), second = Make(name, resumed);
        for (int step = 0; step < 6; step++)
        {
            Optimizer now = step < 3 ? first : second;
            if (step == 3) second.ImportState(first.ExportState());
            foreach (ParameterStore store in (ParameterStore[])[undisturbed, resumed])
                foreach (Parameter parameter in store.All) parameter.Value.Grad = Ramp(parameter.Shape, 0.1 * step - 0.2);
            whole.Step();
            now.Step();
            foreach ((Parameter one, Parameter other) in undisturbed.All.Zip(resumed.All))
                Assert.Equal(one.Value.ToArray<float>(), other.Value.ToArray<float>());
        }
        using ParameterStore unmoved = TwoWeights();
        Assert.NotEqual(unmoved.All[0].Value.ToArray<float>(), resumed.All[0].Value.ToArray<float>());

        static Optimizer Make(string name, ParameterStore store) => OptimizerList.Make(
            name, [new ParameterGroup("w", [store.All[0]], 1e-2, 0.1), new ParameterGroup("b", [store.All[1]], 2e-2)]);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_there_are()
    {
        string message = Assert.Throws<ArgumentException>(() => OptimizerList.Make("adamax", [])).Message;
        Assert.Contains("adamw, adam, sgd, rmsprop, rmsprop_tf, lamb", message);
        Assert.Contains("'adamax'", message);
    }

    static ParameterStore TwoWeights()
    {
        var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        foreach (Parameter parameter in (Parameter[])[root.Weight("w", 3, 4), root.Weight("b", 5)])
        {
            using GradMode mode = Autograd.NoGrad();
            parameter.Value.Copy_(Ramp(parameter.Shape, 0.03));
        }
        return store;
    }

    static Tensor Ramp(long[] shape, double start)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return Tensor.FromSpan<float>(
            [.. Enumerable.Range(0, (int)count).Select(i => (float)(start + 0.07 * i * (i % 3 - 1)))], shape);
    }
}
