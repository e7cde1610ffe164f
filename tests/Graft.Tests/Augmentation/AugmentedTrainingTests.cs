using System.Text.Json;
using Graft.Data;
using Graft.Imaging;
using Graft.Torch;
using Graft.Training;

namespace Graft.Tests;

public sealed class AugmentedTrainingTests : IDisposable
{
    static readonly AugmentationSettings everything = new()
    {
        Preset = "strong",
        Resize = ResizeMethod.Squish,
        VerticalFlip = 0.2,
        MixUp = 0.4,
        CutMix = 1,
        MixProbability = 0.8,
    };

    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    static byte[] Weights(TrainResult result) => File.ReadAllBytes(Path.Combine(result.Folder, "model.safetensors"));

    [Theory]
    [InlineData(TrainingMode.Full)]
    [InlineData(TrainingMode.Probe)]
    public void The_same_bytes_for_any_number_of_workers(TrainingMode mode)
    {
        JobConfig config = workshop.Job(mode, workshop.Photos(perClass: 10)) with { Epochs = 2, Augmentation = everything };
        long before = Tensor.LiveCount;
        TrainResult[] results = [.. new[] { 1, 2, 4 }.Select(workers =>
            FineTune.Run(config with { Workers = workers, Output = workshop.Path($"run{workers}") }, null, Stop))];
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(Weights(results[0]), Weights(results[1]));
        Assert.Equal(Weights(results[0]), Weights(results[2]));
        TrainResult plain = FineTune.Run(
            config with { Augmentation = everything with { MixUp = 0, CutMix = 0 }, Output = workshop.Path("unmixed") }, null,
            Stop);
        Assert.NotEqual(Weights(results[0]), Weights(plain));
    }

    [Fact]
    public void The_way_to_resize_is_saved_with_the_model_and_the_record_says_what_was_done()
    {
        JobConfig config = workshop.Job(TrainingMode.Full, workshop.Photos(perClass: 6)) with
        {
            Epochs = 1,
            Augmentation = new()
            {
                Transforms = [new("resize") { Parameters = new Dictionary<string, string> { ["method"] = "pad" } }, new("hflip")],
                Resize = ResizeMethod.Pad,
                MixUp = 0.2,
            },
        };
        TrainResult result = FineTune.Run(config, null, Stop);
        using SavedModel model = SavedModel.Open(result.Folder, device: "cpu");
        Assert.Equal(ResizeMode.Border, model.Preprocess.ResizeMode);
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(result.Folder, "summary.json")));
        JsonElement settings = summary.RootElement.GetProperty("settings");
        Assert.Equal(["resize: {method: pad}", "hflip"],
            settings.GetProperty("augmentation").EnumerateArray().Select(step => step.GetString()));
        Assert.Equal(0.2, settings.GetProperty("mixup").GetDouble());
        Assert.Contains("--augmentation augmentation.yaml --resize pad --mixup 0.2",
            File.ReadAllText(Path.Combine(result.Folder, "command.txt")));
        Assert.Equal("- resize: {method: pad}\n- hflip\n", File.ReadAllText(Path.Combine(result.Folder, "augmentation.yaml")));
    }

    [Fact]
    public void Options_that_say_the_same_are_written_down()
    {
        JobConfig config = new()
        {
            Data = "d",
            Model = "m",
            Augmentation = everything with { MixSwitch = 0.3, MinimumCrop = 0.5 },
        };
        Assert.Contains(" --augment strong --resize squish --crop-scale 0.5,1 --vflip 0.2 --mixup 0.4 --cutmix 1 " +
            "--mix-prob 0.8 --mix-switch 0.3 ", RunFiles.CommandOf(config));
        Assert.Contains(" --no-augment ", RunFiles.CommandOf(config with { Augment = false, Augmentation = new() }));
        Assert.Contains(" --augment --val", RunFiles.CommandOf(config with { Augment = true, Augmentation = new() }));
    }

    [Fact]
    public void What_is_augmented_by_itself_depends_on_the_mode()
    {
        JobConfig config = new() { Data = "d", Model = "m" };
        Assert.True(config.Augments);
        Assert.False((config with { Augment = false }).Augments);
        Assert.False((config with { Mode = TrainingMode.Probe }).Augments);
        Assert.True((config with { Mode = TrainingMode.Probe, Augment = true }).Augments);
        Assert.True((config with { Mode = TrainingMode.Probe, Augmentation = new() { Preset = "fastai" } }).Augments);
        Assert.True((config with { Mode = TrainingMode.Probe, Augmentation = new() { MixUp = 1 } }).Augments);
        Assert.False((config with { Augmentation = new() { Preset = "none" } }).Augments);
        Assert.True((config with { Augment = false, Augmentation = new() { HorizontalFlip = 0.5 } }).Augments);
    }

    [Fact]
    public void A_mixed_batch_has_targets_of_both_and_counts_the_greater_share()
    {
        string photos = workshop.Photos(perClass: 8);
        SamplePipeline pipeline = new(Preprocess.ImageNet(16));
        var options = new DataLoaderOptions { BatchSize = 4, Shuffle = true, MemoryFormat = MemoryFormat.ChannelsLast };
        var plain = new ImageSource(new DataLoader(ImageFolder.Open(photos).All!, pipeline, options));
        BatchMixer mixer = new(2, seed: 5) { MixUpAlpha = 1, CutMixAlpha = 1 };
        var mixed = new MixedSource(plain, mixer, default);
        long before = Tensor.LiveCount;
        using IEnumerator<StepBatch> originals = plain.Epoch(1, cancellation: Stop).GetEnumerator();
        int changed = 0;
        foreach (StepBatch batch in mixed.Epoch(1, cancellation: Stop))
            using (batch)
            {
                Assert.True(originals.MoveNext());
                using StepBatch original = originals.Current;
                Mix mix = mixer.Draw(1, batch.Number, 16, 16);
                if (mix.Kind == MixKind.None)
                {
                    Assert.Same(batch.Labels, batch.Targets);
                    continue;
                }
                changed++;
                BatchMixer.MixImages(original.Inputs, mix);
                using Tensor targets = mixer.MixLabels(original.LabelValues, mix);
                Assert.Equal(original.Inputs.ToArray<float>(), batch.Inputs.ToArray<float>());
                Assert.Equal(targets.ToArray<float>(), batch.Targets.ToArray<float>());
                for (int i = 0; i < batch.Count; i++)
                    Assert.True(batch.Targets.ToArray<float>()[i * 2 + batch.LabelValues[i]] >= 0.5f);
            }
        Assert.InRange(changed, 2, 4); // a rectangle may be empty
        originals.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }
}
