using System.Text.Json;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Cli.Tests;

public sealed class CompareCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Models_are_compared_in_a_table_in_json_and_in_a_report()
    {
        string[] words = ["compare", Photos(), "--models", $"{Model("first", 3)}, {Model("second", 4)}", "--folds", "3",
            "--device", "cpu", "--batch-size", "4"];
        (int code, string output, _) = Shell.Run([.. words, "--out", folder.Path("table")]);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("12 images of 2 classes, 3 folds", output);
        Assert.Contains("linear probe", output);
        Assert.DoesNotContain("fine-tuned", output);
        Assert.True(File.Exists(folder.Path("table", "report.html")));
        (code, output, _) = Shell.Run([.. words, "--out", folder.Path("json"), "--format", "json"]);
        Assert.Equal(ExitCode.Success, code);
        JsonElement models = JsonDocument.Parse(output).RootElement.GetProperty("models");
        Assert.Equal(2, models.GetArrayLength());
        Assert.Equal(3, models[1].GetProperty("knn").GetProperty("k").GetArrayLength());
    }

    [Theory]
    [InlineData("compare photos", "--models A,B,C is missing")]
    [InlineData("compare photos --models a,b --budget 10", "--budget: expected a time above 0 such as 90s, 10m or 2h, got '10'")]
    [InlineData("compare photos --models a,b --budget 0m", "--budget: expected a time above 0")]
    [InlineData("compare photos --models a,a", "expected each once, came 'a' twice")]
    [InlineData("compare photos --models a --folds 1", "--folds: expected a whole number of at least 2")]
    [InlineData("train photos --model m --monitor best", "expected one of accuracy")]
    [InlineData("train photos --model m --metrics f1:big", "expected macro, micro")]
    [InlineData("evaluate m photos --metrics f2", "expected one of accuracy")]
    [InlineData("predict m photo.jpg --min-confidence 2", "--min-confidence: expected a number from 0 to 1")]
    public void Mistakes_are_misuse(string line, string message)
    {
        (int code, _, string error) = Shell.Run(line.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error);
    }

    string Photos()
    {
        var random = new Random(1);
        foreach (string name in (string[])["dark", "light"])
            for (int i = 0; i < 6; i++)
            {
                using Image image = new(40, 40);
                for (int at = 0; at < image.Rgb.Length; at++)
                    image.Rgb[at] = (byte)(random.Next(100) + (name == "light" ? 150 : 0));
                Directory.CreateDirectory(folder.Path("photos", name));
                File.WriteAllBytes(folder.Path("photos", name, $"{i}.png"), ImageCodec.EncodePng(image));
            }
        return folder.Path("photos");
    }

    string Model(string name, ulong seed)
    {
        using ImageModel model = ModelZoo.Create(
            new ResNet(), new ResNet.Config
            {
                Depths = [1, 1],
                Widths = [8, 16],
                Bottlenecks = [false, false],
                StemWidths = [4],
            }, Origin.TorchVision, Preprocess.TorchVision(32, 36), ["a", "b"], seed);
        ModelSaver.Save(model, folder.Path(name));
        return folder.Path(name);
    }
}
