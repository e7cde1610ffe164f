using Graft.Nn;
using Graft.Torch;

namespace Graft.Training.Tests;

public class GradScalerTests
{
    [Fact]
    public void Gradients_come_down_by_what_losses_went_up()
    {
        using var store = new ParameterStore();
        Parameter weight = Weight(store, 3, 4);
        var scaler = new GradScaler();
        Assert.Equal(65536, scaler.Scale);
        using var scope = new TensorScope();
        (weight.Value.Sum() * scaler.Scale).Backward();
        Assert.True(scaler.Unscale([weight]));
        Assert.Equal([1f, 1f], weight.Value.Grad!.ToArray<float>());
        Assert.Equal(65536, scaler.Scale);
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public void A_gradient_that_is_no_number_leaves_the_step_out_and_halves_the_scale(float bad)
    {
        using var store = new ParameterStore();
        Parameter weight = Weight(store, 1, 2), other = Weight(store, 3, 4, "other");
        var scaler = new GradScaler();
        using var scope = new TensorScope();
        weight.Value.Grad = Tensor.FromArray([1f, 1f], [2]);
        other.Value.Grad = Tensor.FromArray([1f, bad], [2]);
        Assert.False(scaler.Unscale([weight, other]));
        Assert.Equal((32768, 1), (scaler.Scale, scaler.Skipped));
    }

    [Fact]
    public void The_scale_doubles_after_enough_good_steps_in_a_row()
    {
        using var store = new ParameterStore();
        Parameter weight = Weight(store, 1, 2);
        var scaler = new GradScaler { GrowthInterval = 3 };
        using var scope = new TensorScope();
        float[] steps = [1, 1, float.NaN, 1, 1, 1, 1];
        double[] expected = [65536, 65536, 32768, 32768, 32768, 65536, 65536];
        for (int i = 0; i < steps.Length; i++)
        {
            weight.Value.Grad = Tensor.FromArray([steps[i], 1f], [2]);
            Assert.Equal(float.IsFinite(steps[i]), scaler.Unscale([weight]));
            Assert.Equal(expected[i], scaler.Scale);
        }
    }

    [Fact]
    public void Its_memory_goes_on_after_a_resume()
    {
        using var store = new ParameterStore();
        Parameter weight = Weight(store, 1, 2);
        using var scope = new TensorScope();
        var scaler = new GradScaler { GrowthInterval = 2 };
        weight.Value.Grad = Tensor.FromArray([float.NaN, 1f], [2]);
        scaler.Unscale([weight]);
        weight.Value.Grad = Tensor.FromArray([1f, 1f], [2]);
        scaler.Unscale([weight]);
        var written = new StateWriter();
        scaler.Save(written);
        var resumed = new GradScaler { GrowthInterval = 2 };
        resumed.Load(new StateReader(written));
        Assert.Equal((32768, 1), (resumed.Scale, resumed.Skipped));
        weight.Value.Grad = Tensor.FromArray([1f, 1f], [2]);
        resumed.Unscale([weight]);
        Assert.Equal(65536, resumed.Scale);
    }

    [Fact]
    public void A_phase_with_a_scaler_trains_to_the_same_weights_and_leaves_overflows_out()
    {
        float[] plain = Train(null), scaled = Train(new GradScaler());
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i], scaled[i], 1e-5);
        var high = new GradScaler().StartingAt(1e60); // infinite as a float
        Train(high);
        Assert.True(high.Skipped > 0);
    }

    static float[] Train(GradScaler? scaler)
    {
        using var blobs = new Blobs();
        var source = new FeatureSource(blobs.Sample(24, seed: 1), 8);
        using TrainingPhase phase = new()
        {
            Name = "all",
            Epochs = 2,
            Model = blobs,
            Source = source,
            Validation = source,
            Optimizer = new Sgd(blobs.Store.Weights, 0.05),
            Scaler = scaler,
        };
        new Trainer().Run(phase, TestContext.Current.CancellationToken);
        return [.. blobs.Store.Weights.SelectMany(weight => weight.Value.ToArray<float>())];
    }

    static Parameter Weight(ParameterStore store, float first, float second, string name = "w")
    {
        Parameter weight = ModulePath.Root(store).Weight(name, 2);
        using GradMode mode = Autograd.NoGrad();
        using Tensor values = Tensor.FromArray([first, second], [2]);
        weight.Value.Copy_(values);
        return weight;
    }
}
