using System.Text.Json;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Training.Tests;

public class ClassificationMetricsTests
{
    static readonly JsonElement golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/metrics.json"))).RootElement;

    static readonly float[] values =
        [.. JsonSerializer.Deserialize<float[][]>(golden.GetProperty("logits"))!.SelectMany(row => row)];

    static readonly long[] labels = JsonSerializer.Deserialize<long[]>(golden.GetProperty("labels"))!;

    static double[] Numbers(string name) => JsonSerializer.Deserialize<double[]>(golden.GetProperty(name))!;

    [Fact]
    public void MeasuresAreThoseOfScikitLearn()
    {
        ClassificationMetrics metrics = new(7);
        metrics.Update(values, labels);
        Assert.Equal(60, metrics.Count);
        Close(golden.GetProperty("accuracy").GetDouble(), metrics.Accuracy.Compute());
        Close(golden.GetProperty("accuracy").GetDouble(), metrics.Confusion.Accuracy());
        Close(golden.GetProperty("loss").GetDouble(), metrics.Loss.Compute());
        Close(Numbers("top")[4], metrics.TopFive!.Compute());
        long[][] confusion = JsonSerializer.Deserialize<long[][]>(golden.GetProperty("confusion"))!;
        Assert.Equal(confusion, metrics.Confusion.ToArray());
        ClassScores[] scores = metrics.Confusion.Scores();
        for (int k = 0; k < 7; k++)
        {
            Close(Numbers("precision")[k], scores[k].Precision);
            Close(Numbers("recall")[k], scores[k].Recall);
            Close(Numbers("f1")[k], scores[k].F1);
            Close(Numbers("support")[k], scores[k].Support);
        }
        foreach ((string name, ClassScores mean) in ((string, ClassScores)[])
            [("macro", metrics.Confusion.MacroAverage()), ("weighted", metrics.Confusion.WeightedAverage())])
        {
            Close(Numbers(name)[0], mean.Precision);
            Close(Numbers(name)[1], mean.Recall);
            Close(Numbers(name)[2], mean.F1);
        }
        Close(Numbers("macro")[2], metrics.Confusion.Compute());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void TopKIsThatOfScikitLearn(int k)
    {
        TopKAccuracy metric = new(k);
        Assert.Equal($"top{k}_accuracy", metric.Name);
        for (int i = 0; i < 60; i++) metric.Update(values.AsSpan(i * 7, 7), (int)labels[i]);
        Close(Numbers("top")[k - 1], metric.Compute());
    }

    [Fact]
    public void BatchesOfAnySizeGiveTheSame()
    {
        ClassificationMetrics whole = new(7), parts = new(7);
        whole.Update(values, labels);
        for (int at = 0; at < 60; at += 13)
        {
            int count = Math.Min(13, 60 - at);
            parts.Update(values.AsSpan(at * 7, count * 7), labels.AsSpan(at, count));
        }
        Assert.Equal(whole.Loss.Compute(), parts.Loss.Compute());
        Assert.Equal(whole.Confusion.ToArray(), parts.Confusion.ToArray());
        MeanLoss byMeans = new();
        byMeans.Update(2, 3);
        byMeans.Update(double.NaN, 0);
        byMeans.Update(6, 1);
        Assert.Equal(3, byMeans.Compute());
    }

    [Fact]
    public void TensorsAreTakenAndNotKept()
    {
        ClassificationMetrics spans = new(7), tensors = new(7);
        spans.Update(values, labels);
        using (TensorScope scope = new())
        {
            Tensor logits = Tensor.FromSpan<float>(values, [60, 7]), classes = Tensor.FromSpan<long>(labels, [60]);
            long live = Tensor.LiveCount;
            tensors.Update(logits, classes);
            Assert.Equal(live, Tensor.LiveCount);
            ArgumentException error = Assert.Throws<ArgumentException>(() => tensors.Update(logits.Transpose(0, 1), classes));
            Assert.Contains("expected logits [N, 7] and labels [N]", error.Message);
        }
        Assert.Equal(spans.Loss.Compute(), tensors.Loss.Compute());
        Assert.Equal(spans.Confusion.ToArray(), tensors.Confusion.ToArray());
    }

    [Fact]
    public void ResetForgetsAndNothingIsNaN()
    {
        ClassificationMetrics metrics = new(7);
        metrics.Update(values, labels);
        metrics.Reset();
        Assert.Equal(0, metrics.Count);
        Assert.Equal(double.NaN, metrics.Accuracy.Compute());
        Assert.Equal(double.NaN, metrics.Loss.Compute());
        Assert.Equal(double.NaN, metrics.TopFive!.Compute());
        Assert.Equal(double.NaN, metrics.Confusion.Compute());
        Assert.Equal(double.NaN, metrics.Confusion.Accuracy());
        Assert.Equal(default, metrics.Confusion.WeightedAverage());
        Assert.Null(new ClassificationMetrics(5).TopFive);
    }

    [Fact]
    public void TiesAndOddValuesHaveAnOrder()
    {
        Assert.Equal(1, Logits.ArgMax([0, 2, 2]));
        Assert.Equal(2, Logits.ArgMax([float.NaN, float.NegativeInfinity, 0]));
        Assert.Equal(1, Logits.ArgMax([float.NaN, float.NegativeInfinity]));
        Assert.Equal([2, 0, 1], Enumerable.Range(0, 3).Select(i => Logits.Rank([0, 2, 2], i)));
        Assert.Equal([2, 1, 0], Enumerable.Range(0, 3).Select(i => Logits.Rank([float.NaN, float.NegativeInfinity, 0], i)));
        Assert.Equal(0, Logits.CrossEntropy([1e30f, 0], 0));
        Assert.Equal(Math.Log(2), Logits.CrossEntropy([-1000, -1000], 1), 1e-12);
        Assert.Equal(double.NaN, Logits.CrossEntropy([float.NaN, 0], 1));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        ClassificationMetrics metrics = new(3);
        Assert.Contains("came 2", Assert.Throws<ArgumentException>(() => metrics.Update([1, 2], 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Update([1, 2, 3], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Update([1, 2, 3], -1));
        Assert.Throws<ArgumentException>(() => metrics.Update([1, 2, 3, 4], [0L]));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Confusion.Update(predicted: 3, label: 0));
        Assert.Equal(0, metrics.Count);
        Assert.True(double.IsNaN(metrics.Loss.Compute()));
    }

    static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-12);
}
