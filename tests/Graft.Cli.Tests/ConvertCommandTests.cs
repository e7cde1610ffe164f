using System.Text.Json;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Cli.Tests;

public sealed class ConvertCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public ConvertCommandTests()
    {
        using ImageModel model = ModelZoo.Create(
            new ResNet(), new ResNet.Config
            {
                Depths = [1, 1, 1, 1],
                Widths = [8, 8, 16, 16],
                Bottlenecks = [false, false, false, false],
                StemWidths = [64],
            }, Origin.HuggingFace, Preprocess.TorchVision(32, 36), ["ant", "bee"], seed: 3);
        ModelSaver.Save(model, Source);
        using Image image = new(40, 44);
        new Random(1).NextBytes(image.Rgb);
        File.WriteAllBytes(folder.Path("photo.png"), ImageCodec.EncodePng(image));
    }

    string Source => folder.Path("model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_goes_to_timm_and_back_to_the_byte_and_gives_the_same_logits()
    {
        (int code, string output, string error) =
            Shell.Run("convert", Source, "--to", "timm", "--out", folder.Path("timm"), "--format", "json");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        JsonElement result = JsonDocument.Parse(output).RootElement;
        Assert.Equal("timm", result.GetProperty("to").GetString());
        Assert.Equal("resnet18", result.GetProperty("architecture").GetString());
        Assert.Equal(["model.safetensors", "config.json", "preprocessor_config.json"],
            result.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.Equal(0, result.GetProperty("notes").GetArrayLength());
        Assert.Equal($"timm.create_model('local-dir:{folder.Path("timm")}', pretrained=True)",
            result.GetProperty("open").GetString());
        Assert.Equal(Logits(Source), Logits(folder.Path("timm")));

        (code, output, _) = Shell.Run("convert", folder.Path("timm"), "--to", "huggingface", "--out", folder.Path("back"));
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("as hf:ResNetForImageClassification\n", output);
        Assert.Equal(
            File.ReadAllBytes(folder.Path("model", "model.safetensors")),
            File.ReadAllBytes(folder.Path("back", "model.safetensors")));
    }

    string Logits(string model)
    {
        (int code, string output, _) = Shell.Run("predict", model, folder.Path("photo.png"), "--logits", "--format", "json");
        Assert.Equal(ExitCode.Success, code);
        return output;
    }

    [Fact]
    public void What_cannot_be_is_one_line_and_nothing_is_written()
    {
        (int code, string output, string error) =
            Shell.Run("convert", Source, "--to", "torchvision", "--out", folder.Path("tv"));
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.StartsWith("graft: hf:resnet: torchvision cannot build such a network: it has resnet18, ", error);
        Assert.False(Path.Exists(folder.Path("tv")));

        Assert.Equal(ExitCode.Success, Shell.Run("convert", Source, "--to", "timm", "--out", folder.Path("timm")).Code);
        (code, _, error) = Shell.Run("convert", Source, "--to", "timm", "--out", folder.Path("timm"));
        Assert.Equal(ExitCode.Failure, code);
        Assert.EndsWith("holds something already. --force replaces the model's files in it.\n", error);
        string[] forced = ["convert", Source, "--to", "timm", "--out", folder.Path("timm"), "--force"];
        Assert.Equal(ExitCode.Success, Shell.Run(forced).Code);

        Assert.Equal(
            (ExitCode.Usage, "", "graft: convert: --to: expected one of huggingface, timm, torchvision, got 'tim'. " +
                "Did you mean timm? See graft convert --help.\n"),
            Shell.Run("convert", Source, "--to", "tim", "--out", folder.Path("x")));
    }
}
