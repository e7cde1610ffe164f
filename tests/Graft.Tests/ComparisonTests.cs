using System.Text.Json;
using Graft.Models;
using Graft.Models.Classification;
using Graft.Imaging;
using Graft.Torch;

namespace Graft.Tests;

public sealed class ComparisonTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    ComparisonSettings Settings(params string[] models) => new()
    {
        Data = workshop.Photos(perClass: 12),
        Models = models,
        Output = workshop.Path("compared"),
        BatchSize = 8,
        Epochs = 2,
        Seed = 3,
        Device = "cpu",
    };

    [Fact]
    public void Backbones_are_ranked_and_the_best_is_fine_tuned()
    {
        long live = Tensor.LiveCount;
        ComparisonResult result = ModelComparison.Run(
            Settings(workshop.Model(), Blind()) with { Top = 1 }, cancellation: Stop);
        Assert.Equal(live, Tensor.LiveCount);
        Assert.Equal(24, result.Images);
        Assert.Equal(2, result.Models.Count);
        ComparedModel best = result.Models[0], last = result.Models[1];
        Assert.True(best.Linear.Accuracy >= last.Linear.Accuracy);
        Assert.All(result.Models, model =>
        {
            Assert.Equal(24, model.Linear.Images);
            Assert.Equal(5, model.Linear.Settings.Count);
            Assert.All(model.Neighbours.Settings, k => Assert.Contains((int)k, Training.NeighbourProbe.Choices));
            Assert.InRange(model.Linear.Accuracy, model.Linear.Interval.Low, model.Linear.Interval.High);
            Assert.True(model.ImagesPerSecond > 0 && model.Parameters > 0 && model.MultiplyAdds > 0);
            Assert.Equal("32x32", model.InputSize);
        });
        // whatever the picture, the blind one makes the same of it: half of two equal classes is the most that it can tell
        Assert.Contains("blind", last.Model);
        Assert.InRange(last.Linear.Right, 0, 12);
        Assert.Equal(1, best.PValue);
        Assert.NotNull(best.Tuned);
        Assert.Null(last.Tuned);
        Assert.True(File.Exists(Path.Combine(best.Tuned.Folder, "model.safetensors")));

        using JsonDocument numbers = JsonDocument.Parse(File.ReadAllText(workshop.Path("compared", "comparison.json")));
        JsonElement first = numbers.RootElement.GetProperty("models")[0];
        Assert.Equal(best.Linear.Accuracy, first.GetProperty("linear_probe").GetProperty("accuracy").GetDouble());
        Assert.Equal(best.Tuned.Accuracy, first.GetProperty("fine_tuned").GetProperty("accuracy").GetDouble());
        string page = File.ReadAllText(workshop.Path("compared", "report.html"));
        Assert.Contains("Which model for photos?", page);
        Assert.DoesNotContain("NaN", page);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org", ""));
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures_whatever_the_workers()
    {
        ComparisonSettings settings = Settings(workshop.Model());
        ComparisonResult one = ModelComparison.Run(settings with { Workers = 1 }, cancellation: Stop);
        ComparisonResult three = ModelComparison.Run(
            settings with { Workers = 3, Output = workshop.Path("again") }, cancellation: Stop);
        Assert.Equal(one.Models[0].Linear.Right, three.Models[0].Linear.Right);
        Assert.Equal(one.Models[0].Linear.Settings, three.Models[0].Linear.Settings);
        Assert.Equal(one.Models[0].Neighbours.Right, three.Models[0].Neighbours.Right);
        Assert.Null(one.Models[0].Tuned);
    }

    [Fact]
    public void A_model_that_can_not_be_used_is_left_out_with_its_reason()
    {
        Directory.CreateDirectory(workshop.Path("empty"));
        ComparisonResult result = ModelComparison.Run(Settings(workshop.Path("empty"), workshop.Model()), cancellation: Stop);
        Assert.Equal(workshop.Path("empty"), Assert.Single(result.Failed).Model);
        Assert.Contains("has no weights", result.Failed[0].Reason);
        Assert.Equal(workshop.Model(), Assert.Single(result.Models).Model);
        Assert.Throws<FileNotFoundException>(() => ModelComparison.Run(
            Settings(workshop.Path("empty")) with { Output = workshop.Path("none") }, cancellation: Stop));
        Assert.DoesNotContain("none", workshop.Entries);
    }

    [Fact]
    public void What_is_known_when_it_is_stopped_is_kept()
    {
        using var stop = new CancellationTokenSource();
        var stopper = new Stopper(stop, "loading " + workshop.Path("second"));
        workshop.Model("second");
        ComparisonResult result = ModelComparison.Run(Settings(workshop.Model(), workshop.Path("second")), stopper, stop.Token);
        Assert.True(result.WasCancelled);
        Assert.Equal(workshop.Model(), Assert.Single(result.Models).Model);
        Assert.True(File.Exists(workshop.Path("compared", "report.html")));
        Assert.Throws<OperationCanceledException>(() => ModelComparison.Run(
            Settings(workshop.Model()) with { Output = workshop.Path("none") }, cancellation: stop.Token));
    }

    [Fact]
    public void A_spent_budget_ends_fine_tuning_but_not_the_comparison()
    {
        ComparisonResult result = ModelComparison.Run(
            Settings(workshop.Model()) with { BudgetSeconds = 1e-3 }, cancellation: Stop);
        Assert.False(result.WasCancelled);
        Assert.Null(Assert.Single(result.Models).Tuned);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        ComparisonSettings settings = Settings("a");
        foreach (ComparisonSettings wrong in (ComparisonSettings[])
            [settings with { Models = [] }, settings with { Models = ["a", "a"] }, settings with { Folds = 1 },
            settings with { BudgetSeconds = 0 }, settings with { Top = -1 }, settings with { Epochs = 0 }])
            Assert.Contains("expected", Assert.Throws<ArgumentException>(wrong.Validate).Message);
        Directory.CreateDirectory(workshop.Path("compared"));
        File.WriteAllText(workshop.Path("compared", "note.txt"), "mine");
        Assert.Throws<IOException>(() => ModelComparison.Run(Settings(workshop.Model()), cancellation: Stop));
    }

    /// <summary>A network whose weights are all zero.</summary>
    string Blind()
    {
        var config = new ResNet.Config
        {
            Depths = [1],
            Widths = [8],
            Bottlenecks = [false],
            StemWidths = [8],
        };
        using ImageModel model = ModelZoo.Create(
            new ResNet(), config, Origin.Timm, Preprocess.TorchVision(cropSize: 32, resizeSize: 36), ["x", "y"], seed: 1);
        using (Autograd.NoGrad())
            foreach (Nn.Parameter weight in model.Parameters.Weights) weight.Value.Zero_();
        ModelSaver.Save(model, workshop.Path("blind"));
        return workshop.Path("blind");
    }

    sealed class Stopper(CancellationTokenSource stop, string phase) : ITrainingProgress
    {
        public void PhaseStarted(string started, int total)
        {
            if (started == phase) stop.Cancel();
        }
    }
}
