using System.Text.Json;
using Graft.Data;
using Graft.Tests;

namespace Graft.Training.Tests;

/// <summary>The measures of segmentation against their plain definitions.</summary>
public class MaskMetricTests
{
    static readonly JsonElement[] cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/mask_metrics.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < cases.Length; i++) data.Add(i, cases[i].GetProperty("name").GetString()!);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_metric_is_that_of_its_definition(int number, string name)
    {
        JsonElement golden = cases[number];
        JsonProperty[] values = [.. golden.GetProperty("values").EnumerateObject()];
        MetricSet metrics = Of(golden, values.Select(value => value.Name));
        for (int again = 0; again < 2; again++)
        {
            Add(metrics, golden);
            IReadOnlyDictionary<string, double> computed = metrics.Compute();
            foreach (JsonProperty value in values) Same(value.Value, computed[value.Name], $"{name}: {value.Name}");
            metrics.Reset();
            Assert.All(metrics.Compute(), pair => Assert.Equal(double.NaN, pair.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Classes_that_are_nowhere_have_no_score(int number, string name)
    {
        JsonElement golden = cases[number];
        MetricSet metrics = Of(golden, ["miou"]);
        Add(metrics, golden);
        PixelConfusion matrix = metrics.Find<PixelConfusion>()!;
        for (int k = 0; k < matrix.Classes; k++)
        {
            Same(golden.GetProperty("iou")[k], matrix.IoU(k), $"{name}: IoU of {k}");
            Same(golden.GetProperty("dice")[k], matrix.Dice(k), $"{name}: Dice of {k}");
            Assert.Equal(double.IsNaN(matrix.IoU(k)), matrix.Actual(k) + matrix.Predicted(k) == 0);
        }
        Assert.Equal(matrix.Count, matrix.ToArray().Sum(row => row.Sum()));
        var twice = new PixelConfusion(matrix.Classes);
        twice.Add(matrix);
        twice.Add(matrix);
        Assert.Equal(2 * matrix.Count, twice.Count);
        Assert.Equal(matrix.MeanIoU(), twice.MeanIoU());
    }

    [Fact]
    public void What_is_no_class_or_of_another_size_is_refused()
    {
        foreach (string name in MetricList.Usual(LabelKind.Mask))
        {
            IMetric metric = MetricList.Create(name, LabelKind.Mask, ["a", "b"]);
            Assert.Contains("came 2", Assert.Throws<ArgumentException>(() => metric.UpdateMask([0, 1], [0, 2], 1, 2)).Message);
            Assert.Contains("from 0 to 1", Assert.Throws<ArgumentException>(
                () => metric.UpdateMask([0, 2], [0, 1], 1, 2)).Message);
            Assert.Contains("1 x 3", Assert.Throws<ArgumentException>(() => metric.UpdateMask([0, 1], [0, 1], 1, 3)).Message);
            Assert.Throws<NotSupportedException>(() => metric.Update([1f, 0], 1));
        }
        Assert.Contains("not for masks: expected one of miou", Assert.Throws<ArgumentException>(
            () => MetricList.Create("accuracy", LabelKind.Mask, ["a"])).Message);
        Assert.Equal("miou", MetricList.UsualMonitor(LabelKind.Mask));
    }

    [Fact]
    public void What_stands_on_a_pixel_that_does_not_count_changes_nothing()
    {
        IMetric one = MetricList.Create("boundary_f", LabelKind.Mask, ["a", "b"]);
        IMetric other = MetricList.Create("boundary_f", LabelKind.Mask, ["a", "b"]);
        one.UpdateMask([0, 0, 1, 1, 0, 1], [0, 1, -100, -100, 0, 1], 1, 6);
        other.UpdateMask([0, 0, 0, 0, 0, 1], [0, 1, -100, -100, 0, 1], 1, 6);
        Assert.Equal(one.Compute(), other.Compute());
    }

    static MetricSet Of(JsonElement golden, IEnumerable<string> names) => new(
        names, LabelKind.Mask, [.. Enumerable.Range(0, golden.GetProperty("classes").GetInt32()).Select(k => $"class {k}")]);

    static void Add(MetricSet metrics, JsonElement golden)
    {
        foreach (JsonElement image in golden.GetProperty("images").EnumerateArray())
            metrics.UpdateMask(
                JsonSerializer.Deserialize<long[]>(image.GetProperty("predicted")),
                JsonSerializer.Deserialize<long[]>(image.GetProperty("truth")),
                image.GetProperty("height").GetInt32(), image.GetProperty("width").GetInt32());
    }

    static void Same(JsonElement golden, double actual, string what)
    {
        double expected = golden.ValueKind == JsonValueKind.Null ? double.NaN : golden.GetDouble();
        Assert.True(
            (double.IsNaN(expected) && double.IsNaN(actual)) || Math.Abs(expected - actual) < 1e-12,
            $"{what}: expected {expected}, came {actual}");
    }
}
