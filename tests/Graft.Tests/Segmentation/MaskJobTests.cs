using System.Text.Json;
using System.Text.RegularExpressions;
using Graft.Data;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft.Tests;

/// <summary>Training on images with masks, from their folder to a model that opens.</summary>
public sealed class MaskJobTests : IDisposable
{
    readonly MaskWorkshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void It_learns_four_images_by_heart()
    {
        string data = workshop.Shapes("four", training: 4, validation: 0);
        foreach (string part in (string[])["images", "masks"])
        {
            Directory.CreateDirectory(workshop.Path("four", "val", part));
            foreach (string file in Directory.GetFiles(workshop.Path("four", "train", part)))
                File.Copy(file, workshop.Path("four", "val", part, Path.GetFileName(file)));
        }
        TrainResult result = FineTune.Run(workshop.Job(data: data, model: workshop.Classifier()) with
        {
            Epochs = 60,
            BatchSize = 4,
            LearningRate = 0.01,
            Augment = false,
            Optimisation = new OptimisationSettings { Loss = "ce+dice" },
            Segmentation = new SegmentationSettings { Crop = new CropSettings(48, 64), Decoder = DecoderKind.Unet },
        }, null, Stop);
        Assert.Equal("miou", result.Best.Metrics.Keys.Single());
        Assert.True(result.Validation.Metrics["miou"] > 0.95, $"mean IoU {result.Validation.Metrics["miou"]}");
        Assert.Equal(result.Best.Metrics["miou"], result.Validation.Metrics["miou"], 1e-12);
    }

    [Theory]
    [InlineData(TrainingMode.FineTune, 3, "decoder")]
    [InlineData(TrainingMode.Full, 2, "all")]
    [InlineData(TrainingMode.Partial, 2, "last 1 groups")]
    [InlineData(TrainingMode.Probe, 2, "head")]
    public void Every_mode_trains_what_it_says(TrainingMode mode, int epochs, string first)
    {
        JobConfig config = workshop.Job(mode);
        long before = Tensor.LiveCount;
        var diary = new Diary();
        TrainResult result = FineTune.Run(config, diary, Stop);
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(epochs, result.Epochs.Count);
        Assert.Equal(first, result.Epochs[0].Phase);
        Assert.Equal(result.Best.ValidationAccuracy, result.Validation.Accuracy);
        Assert.Equal(result.Best.Metrics["miou"], result.Validation.Metrics["miou"]);

        Dictionary<string, float[]> old = Values(config.Model), now = Values(result.Folder);
        using ImageModel model = ModelZoo.Open(config.Model);
        foreach ((string name, float[] values) in old)
        {
            bool isHead = model.IsOfHead(name), isDecoder = model.LayerGroups[^2].Contains(name);
            if (isHead) continue; // of other classes
            bool isTrained = mode is TrainingMode.FineTune or TrainingMode.Full || (mode == TrainingMode.Partial && isDecoder);
            if (isTrained) Assert.NotEqual(values, now[name]);
            else Assert.Equal(values, now[name]);
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(4)]
    public void Workers_change_nothing(int workers)
    {
        JobConfig config = workshop.Job() with
        {
            Epochs = 1,
            Segmentation = new SegmentationSettings { Crop = new CropSettings(32, 40), ClassCap = 0.8 },
        };
        byte[] one = Weights(FineTune.Run(config with { Workers = 1, Output = workshop.Path("one") }, null, Stop));
        byte[] other = Weights(FineTune.Run(config with { Workers = workers, Output = workshop.Path("other") }, null, Stop));
        Assert.Equal(one, other);
    }

    [Fact]
    public void A_run_that_was_stopped_ends_with_the_same_bytes()
    {
        JobConfig job = workshop.Job(TrainingMode.FineTune) with
        {
            Epochs = 3,
            Optimisation = new OptimisationSettings { Loss = "ce+0.5*lovasz", Balance = BalanceKind.Median, EmaDecay = 0.9 },
            Segmentation = new SegmentationSettings
            {
                Crop = new CropSettings(32, 40),
                AuxiliaryRate = 10,
                AuxiliaryWeight = 0.4,
                ClassCap = 0.75,
            },
            Checkpoints = new CheckpointSettings { EveryMinutes = 0 },
        };
        TrainResult whole = FineTune.Run(job with { Output = workshop.Path("whole") }, null, Stop);
        string broken = workshop.Path("broken");
        foreach (int batches in (int[])[3, 4])
        {
            using var source = new CancellationTokenSource();
            int left = batches;
            var diary = new Diary
            {
                OnStep = step =>
                {
                    if (step.Phase == "training" && --left == 0) source.Cancel();
                },
            };
            try
            {
                _ = File.Exists(Path.Combine(broken, "job.json")) ? FineTune.Resume(broken, diary, source.Token, workers: 3)
                    : FineTune.Run(job with { Output = broken, Workers = 1 }, diary, source.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
        TrainResult last = FineTune.Resume(broken, null, Stop);
        Assert.Equal(
            whole.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.ValidationLoss, epoch.Metrics["miou"])),
            last.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.ValidationLoss, epoch.Metrics["miou"])));
        Assert.Equal(Weights(whole), Weights(last));
    }

    [Fact]
    public void The_folder_says_what_was_measured_and_the_report_shows_it()
    {
        JobConfig config = workshop.Job() with
        {
            Metrics = new MetricSettings { Names = ["iou:class=2", "boundary_f"] },
            Optimisation = new OptimisationSettings { Loss = "ce+0.5*dice", Schedule = "poly" },
        };
        TrainResult result = FineTune.Run(config, null, Stop);
        SegmentationResult measured = result.Validation.Segmentation!;
        Assert.Equal(LabelKind.Mask, result.Validation.Kind);
        Assert.Equal(3, measured.Samples.Count);
        Assert.Equal(result.Validation.Metrics["iou:class=2"], measured.Classes[2].IoU);
        Assert.Equal(measured.Classes.Average(one => one.IoU), result.Validation.Metrics["miou"], 1e-12);
        Assert.Equal(measured.Pixels, measured.Classes.Sum(one => one.Pixels));
        Assert.True(measured.Pixels < 3 * 48 * 64); // the edges do not count

        JsonElement metrics = Document(result, "summary.json").GetProperty("metrics");
        Assert.Equal(result.Validation.Metrics["miou"], metrics.GetProperty("val_miou").GetDouble());
        Assert.Equal("32x40", Document(result, "summary.json").GetProperty("model").GetProperty("input").GetString());
        Assert.Contains("val_boundary_f", File.ReadAllLines(Path.Combine(result.Folder, "metrics.jsonl"))[0]);
        JsonElement masks = Document(result, "masks.json");
        Assert.Equal(measured.Confusion[1][1], masks.GetProperty("pixels")[1][1].GetInt64());
        Assert.StartsWith("val", masks.GetProperty("images")[0].GetProperty("image").GetString());
        string command = File.ReadAllText(Path.Combine(result.Folder, "command.txt"));
        Assert.Contains("--loss ce+0.5*dice", command);
        Assert.Contains("--crop 32,40", command);
        string page = RunReport.Build(result.Folder);
        Assert.Contains("id=\"mask-classes\"", page);
        Assert.Contains("id=\"pixels\"", page);
        Assert.Equal(3, Regex.Count(page, "alt=\"true mask\""));
        Assert.DoesNotContain("predictions.safetensors", page);
    }

    [Fact]
    public void A_model_of_a_run_opens_with_the_sizes_it_was_trained_for()
    {
        JobConfig config = workshop.Job();
        TrainResult result = FineTune.Run(config, null, Stop);
        using SavedModel model = SavedModel.Open(result.Folder, device: "cpu");
        SegmentationResult again = SegmentationEvaluation.Run(model, config.Data, cancellation: Stop);
        Assert.Equal(result.Validation.Segmentation!.MeanIoU, again.MeanIoU, 1e-3);
        Assert.Equal(result.Validation.Segmentation!.Pixels, again.Pixels);
        Assert.True(model.Network.IsSegmentation);
        Assert.Equal(["0", "1", "2"], model.Labels);
        Assert.Equal((96, 48), model.Preprocess.ResizedSize(200, 100));
        using Tensor logits = model.Logits(Tensor.Zeros([1, 3, 48, 64]));
        Assert.Equal([1, 3, 48, 64], logits.Shape);
    }

    [Fact]
    public void Without_parts_a_share_validates_and_the_auxiliary_head_can_be_left_out()
    {
        JobConfig config = workshop.Job(data: workshop.Shapes("one", training: 10, validation: 0, asOne: true)) with
        {
            Epochs = 1,
            Segmentation = new SegmentationSettings { Auxiliary = false },
        };
        TrainResult result = FineTune.Run(config, null, Stop);
        Assert.Equal((8, 2), (result.Plan.TrainingImages, result.Plan.ValidationImages));
        Assert.Equal("32x32", result.Plan.InputSize); // of images of 48 pixels
        using ImageModel model = ModelZoo.Open(result.Folder);
        Assert.False(model.HasAuxiliary);
    }

    [Fact]
    public void A_learning_rate_is_found_for_masks_too()
    {
        var curve = LearningRateSearch.Run(
            workshop.Job() with { LearningRate = null }, new Training.LearningRateFinder { Iterations = 8 },
            cancellation: Stop);
        Assert.NotEmpty(curve.Rates);
    }

    [Theory]
    [InlineData("sizes", "expected a mask of the image's size")]
    [InlineData("missing", "mask")]
    [InlineData("colours", "classes.json")]
    [InlineData("outside", "7")]
    public void Bad_masks_are_told_before_training(string what, string expected)
    {
        string data = workshop.Shapes();
        string mask = workshop.Path("shapes", "train", "masks", "0003.png");
        switch (what)
        {
            case "sizes":
                using (var other = new IndexMask(40, 30))
                    File.WriteAllBytes(mask, MaskCodec.EncodePng(other, MaskPalette.Of(3)));
                break;
            case "missing":
                foreach (string file in Directory.GetFiles(workshop.Path("shapes", "train", "masks"))) File.Delete(file);
                break;
            case "colours":
                foreach (string file in Directory.GetFiles(workshop.Path("shapes", "train", "masks")))
                    using (var rgb = new Image(64, 48))
                    {
                        for (int i = 0; i < 64 * 48 * 3; i++) rgb.Rgb[i] = (byte)(i * 7);
                        File.WriteAllBytes(file, ImageCodec.EncodePng(rgb));
                    }
                break;
            default:
                File.WriteAllText(workshop.Path("shapes", "classes.json"), """["ground", "disc", "square"]""");
                using (var beyond = new IndexMask(64, 48))
                {
                    beyond.Values[5] = 7;
                    File.WriteAllBytes(mask, MaskCodec.EncodePng(beyond, MaskPalette.Of(8)));
                }
                break;
        }
        InvalidDataException error =
            Assert.Throws<InvalidDataException>(() => FineTune.Run(workshop.Job(data: data), null, Stop));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(workshop.Path("run")));
    }

    [Fact]
    public void Images_smaller_than_the_crop_are_padded()
    {
        JobConfig config = workshop.Job() with
        {
            Epochs = 1,
            Segmentation = new SegmentationSettings { Crop = new CropSettings(96, 128), MaximumScale = 1 },
        };
        TrainResult result = FineTune.Run(config, null, Stop);
        Assert.True(double.IsFinite(result.Epochs[0].TrainLoss));
    }

    [Fact]
    public void What_is_for_whole_images_is_refused_in_a_line()
    {
        Refused(job => job with { Augmentation = new AugmentationSettings { CutMix = 1 } }, "masks have none");
        Refused(job => job with { Augmentation = new AugmentationSettings { Preset = "randaugment" } }, "randaugment");
        Refused(job => job with { Head = HeadKind.Mlp }, "--decoder");
        Refused(job => job with { Task = new TaskSettings { Shots = 2 } }, "limit");
        Refused(job => job with { Optimisation = new OptimisationSettings { Loss = "bce" } }, "not for masks");
        Refused(job => job with { Optimisation = new OptimisationSettings { Balance = BalanceKind.Sampler } }, "median");
        Refused(job => job with { Metrics = new MetricSettings { Monitor = "accuracy" } }, "not for masks");

        void Refused(Func<JobConfig, JobConfig> change, string expected)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => FineTune.Run(change(workshop.Job()), null, Stop));
            Assert.Contains(expected, error.Message);
            Assert.False(Directory.Exists(workshop.Path("run")));
        }
    }

    [Fact]
    public void A_segmentation_network_needs_masks()
    {
        using var photos = new Workshop();
        JobConfig config = workshop.Job(data: photos.Photos());
        Assert.Contains(
            "images/ and masks/", Assert.Throws<InvalidDataException>(() => FineTune.Run(config, null, Stop)).Message);
    }

    [Fact]
    public void Weights_balance_pixels()
    {
        Assert.Equal([0.6, 1.7, 1, 1.7], PixelBalance.Inverse([30, 10, 0, 10]).Select(weight => Math.Round(weight, 1)));
        // shares of 0.3, 0.1 and 0.5 of the images that have them: the median is 0.3
        Assert.Equal([1, 3, 1, 0.6], PixelBalance.Median([30, 10, 0, 10], [100, 100, 0, 20]).Select(one => Math.Round(one, 9)));
    }

    static byte[] Weights(TrainResult result) => File.ReadAllBytes(Path.Combine(result.Folder, "model.safetensors"));

    static JsonElement Document(TrainResult result, string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(result.Folder, name))).RootElement;

    static Dictionary<string, float[]> Values(string folder)
    {
        using ImageModel model = ModelZoo.Open(folder);
        return model.Parameters.All.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray<float>());
    }
}
