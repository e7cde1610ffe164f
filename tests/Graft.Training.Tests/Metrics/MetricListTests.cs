using System.Text.Json;
using Graft.Data;
using Graft.Tests;

namespace Graft.Training.Tests;

public class MetricListTests
{
    static readonly string[] three = ["a", "b", "c"];

    static readonly JsonElement[] cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/metric_list.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < cases.Length; i++)
                data.Add(i, $"{cases[i].GetProperty("kind").GetString()}: {cases[i].GetProperty("name").GetString()}");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_metric_is_that_of_scikit_learn(int number, string name)
    {
        JsonElement golden = cases[number];
        (LabelKind kind, float[][] outputs, MetricSet metrics) = Read(golden);
        Add(metrics, golden, outputs, kind, 0, outputs.Length);
        IReadOnlyDictionary<string, double> computed = metrics.Compute();
        int compared = 0;
        foreach (JsonProperty value in golden.GetProperty("values").EnumerateObject())
        {
            double expected = value.Value.ValueKind == JsonValueKind.Null ? double.NaN : value.Value.GetDouble();
            double close = 1e-10 * Math.Max(1, Math.Abs(expected)), actual = computed[value.Name];
            Assert.True(
                (double.IsNaN(expected) && double.IsNaN(actual)) || Math.Abs(expected - actual) <= close,
                $"{name}: {value.Name}: expected {expected}, came {actual}");
            compared++;
        }
        Assert.True(compared >= 4);
    }

    [Fact]
    public void Batches_of_any_size_and_a_reset_give_the_same()
    {
        foreach (JsonElement golden in cases)
        {
            (LabelKind kind, float[][] outputs, MetricSet metrics) = Read(golden);
            Add(metrics, golden, outputs, kind, 0, outputs.Length);
            IReadOnlyDictionary<string, double> once = metrics.Compute();
            metrics.Reset();
            Assert.All(metrics.Compute(), pair => Assert.Equal(double.NaN, pair.Value));
            int middle = outputs.Length / 3;
            Add(metrics, golden, outputs, kind, 0, middle);
            metrics.Compute(); // in between, as a progress bar may
            Add(metrics, golden, outputs, kind, middle, outputs.Length);
            Assert.Equal(once, metrics.Compute());
        }
    }

    [Fact]
    public void Without_samples_everything_is_NaN()
    {
        foreach (LabelKind kind in Enum.GetValues<LabelKind>())
            foreach (MetricEntry entry in MetricList.All.Where(one => one.Kinds.Contains(kind)))
            {
                Assert.Equal(double.NaN, MetricList.Create(entry.Name, kind, three).Compute());
                if (entry.Parameters.Contains("class="))
                    Assert.Equal(double.NaN, MetricList.Create(entry.Name + ":class=b", kind, three).Compute());
            }
    }

    [Fact]
    public void Logits_that_are_no_numbers_crash_nothing()
    {
        float[][] rows = [[float.NaN, 1, 2], [float.PositiveInfinity, 0, float.NegativeInfinity], [0, float.NaN, float.NaN]];
        foreach (LabelKind kind in (LabelKind[])[LabelKind.Single, LabelKind.Multiple, LabelKind.Number])
        {
            var metrics = new MetricSet(MetricList.Usual(kind), kind, three);
            for (int i = 0; i < rows.Length; i++)
                if (kind == LabelKind.Single) metrics.Update(rows[i], i);
                else metrics.Update(rows[i], [1f, 0, 1]);
            Assert.Equal(MetricList.Usual(kind).Count, metrics.Compute().Count);
        }
    }

    [Fact]
    public void Logits_of_any_size_are_told_apart()
    {
        // the probabilities of all of these are 1
        var scores = new RankingScores(2);
        for (int i = 0; i < 10; i++) scores.Update([-1000f - i, 1000f + i], i >= 5 ? 1 : 0);
        Assert.Equal(1, scores.Auc());
        Assert.True(Logits.CrossEntropy([80, 0], 0) is > 1.8e-35 and < 1.81e-35);
        Assert.Equal(160, Logits.CrossEntropy([80, -80], 1), 1e-12);
        Assert.Equal(3e38, Logits.BinaryCrossEntropy(3e38, 0));
        Assert.Equal(0, Logits.BinaryCrossEntropy(3e38, 1));
        Assert.Equal((0, 1, 0.5), (Logits.Sigmoid(-1e30), Logits.Sigmoid(1e30), Logits.Sigmoid(0)));
    }

    [Theory]
    [InlineData("top3", MetricGoal.Higher)]
    [InlineData("FBeta:beta=0.5:weighted", MetricGoal.Higher)]
    [InlineData(" f1:macro ", MetricGoal.Higher)]
    [InlineData("kappa:quadratic", MetricGoal.Higher)]
    [InlineData("hamming_loss:threshold=0.7", MetricGoal.Lower)]
    [InlineData("ece:bins=10", MetricGoal.Lower)]
    [InlineData("recall:class=big bee", MetricGoal.Higher)]
    public void Names_may_have_parameters(string name, MetricGoal goal) => Assert.Equal(goal, MetricList.Find(name).Goal);

    [Theory]
    [InlineData("acuracy", "expected one of accuracy, top")]
    [InlineData("", "expected one of accuracy")]
    [InlineData("f1:makro", "expected macro, micro, weighted, samples")]
    [InlineData("mcc:macro", "takes no parameters")]
    [InlineData("fbeta:beta=many", "beta: expected a number")]
    [InlineData("fbeta:beta=-1", "beta: expected a number")]
    [InlineData("top0", "k: expected a whole number")]
    [InlineData("ece:bins=2.5", "bins: expected a whole number")]
    [InlineData("f1:threshold=1", "threshold: expected a number")]
    [InlineData("kappa:2", "expected linear, quadratic")]
    public void Mistakes_say_what_was_expected(string name, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => MetricList.Find(name)).Message);

    [Fact]
    public void Metrics_that_do_not_fit_the_images_are_refused()
    {
        Assert.Contains("not for images of numbers: expected one of mse", Message("accuracy", LabelKind.Number));
        Assert.Contains("not for images of several labels", Message("mcc", LabelKind.Multiple));
        Assert.Contains("samples is for several labels", Message("f1:samples", LabelKind.Single));
        Assert.Contains("expected one of the classes a, b, c, came 'd'", Message("recall:class=d", LabelKind.Single));
        IMetric metric = MetricList.Create("mcc", LabelKind.Single, three);
        Assert.Equal("mcc", metric.Name);
        Assert.Throws<NotSupportedException>(() => metric.Update([1f, 2, 3], [1f, 0, 0]));
        Assert.Throws<NotSupportedException>(() => MetricList.Create("r2", LabelKind.Number, ["size"]).Update([1f], 0));
        var set = new MetricSet(["accuracy"], LabelKind.Single, three);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Update([1f, 2, 3], 3));
        Assert.Throws<ArgumentException>(() => set.Update([1f, 2], 0));

        static string Message(string name, LabelKind kind) =>
            Assert.Throws<ArgumentException>(() => MetricList.Create(name, kind, three)).Message;
    }

    [Fact]
    public void A_class_is_named_by_its_label_or_its_number()
    {
        var metrics = new MetricSet(["recall:class=b", "recall:class=1", "recall:class=b"], LabelKind.Single, three);
        metrics.Update([0f, 1, 0], 1);
        metrics.Update([1f, 0, 0], 1);
        Assert.Equal(["recall:class=b", "recall:class=1"], metrics.Names);
        Assert.All(metrics.Compute().Values, value => Assert.Equal(0.5, value));
    }

    [Fact]
    public void Confidence_on_an_edge_belongs_to_the_bin_below()
    {
        var error = new CalibrationError(10);
        error.Update(0, isRight: false);
        error.Update(0.1, isRight: true);
        error.Update(1, isRight: true);
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0, 1], error.Bins.Select(bin => bin.Count));
        Assert.Equal(new ReliabilityBin(0, 0.1, 2, 0.05, 0.5), error.Bins[0]);
        Assert.Equal(0.9 / 3, error.Compute(), 1e-15);
    }

    [Fact]
    public void Curves_go_from_corner_to_corner()
    {
        var scores = new RankingScores(2);
        foreach ((float score, int label) in ((float, int)[])[(3, 1), (2, 0), (2, 1), (0, 0)]) scores.Update([0, score], label);
        Assert.Equal([(0, 0), (0, 0.5), (0.5, 1), (1, 1)], scores.Roc(1));
        Assert.Equal([(0, 1), (0.5, 1), (1, 2.0 / 3), (1, 0.5)], scores.PrecisionRecall(1));
        Assert.Empty(new RankingScores(2).Roc(0));
    }

    static (LabelKind Kind, float[][] Outputs, MetricSet Metrics) Read(JsonElement golden)
    {
        LabelKind kind = Enum.Parse<LabelKind>(golden.GetProperty("kind").GetString()!, ignoreCase: true);
        float[][] outputs = JsonSerializer.Deserialize<float[][]>(golden.GetProperty("outputs"))!;
        IEnumerable<string> names = golden.GetProperty("values").EnumerateObject().Select(value => value.Name);
        string[] labels = [.. Enumerable.Range(0, outputs[0].Length).Select(k => $"class {k}")];
        return (kind, outputs, new MetricSet(names, kind, labels));
    }

    static void Add(MetricSet metrics, JsonElement golden, float[][] outputs, LabelKind kind, int from, int to)
    {
        for (int i = from; i < to; i++)
            if (kind == LabelKind.Single) metrics.Update(outputs[i], golden.GetProperty("labels")[i].GetInt32());
            else metrics.Update(outputs[i], JsonSerializer.Deserialize<float[]>(golden.GetProperty("targets")[i])!);
    }
}
