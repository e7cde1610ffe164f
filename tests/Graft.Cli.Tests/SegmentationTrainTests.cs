using System.Text.Json;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;
using Graft.Models.Segmentation;

namespace Graft.Cli.Tests;

/// <summary><c>graft train</c> on images with masks.</summary>
public sealed class SegmentationTrainTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_trains_on_a_folder_of_images_and_masks()
    {
        string data = Data(), model = Network(), run = folder.Path("run");
        (int code, string output, string error) = Shell.Run(
            "train", data, "--model", model, "--mode", "full", "--epochs", "2", "--batch-size", "2", "--crop", "24,32",
            "--scale", "0.8,1.25", "--class-cap", "0.9", "--loss", "ce+0.5*dice", "--balance", "median",
            "--schedule", "poly", "--aux-lr", "10", "--metrics", "fwiou",
            "--train-statistics", "--device", "cpu", "--precision", "fp32", "--out", run);
        Assert.True(code == ExitCode.Success, error);
        Assert.Contains("24x32 px", output);
        Assert.Contains("miou 0.", output);
        Assert.Contains("fwiou 0.", output);
        Assert.Contains("best epoch", output);
        Assert.Contains("mean IoU 0.", output);
        Assert.Contains("pixel accuracy 0.", output);
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        JsonElement job = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "job.json"))).RootElement;
        JsonElement settings = job.GetProperty("segmentation");
        Assert.Equal(24, settings.GetProperty("crop").GetProperty("height").GetInt32());
        Assert.Equal(0.9, settings.GetProperty("class_cap").GetDouble());
    }

    [Theory]
    [InlineData("--crop: expected H,W, such as 480,480, got '480'", "--crop", "480")]
    [InlineData("--scale: expected 2 numbers", "--scale", "2")]
    [InlineData("scale: expected two factors above 0, the lesser first", "--scale", "2,0.5")]
    [InlineData("--decoder: expected one of unet, fpn, deeplabv3, got 'segnet'", "--decoder", "segnet")]
    [InlineData("--aux and --no-aux exclude each other", "--aux", "--no-aux")]
    [InlineData("--loss: expected one of crossentropy", "--loss", "ce+hinge")]
    [InlineData("alpha=NUMBER", "--loss", "tversky:gamma=2")]
    [InlineData("--class-cap: expected a number from 0.01 to 1, got '2'", "--class-cap", "2")]
    [InlineData("Did you mean median?", "--balance", "medain")]
    public void A_wrong_command_line_is_told(string expected, params string[] arguments)
    {
        (int code, string output, string error) = Shell.Run(["train", "data", "--model", "m", .. arguments]);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void What_is_for_whole_images_is_refused()
    {
        (int code, string _, string error) = Shell.Run("train", Data(), "--model", Network(), "--cutmix", "1", "--device", "cpu");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("masks have none", error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    string Data()
    {
        foreach ((string part, int count) in ((string, int)[])[("train", 8), ("val", 2)])
            for (int i = 0; i < count; i++)
            {
                using var image = new Image(40, 32);
                using var mask = new IndexMask(40, 32);
                for (int at = 0; at < 40 * 32; at++)
                {
                    bool isLit = at % 40 > 10 + i && at / 40 > 8;
                    mask.Values[at] = (ushort)(isLit ? 1 : 0);
                    image.Rgb[at * 3] = (byte)(isLit ? 200 : 30);
                }
                Save(ImageCodec.EncodePng(image), part, "images", i);
                Save(MaskCodec.EncodePng(mask), part, "masks", i);
            }
        return folder.Path("data");
    }

    void Save(byte[] bytes, string part, string kind, int number)
    {
        string place = Path.Combine(folder.Path("data"), part, kind);
        Directory.CreateDirectory(place);
        File.WriteAllBytes(Path.Combine(place, $"{number}.png"), bytes);
    }

    string Network()
    {
        var whole = (Fcn.Config)ModelZoo.Variants.First(one => one.Name == "fcn_resnet50").Config;
        var trunk = (ResNet.Config)whole.Trunk.Config;
        Fcn.Config config = whole with
        {
            Trunk = whole.Trunk with { Config = trunk with { Depths = [1, 1, 1, 1], Widths = [8, 8, 16, 16] } },
            Auxiliary = true,
        };
        using ImageModel model = ModelZoo.Create(
            new Fcn(), config, Origin.TorchVision, Preprocess.TorchVisionSegmentation(64), ["x", "y", "z"], seed: 3);
        ModelSaver.Save(model, folder.Path("fcn"));
        return folder.Path("fcn");
    }
}
