namespace Graft.Tests;

public sealed class EvaluationTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void The_measures_follow_from_the_logits()
    {
        var builder = new EvaluationBuilder(["a", "b", "c"]);
        builder.Add("1", 0, [2, 1, 0]);
        builder.Add("2", 0, [0, 3, 0]);
        builder.Add("3", 1, [0, 3, 0]);
        builder.Add("4", 1, [1, 2, 0]);
        EvaluationResult result = builder.Build(skipped: ["5"]);
        Assert.Equal(4, result.Images);
        Assert.Equal(0.75, result.Accuracy);
        Assert.Null(result.Top5Accuracy);
        Assert.Equal([1, 1, 0], result.ConfusionMatrix[0]);
        Assert.Equal([0, 2, 0], result.ConfusionMatrix[1]);
        Assert.Equal(new ClassResult("a", 2, 1, 0.5, 2.0 / 3), result.Classes[0]);
        Assert.Equal(new ClassResult("b", 2, 2.0 / 3, 1, 0.8), result.Classes[1]);
        Assert.Equal(new ClassResult("c", 0, 0, 0, 0), result.Classes[2]);
        double first = Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)); // of the sample that is right by 2 to 1 to 0
        Assert.Equal(first, result.Samples[0].Loss, 1e-9);
        Assert.Equal(Math.Exp(-first), result.Samples[0].Probability, 1e-9);
        Assert.Equal(result.Samples.Average(sample => sample.Loss), result.Loss, 1e-12);
        Assert.Equal(["5"], result.SkippedImages);
        Assert.Throws<InvalidDataException>(() => new EvaluationBuilder(["a"]).Build([]));
    }

    [Fact]
    public void Metrics_absent_classes_and_temperature_are_measured()
    {
        var builder = new EvaluationBuilder(["a", "b", "c"], ["f1:macro", "auc", "log_loss", "recall:class=b"], temperature: 2);
        builder.Add("1", 0, [4, 2, 0]);
        builder.Add("2", 0, [0, 6, 0]);
        builder.Add("3", 1, [0, 6, 0]);
        EvaluationResult result = builder.Build(skipped: []);
        Assert.Equal(["f1:macro", "auc", "log_loss", "recall:class=b"], result.Metrics.Keys);
        Assert.Equal(2.0 / 3, result.Metrics["f1:macro"], 1e-12); // class c neither occurs nor is predicted
        Assert.Equal(1, result.Metrics["recall:class=b"]);
        Assert.Equal(result.Loss, result.Metrics["log_loss"], 1e-12);
        Assert.Equal(Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), result.Samples[0].Loss, 1e-9); // of [2, 1, 0]
        Assert.Equal(["c"], result.AbsentClasses);
        Assert.Equal(Training.Proportion.Wilson(2, 3), result.AccuracyInterval);
        Assert.Equal(0.75, result.Classes[0].Auc); // 2 above 1, 2's twin equal to 3: ties count half
        Assert.Equal(double.NaN, result.Classes[2].Auc);
        Assert.Equal(2, result.Temperature);
        Assert.NotEqual(result.CalibrationError, result.UncalibratedError);
        Assert.Equal(3, result.Reliability.Sum(bin => bin.Count));
        Assert.Throws<ArgumentException>(() => new EvaluationBuilder(["a", "b"], ["rmse"]));
    }

    [Fact]
    public void Calibration_wants_a_model_that_was_calibrated()
    {
        workshop.Photos("photos", perClass: 3, "x", "y");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        var calibrated = new EvaluationOptions { Calibrate = true, Metrics = ["ece"] };
        Assert.Contains("found none", Assert.Throws<InvalidDataException>(
            () => Evaluation.Run(model, workshop.Path("photos"), calibrated, cancellation: Stop)).Message);
        EvaluationResult plain = Evaluation.Run(model, workshop.Path("photos"), cancellation: Stop);
        Assert.Equal(Training.MetricList.Usual(Data.LabelKind.Single), plain.Metrics.Keys);
        model.Network.Task = new Models.ModelTask { Temperature = 4 };
        EvaluationResult cool = Evaluation.Run(model, workshop.Path("photos"), calibrated, cancellation: Stop);
        Assert.Equal(plain.Accuracy, cool.Accuracy);
        Assert.Equal(plain.CalibrationError, cool.UncalibratedError);
        Assert.Equal(cool.CalibrationError, cool.Metrics["ece"]);
        Assert.All(cool.Samples.Zip(plain.Samples), pair => Assert.True(pair.First.Probability < pair.Second.Probability));
    }

    [Fact]
    public void Scores_of_very_many_images_and_classes_are_not_kept_unasked()
    {
        Assert.Contains("auc", Evaluation.UsualMetrics(10_000, 1000));
        Assert.DoesNotContain("auc", Evaluation.UsualMetrics(50_000, 1000));
        Assert.Contains("f1:macro", Evaluation.UsualMetrics(50_000, 1000));
    }

    [Fact]
    public void Top_five_counts_where_there_are_more_than_five_classes()
    {
        var builder = new EvaluationBuilder(["a", "b", "c", "d", "e", "f"]);
        builder.Add("1", 5, [6, 5, 4, 3, 2, 1]);
        builder.Add("2", 4, [6, 5, 4, 3, 2, 1]);
        EvaluationResult result = builder.Build([]);
        Assert.Equal(0.5, result.Top5Accuracy);
        Assert.Equal(0, result.Accuracy);
    }

    [Fact]
    public void Classes_are_matched_by_their_names_not_by_their_order()
    {
        workshop.Photos("photos", perClass: 3, "z", "x");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu"); // x, y, z
        EvaluationResult result = Evaluation.Run(model, workshop.Path("photos"), cancellation: Stop);
        Assert.Equal([3, 0, 3], result.Classes.Select(each => each.Images));
        foreach (SampleResult sample in result.Samples)
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(sample.Image)), model.Labels[sample.Label]);
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_is_an_error()
    {
        workshop.Photos("photos", perClass: 2, "x", "zebra");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => Evaluation.Run(model, workshop.Path("photos"), cancellation: Stop));
        Assert.Contains("zebra", error.Message);
    }

    [Fact]
    public void The_part_of_a_folder_can_be_chosen()
    {
        foreach ((string part, int count) in (ReadOnlySpan<(string, int)>)[("train", 5), ("val", 3), ("test", 2)])
            workshop.Photos(Path.Combine("parted", part), count, "x", "y");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        int Images(string? part) => Evaluation.Run(
            model, workshop.Path("parted"), new EvaluationOptions { Part = part }, cancellation: Stop).Images;
        Assert.Equal(4, Images(null));
        Assert.Equal(6, Images("val"));
        Assert.Equal(10, Images("train"));
        Assert.Throws<InvalidDataException>(() => Images("all"));
        Assert.Throws<ArgumentException>(() => Images("vla"));
    }
}
