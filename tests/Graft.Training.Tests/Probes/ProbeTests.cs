using System.Text.Json;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Training.Tests;

public class ProbeTests
{
    static readonly JsonElement golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/probes.json"))).RootElement;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Logistic_regressions_are_those_of_scikit_learn()
    {
        long live = Tensor.LiveCount;
        foreach (JsonElement task in golden.GetProperty("logistic").EnumerateArray())
        {
            (Features features, int[] known, int[] queries) = Read(task);
            int classes = task.GetProperty("classes").GetInt32();
            foreach (JsonElement each in task.GetProperty("cases").EnumerateArray())
            {
                LogisticProbe probe = LogisticProbe.Fit(
                    features, known, classes, each.GetProperty("c").GetDouble(), each.GetProperty("standardise").GetBoolean(),
                    tolerance: 1e-9, cancellation: Stop);
                float[][] logits = probe.Logits(features, queries);
                double[][] expected = JsonSerializer.Deserialize<double[][]>(each.GetProperty("probabilities"))!;
                for (int i = 0; i < queries.Length; i++)
                    for (int k = 0; k < classes; k++)
                        Assert.Equal(expected[i][k], Logits.Probability(logits[i], k), 2e-6);
            }
        }
        Assert.Equal(live, Tensor.LiveCount);
    }

    [Fact]
    public void A_class_without_samples_and_one_class_only_do_no_harm()
    {
        (Features features, int[] known, int[] queries) = Read(golden.GetProperty("logistic")[0]);
        LogisticProbe wide = LogisticProbe.Fit(features, known, classes: 4, cancellation: Stop);
        foreach (float[] row in wide.Logits(features, queries))
        {
            Assert.All(row, value => Assert.True(float.IsFinite(value)));
            Assert.InRange(Logits.ArgMax(row), 0, 1);
        }
        int[] same = [.. known.Where(i => features.Labels[i] == 1)];
        LogisticProbe only = LogisticProbe.Fit(features, same, classes: 2, cancellation: Stop);
        Assert.All(only.Logits(features, queries), row => Assert.Equal(1, Logits.ArgMax(row)));
        Assert.Empty(only.Logits(features, []));
        Assert.Throws<ArgumentException>(() => LogisticProbe.Fit(features, [], 2, cancellation: Stop));
        Assert.Contains(LogisticProbe.ChooseC(features, known, 2, seed: 1, Stop), LogisticProbe.Choices);
        Assert.Contains(LogisticProbe.ChooseC(features, [0], 2, seed: 1, Stop), LogisticProbe.Choices);
    }

    [Fact]
    public void Nearest_neighbours_are_those_of_scikit_learn()
    {
        JsonElement task = golden.GetProperty("neighbours");
        (Features features, int[] known, int[] queries) = Read(task);
        (int Sample, float Cosine)[][] nearest = NeighbourProbe.Nearest(features, queries, known, 10);
        foreach (JsonElement each in task.GetProperty("cases").EnumerateArray())
        {
            int?[] expected = JsonSerializer.Deserialize<int?[]>(each.GetProperty("predicted"))!;
            for (int i = 0; i < queries.Length; i++)
                if (expected[i] is { } label)
                    Assert.Equal(label, NeighbourProbe.Vote(nearest[i], features.Labels, 3, each.GetProperty("k").GetInt32()));
        }
        Assert.DoesNotContain(known, i => NeighbourProbe.Nearest(features, [i], known, 3)[0].Any(one => one.Sample == i));
        Assert.Equal([1], NeighbourProbe.Nearest(features, [0], [0, 1], 5)[0].Select(one => one.Sample));
        Assert.Contains(NeighbourProbe.ChooseK(features, known, 3), NeighbourProbe.Choices);
    }

    [Fact]
    public void Equal_votes_go_to_the_nearer_class()
    {
        int[] labels = [0, 1, 1, 0];
        Assert.Equal(1, NeighbourProbe.Vote([(1, 0.9f), (0, 0.8f)], labels, 2, 2));
        Assert.Equal(0, NeighbourProbe.Vote([(0, 0.9f), (1, 0.8f), (2, 0.7f), (3, 0.65f)], labels, 2, 4));
        Assert.Equal(1, NeighbourProbe.Vote([(0, 0.9f), (1, 0.8f), (2, 0.7f)], labels, 2, 20));
    }

    [Fact]
    public void Temperatures_are_those_of_scipy()
    {
        foreach (JsonElement each in golden.GetProperty("temperatures").EnumerateArray())
        {
            float[][] logits = JsonSerializer.Deserialize<float[][]>(each.GetProperty("logits"))!;
            Calibration found = each.TryGetProperty("labels", out JsonElement labels)
                ? TemperatureScaling.Fit(logits, JsonSerializer.Deserialize<int[]>(labels)!)
                : TemperatureScaling.Fit(logits, JsonSerializer.Deserialize<float[][]>(each.GetProperty("targets"))!);
            double expected = each.GetProperty("temperature").GetDouble();
            Assert.Equal(expected, found.Temperature, 1e-4 * expected);
            Assert.Equal(each.GetProperty("before").GetDouble(), found.LossBefore, 1e-6);
            Assert.Equal(each.GetProperty("after").GetDouble(), found.LossAfter, 1e-6);
            Assert.Equal(logits.Length, found.Samples);
            Assert.True(found.HasMinimum);
        }
    }

    [Fact]
    public void Temperatures_of_odd_logits_stay_within_bounds()
    {
        Calibration right = TemperatureScaling.Fit([[1, 0], [0, 2]], (int[])[0, 1]);
        Assert.Equal((1, false, 2), (right.Temperature, right.HasMinimum, right.Samples));
        Assert.Equal(right.LossBefore, right.LossAfter);
        Calibration wrong = TemperatureScaling.Fit([[5, 0], [0, 5], [5, 0]], (int[])[1, 0, 1]);
        Assert.Equal(TemperatureScaling.Highest, wrong.Temperature);
        Calibration huge = TemperatureScaling.Fit([[1e30f, 0], [0, 1e30f], [1e30f, 0]], (int[])[1, 1, 0]);
        Assert.InRange(huge.Temperature, 1, TemperatureScaling.Highest);
        Assert.Equal(1, TemperatureScaling.Fit([], (int[])[]).Temperature);
        Assert.Equal(0, TemperatureScaling.Fit([[float.NaN, 1]], (int[])[0]).Samples);
        Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([[1, 0]], (int[])[]));
    }

    [Fact]
    public void Reliability_bins_follow_the_temperature()
    {
        float[][] logits = [[4, 0], [0, 4], [4, 0], [4, 0]];
        ReliabilityBin sure = Reliability.Bins(logits, [0, 1, 0, 1])[14];
        Assert.Equal((4, 0.75), (sure.Count, sure.Accuracy));
        ReliabilityBin[] cooled = [.. Reliability.Bins(logits, [0, 1, 0, 1], temperature: 4 / Math.Log(3), bins: 3)];
        Assert.Equal([0, 0, 4], cooled.Select(bin => bin.Count));
        Assert.Equal(0.75, cooled[2].Confidence, 1e-7);
        Assert.Equal([1, 1], Reliability.Bins([(0.2, true), (0.7, false)], 2).Select(bin => bin.Count));
    }

    [Fact]
    public void McNemars_test_and_Wilsons_interval_are_those_of_scipy()
    {
        foreach (JsonElement each in golden.GetProperty("mcnemar").EnumerateArray())
        {
            (int first, int second) = (each[0].GetInt32(), each[1].GetInt32());
            bool[] a = [.. Enumerable.Range(0, first + second + 5).Select(i => i < first || i >= first + second)];
            bool[] b = [.. Enumerable.Range(0, first + second + 5).Select(i => i >= first)];
            double expected = each[2].GetDouble();
            Assert.Equal(expected, PairedTest.McNemar(a, b), 1e-9 * expected);
            Assert.Equal(PairedTest.McNemar(a, b), PairedTest.McNemar(b, a));
        }
        foreach (JsonElement each in golden.GetProperty("wilson").EnumerateArray())
        {
            (double low, double high) = Proportion.Wilson(each[0].GetInt64(), each[1].GetInt64());
            Assert.Equal(each[2].GetDouble(), low, 1e-12);
            Assert.Equal(each[3].GetDouble(), high, 1e-12);
        }
        Assert.Equal((0, 1), Proportion.Wilson(0, 0));
        Assert.Equal([0.04, 0.06, 0.06, 0.5], PairedTest.Holm([0.01, 0.03, 0.02, 0.5]).Select(p => Math.Round(p, 9)));
        Assert.Throws<ArgumentException>(() => PairedTest.McNemar([true], []));
    }

    [Fact]
    public void Folds_have_every_class_alike()
    {
        int[] labels = [.. Enumerable.Repeat(0, 23), .. Enumerable.Repeat(1, 11), 2, 2, 2];
        int[] folds = StratifiedFolds.Of(labels, 5, seed: 7);
        foreach (int label in (int[])[0, 1, 2])
        {
            int[] sizes = [.. Enumerable.Range(0, 5).Select(
                fold => labels.Where((one, i) => one == label && folds[i] == fold).Count())];
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }
        int[] whole = [.. Enumerable.Range(0, 5).Select(fold => folds.Count(one => one == fold))];
        Assert.InRange(whole.Max() - whole.Min(), 0, 1);
        Assert.Equal(folds, StratifiedFolds.Of(labels, 5, seed: 7));
        Assert.NotEqual(folds, StratifiedFolds.Of(labels, 5, seed: 8));
    }

    static (Features Features, int[] Known, int[] Queries) Read(JsonElement task)
    {
        float[][] rows = JsonSerializer.Deserialize<float[][]>(task.GetProperty("rows"))!;
        float[][] queries = JsonSerializer.Deserialize<float[][]>(task.GetProperty("queries"))!;
        int[] labels = JsonSerializer.Deserialize<int[]>(task.GetProperty("labels"))!;
        var features = new Features(rows[0].Length);
        using var scope = new TensorScope();
        float[][] all = [.. rows, .. queries];
        Tensor inputs = Tensor.FromArray(all.SelectMany(row => row).ToArray(), [all.Length, rows[0].Length]);
        int[] classes = [.. labels, .. new int[queries.Length]];
        using var batch = new StepBatch(
            inputs, Tensor.Zeros([all.Length], DType.Int64), classes, [.. classes.Select((_, i) => $"{i}")]);
        features.Add(inputs, batch);
        return (features, [.. Enumerable.Range(0, rows.Length)], [.. Enumerable.Range(rows.Length, queries.Length)]);
    }
}
