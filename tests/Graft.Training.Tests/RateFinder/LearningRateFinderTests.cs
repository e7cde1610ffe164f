using System.Text.Json;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Training.Tests;

/// <summary>Suggestions by fastai's rules, and a walk along the rates that leaves no trace.</summary>
public class LearningRateFinderTests
{
    static IReadOnlyList<JsonElement> Golden { get; } = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/rate_finder.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Names => [.. Golden.Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void Suggestions_are_fastais(string name)
    {
        JsonElement options = Golden.Single(item => item.GetProperty("name").GetString() == name);
        var curve = new RateCurve(Numbers(options, "rates"), Numbers(options, "smoothed"), Iterations: 100);
        foreach (RateSuggestion rule in Enum.GetValues<RateSuggestion>())
        {
            JsonElement expected = options.GetProperty(rule.ToString().ToLowerInvariant());
            double? suggested = curve.Suggest(rule);
            if (expected.ValueKind == JsonValueKind.Null) Assert.Null(suggested);
            else Assert.Equal(expected.GetDouble(), suggested!.Value, 1e-12 + 1e-9 * expected.GetDouble());
        }
    }

    [Fact]
    public void Too_few_points_suggest_nothing()
    {
        foreach (RateSuggestion rule in Enum.GetValues<RateSuggestion>())
            Assert.Null(new RateCurve([1e-7, 2e-7], [1, double.NaN], Iterations: 100).Suggest(rule));
        double[] rates = [.. Enumerable.Range(1, 40).Select(i => 1e-5 * i)];
        double[] losses = [.. Enumerable.Range(1, 40).Select(i => i > 22 ? double.NaN : 1.0 / i)];
        Assert.Equal(12, new RateCurve(rates, losses, Iterations: 100).Trimmed().Losses.Count); // from 10 up to the first NaN
    }

    [Fact]
    public void The_walk_is_exponential_and_stops_when_the_loss_runs_away()
    {
        using var blobs = new Blobs();
        using TrainingPhase phase = blobs.Phase(blobs.Source(96, seed: 5), epochs: 1);
        List<int> told = [];
        RateCurve curve = new LearningRateFinder().Run(
            phase, blobs.Store.All, onBatch: told.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(curve.Rates.Count, 60, 100);
        Assert.Equal(Enumerable.Range(1, curve.Rates.Count), told);
        for (int i = 0; i < curve.Rates.Count; i++) Assert.Equal(1e-7 * Math.Pow(1e8, i / 100.0), curve.Rates[i], 1e-12);
        double least = curve.Losses.Min();
        Assert.All(curve.Losses.SkipLast(1), loss => Assert.True(loss <= 4 * least || curve.Losses.Count == 100));
        Assert.InRange(curve.Suggest()!.Value, 1e-6, 1);

        RateCurve all = new LearningRateFinder { StopFactor = double.MaxValue, Iterations = 20, Highest = 1 }.Run(
            phase, blobs.Store.All, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(20, all.Losses.Count);
    }

    [Fact]
    public void Smoothing_is_fastais()
    {
        JsonElement options = Golden[0];
        double[] raw = Numbers(options, "raw"), expected = Numbers(options, "smoothed");
        using var blobs = new Blobs();
        using var store = new ParameterStore();
        Parameter weight = ModulePath.Root(store).Weight("w", 1);
        int next = 0;
        using var phase = new TrainingPhase
        {
            Name = "given losses",
            Epochs = 1,
            Model = blobs,
            Source = blobs.Source(96, seed: 5),
            Validation = blobs.Source(6, seed: 1),
            Optimizer = new AdamW([weight]),
            Step = _ => new StepResult((weight.Value * 0).Sum() + raw[next++], null),
        };
        using (Autograd.NoGrad()) weight.Value.Fill_(1);
        RateCurve curve = new LearningRateFinder { StopFactor = double.MaxValue }.Run(
            phase, store.All, cancellation: TestContext.Current.CancellationToken);
        for (int i = 0; i < 100; i++) Assert.Equal(expected[i], curve.Losses[i], 1e-5);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Everything_is_left_as_it_was(bool cancelled)
    {
        using var blobs = new Blobs();
        using var cancellation = new CancellationTokenSource();
        using TrainingPhase before = blobs.Phase(blobs.Source(48, seed: 5), epochs: 2);
        new Trainer().Run(before, TestContext.Current.CancellationToken); // the optimiser remembers something
        using var phase = new TrainingPhase
        {
            Name = "all",
            Epochs = 1,
            Model = blobs,
            Source = blobs.Source(48, seed: 5),
            Validation = blobs.Source(6, seed: 1),
            Optimizer = before.Optimizer,
        };
        string then = Everything(blobs, phase.Optimizer);
        byte[] generator = Engine.GeneratorState();
        long live = Tensor.LiveCount;
        try
        {
            new LearningRateFinder().Run(phase, blobs.Store.All, onBatch: done =>
            {
                if (cancelled && done == 30) cancellation.Cancel();
            }, cancellation: cancellation.Token);
            Assert.False(cancelled);
        }
        catch (OperationCanceledException)
        {
            Assert.True(cancelled);
        }
        Assert.Equal(live, Tensor.LiveCount);
        Assert.Equal(generator, Engine.GeneratorState());
        Assert.Equal(then, Everything(blobs, phase.Optimizer));
        Assert.All(blobs.Store.Weights, weight => Assert.Null(weight.Value.Grad));
    }

    static string Everything(Blobs blobs, Optimizer optimizer)
    {
        OptimizerState state = optimizer.ExportState();
        IEnumerable<(string, Tensor)> tensors =
            [.. blobs.Store.All.Select(parameter => (parameter.Name, parameter.Value)), .. state.Tensors];
        return string.Join('\n', [
            .. tensors.Select(item => $"{item.Item1} {Convert.ToHexString(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(item.Item2.ToArray<float>()))}"),
            .. state.Scalars.OrderBy(item => item.Key).Select(item => $"{item.Key} {item.Value:R}"),
            .. optimizer.Groups.Select(group => $"{group.Name} {group.LearningRate:R} {group.WeightDecay:R}"),
        ]);
    }

    static double[] Numbers(JsonElement owner, string key) =>
        [.. owner.GetProperty(key).EnumerateArray().Select(number => number.GetDouble())];
}
