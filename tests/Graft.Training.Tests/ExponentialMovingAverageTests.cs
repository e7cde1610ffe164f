using System.Text.Json;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Training.Tests;

/// <summary>The running mean of weights: timm's numbers, what evaluation sees, and what a resume gets back.</summary>
public class ExponentialMovingAverageTests
{
    static IReadOnlyList<JsonElement> Golden { get; } = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/ema.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Names => [.. Golden.Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void The_mean_is_timms(string name)
    {
        JsonElement options = Golden.Single(item => item.GetProperty("name").GetString() == name);
        float[][] values = Rows(options, "values"), means = Rows(options, "means");
        using var store = new ParameterStore();
        using var scope = new TensorScope();
        Parameter weight = ModulePath.Root(store).Weight("w", 5);
        Set(weight, values[0]);
        using var ema = new ExponentialMovingAverage(store.All, options.GetProperty("decay").GetDouble())
        {
            WarmsUp = options.GetProperty("warm_up").GetBoolean(),
        };
        for (int i = 1; i < values.Length; i++)
        {
            Set(weight, values[i]);
            ema.Update();
            float[] mean = ema.MeanOf(weight)!.ToArray<float>();
            for (int k = 0; k < 5; k++) Assert.Equal(means[i - 1][k], mean[k], 1e-6);
        }
    }

    [Fact]
    public void Evaluation_sees_the_mean_and_training_goes_on_with_its_own_weights()
    {
        long before = Tensor.LiveCount;
        using (var blobs = new Blobs())
        using (var plain = new Blobs())
        using (var ema = new ExponentialMovingAverage(blobs.Store.Weights, 0.9))
        {
            Parameter weight = blobs.Store.Find("head.weight")!;
            List<float[]> evaluated = [], means = [];
            var trainer = new Trainer(ema);
            trainer.On(TrainingEvent.EvaluationStarted, _ => evaluated.Add(weight.Value.ToArray<float>()));
            trainer.On(TrainingEvent.EpochTrained, _ => means.Add(ema.MeanOf(weight)!.ToArray<float>()));
            using TrainingPhase phase = blobs.Phase(blobs.Source(48, seed: 5), epochs: 3);
            trainer.Run(phase, TestContext.Current.CancellationToken);
            Assert.Equal(9, ema.Steps);
            Assert.Equal(means, evaluated);

            using TrainingPhase other = plain.Phase(plain.Source(48, seed: 5), epochs: 3);
            new Trainer().Run(other, TestContext.Current.CancellationToken);
            Assert.Equal(plain.Store.Find("head.weight")!.Value.ToArray<float>(), weight.Value.ToArray<float>());
            Assert.NotEqual(weight.Value.ToArray<float>(), evaluated[^1]);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_mean_taken_up_again_goes_on_bit_for_bit()
    {
        using var blobs = new Blobs();
        Parameter weight = blobs.Store.Find("head.weight")!;
        using var whole = new ExponentialMovingAverage(blobs.Store.Weights, 0.99);
        using var first = new ExponentialMovingAverage(blobs.Store.Weights, 0.99);
        using var second = new ExponentialMovingAverage(blobs.Store.Weights, 0.99);
        for (int step = 0; step < 6; step++)
        {
            using (Autograd.NoGrad()) weight.Value.Mul_(1.1);
            if (step == 3)
            {
                var written = new StateWriter();
                written.Write(first);
                new StateReader(written).Read(second);
            }
            whole.Update();
            (step < 3 ? first : second).Update();
        }
        Assert.Equal(whole.Steps, second.Steps);
        Assert.Equal(whole.MeanOf(weight)!.ToArray<float>(), second.MeanOf(weight)!.ToArray<float>());
    }

    [Fact]
    public void Buffers_and_frozen_weights_stay_out_of_it()
    {
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        Parameter weight = root.Weight("w", 2), frozen = root.Weight("frozen", 2), buffer = root.Buffer("mean", [2]);
        frozen.RequiresGrad = false;
        using var ema = new ExponentialMovingAverage(store.All);
        Assert.NotNull(ema.MeanOf(weight));
        Assert.Null(ema.MeanOf(frozen));
        Assert.Null(ema.MeanOf(buffer));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialMovingAverage(store.All, decay: 1));
    }

    static void Set(Parameter parameter, float[] values)
    {
        using GradMode mode = Autograd.NoGrad();
        using Tensor from = Tensor.FromArray(values, parameter.Shape);
        parameter.Value.Copy_(from);
    }

    static float[][] Rows(JsonElement owner, string key) => [.. owner.GetProperty(key).EnumerateArray()
        .Select(row => row.EnumerateArray().Select(number => number.GetSingle()).ToArray())];
}
