using System.Text.Json;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Cli.Tests;

public sealed class ExplainCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_overlay_lies_beside_the_picture_as_the_network_saw_it()
    {
        string model = Model(), photo = Photo(), target = folder.Path("why.png");
        (int code, string output, string error) = Shell.Run(
            "explain", model, photo, "--out", target, "--class", "ant", "--device", "cpu");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("class      ant (", output);
        Assert.DoesNotContain("heat       none", output);
        Assert.Contains("method     Grad-CAM", output);
        using Image both = ImageCodec.Load(target);
        using Image alone = Overlay(model, photo, 0.65), bare = Overlay(model, photo, 0);
        Assert.Equal((32 * 2 + 8, 32), (both.Width, both.Height));
        Assert.Equal((32, 32), (alone.Width, alone.Height));
        using Image left = both.Crop(0, 0, 32, 32), right = both.Crop(40, 0, 32, 32);
        Assert.True(left.Rgb.SequenceEqual(bare.Rgb)); // without opacity: the picture itself
        Assert.True(right.Rgb.SequenceEqual(alone.Rgb));
        Assert.False(left.Rgb.SequenceEqual(right.Rgb));
    }

    [Fact]
    public void Json_has_the_heat_as_numbers()
    {
        string target = folder.Path("out.png");
        (int code, string output, _) = Shell.Run(
            "explain", Model(), Photo(), "--class", "1", "--format", "json", "--out", target, "--device", "cpu");
        Assert.Equal(ExitCode.Success, code);
        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal("gradcam", json.GetProperty("method").GetString());
        Assert.Equal("Käfer", json.GetProperty("class").GetString());
        Assert.Equal(1, json.GetProperty("index").GetInt32());
        Assert.Equal(target, json.GetProperty("out").GetString());
        JsonElement heat = json.GetProperty("heat");
        Assert.Equal((2, 2), (heat.GetArrayLength(), heat[0].GetArrayLength())); // 32 / 16
        Assert.InRange(json.GetProperty("probability").GetDouble(), 0, json.GetProperty("predicted_probability").GetDouble());
    }

    [Fact]
    public void What_cannot_be_is_said_and_nothing_is_written()
    {
        string model = Model(), photo = Photo(), target = folder.Path("out.png");
        (int code, _, string error) = Shell.Run("explain", model, photo, "--class", "Kafer", "--out", target, "--device", "cpu");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Käfer", error);
        (code, _, error) = Shell.Run("explain", model, photo, "--method", "rollout", "--out", target, "--device", "cpu");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("Grad-CAM", error);
        (code, _, error) = Shell.Run("explain", model, folder.Path("no.png"), "--out", target, "--device", "cpu");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("no.png", error);
        (code, _, _) = Shell.Run("explain", model, photo, "--opacity", "1.5", "--out", target);
        Assert.Equal(ExitCode.Usage, code);
        Assert.False(File.Exists(target));
    }

    Image Overlay(string model, string photo, double opacity)
    {
        string target = folder.Path($"overlay-{(int)(opacity * 100)}.png");
        string cover = FormattableString.Invariant($"{opacity}");
        Assert.Equal(ExitCode.Success, Shell.Run("explain", model, photo, "--class", "ant", "--out", target, "--view", "overlay",
            "--opacity", cover, "--device", "cpu").Code);
        return ImageCodec.Load(target);
    }

    string Photo()
    {
        using Image image = new(50, 40);
        for (int i = 0; i < image.Rgb.Length; i++) image.Rgb[i] = (byte)(i * 7 % 251);
        string path = folder.Path("photo.png");
        File.WriteAllBytes(path, ImageCodec.EncodePng(image));
        return path;
    }

    string Model()
    {
        var config = new ResNet.Config
        {
            Depths = [1, 1, 1],
            Widths = [8, 16, 24],
            Bottlenecks = [false, false, false],
            StemWidths = [8],
        };
        using ImageModel model = ModelZoo.Create(
            new ResNet(), config, Origin.Timm, Preprocess.TorchVision(cropSize: 32, resizeSize: 36), ["ant", "Käfer"], seed: 3);
        ModelSaver.Save(model, folder.Path("model"));
        return folder.Path("model");
    }
}
