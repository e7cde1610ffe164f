using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Tests;

/// <summary>A TorchScript file goes the whole way: trained on photos, saved, used.</summary>
public sealed class TorchScriptTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData(TrainingMode.FineTune, "fc")]
    [InlineData(TrainingMode.Partial, null)]
    [InlineData(TrainingMode.Probe, "fc")]
    [InlineData(TrainingMode.Probe, null)]
    public void It_is_trained_saved_and_used(TrainingMode mode, string? layer)
    {
        string script = Path.Combine(
            SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchscript", "tiny.pt");
        long before = Tensor.LiveCount;
        JobConfig config = workshop.Job(mode) with { Model = script, HeadLayer = layer, Epochs = 12, ImageSize = 32 };
        TrainResult result = FineTune.Run(config, null, TestContext.Current.CancellationToken);
        Assert.True(result.Epochs[^1].TrainLoss < result.Epochs[0].TrainLoss,
            $"{result.Epochs[0].TrainLoss} -> {result.Epochs[^1].TrainLoss}");

        using (ImageModel original = ModelZoo.Open(script))
        using (SavedModel saved = SavedModel.Open(result.Folder, device: "cpu"))
        {
            Assert.Equal(["across", "down"], saved.Labels);
            Assert.Equal((32, 32), (saved.Preprocess.Height, saved.Preprocess.Width));
            EvaluationResult measured = Evaluation.Run(saved, config.Data, new EvaluationOptions(), null, default);
            Assert.True(measured.Accuracy > 0);
            ImagePrediction prediction = saved.Predict(workshop.Photo(0, 999, "new.png"));
            Assert.Equal(2, prediction.Logits.Count);
            // what is trained has changed, what is frozen is as it was
            string prefix = layer is null ? "body." : "";
            foreach (Parameter parameter in original.Parameters.Weights)
            {
                if (layer is not null && parameter.Name.StartsWith("fc.")) continue;
                Parameter now = saved.Network.Parameters.Find(prefix + parameter.Name)!;
                bool isFree = mode == TrainingMode.FineTune || (mode == TrainingMode.Partial && parameter.Name.StartsWith("fc."));
                Assert.True(isFree != now.Value.ValuesEqual(parameter.Value), parameter.Name);
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }
}
