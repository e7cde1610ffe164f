using System.Text.Json;
using Graft.Imaging;
using Graft.Models;

namespace Graft.Cli.Tests;

/// <summary>What <c>graft predict</c> and <c>graft evaluate</c> make of a segmentation model.</summary>
public sealed class SegmentationCommandTests : IDisposable
{
    static readonly string[] labels = ["sky", "road", "a \"sign\", old"];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Masks_colours_overlays_and_probabilities_are_written_below_their_folders()
    {
        string model = Model(), photos = Photos();
        string found = folder.Path("found");
        (int code, string output, string error) = Shell.Run(
            "predict", model, photos, "--out", found, "--save", "masks,colors,overlays,probabilities", "--device", "cpu",
            "--format", "json");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Equal(
            [
                "colors/a.png", "colors/deep/a.png", "masks/a.png", "masks/deep/a.png", "overlays/a.png", "overlays/deep/a.png",
                "probabilities/a.npy", "probabilities/deep/a.npy",
            ],
            Directory.GetFiles(found, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(found, file)).Order());
        JsonElement first = JsonDocument.Parse(output).RootElement[0];
        Assert.Equal((40, 30), (first.GetProperty("width").GetInt32(), first.GetProperty("height").GetInt32()));
        Assert.False(first.TryGetProperty("logits_map", out _));
        long[] counts = new long[labels.Length];
        foreach (JsonElement one in first.GetProperty("classes").EnumerateArray())
        {
            counts[one.GetProperty("index").GetInt32()] = one.GetProperty("pixels").GetInt64();
            Assert.Equal(labels[one.GetProperty("index").GetInt32()], one.GetProperty("label").GetString());
        }
        Assert.Equal(40 * 30, counts.Sum());
        using IndexMask mask = MaskEncoding.DecodeStored(File.ReadAllBytes(Path.Combine(found, "masks/a.png")))!;
        for (int k = 0; k < labels.Length; k++) Assert.Equal(counts[k], mask.Pixels.Count((ushort)k));
        using Image colors = ImageCodec.Load(Path.Combine(found, "colors/a.png"));
        RgbColor expected = MaskPalette.Voc(mask.Pixels[5]);
        Assert.Equal([expected.Red, expected.Green, expected.Blue], colors.Rgb.Slice(15, 3).ToArray());
        using Image overlay = ImageCodec.Load(Path.Combine(found, "overlays/a.png"));
        Assert.True(overlay.Height > 30); // the legend
        Assert.Equal(128 + 4 * 3 * 30 * 40, new FileInfo(Path.Combine(found, "probabilities/a.npy")).Length);
    }

    [Fact]
    public void Logits_come_at_the_models_own_resolution()
    {
        (int code, string output, string error) = Shell.Run(
            "predict", Model(), Path.Combine(Photos(), "a.png"), "--format", "json", "--logits", "--device", "cpu");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        JsonElement map = JsonDocument.Parse(output).RootElement[0].GetProperty("logits_map");
        int[] shape = [.. map.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];
        Assert.Equal([3, 520, 693], shape); // the shorter side is brought to 520, the longer follows
        Assert.Equal(3 * 520 * 693, map.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public void Tables_say_how_much_of_a_picture_is_of_each_class_and_name_what_cannot_be_read()
    {
        string model = Model(), photos = Photos();
        File.WriteAllText(Path.Combine(photos, "b.png"), "no picture");
        (int code, string output, string error) = Shell.Run("predict", model, photos, "--format", "csv", "--device", "cpu");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("b.png", error);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal("image,rank,label,pixels,share", lines[0]);
        Assert.Contains(lines, line => line.Contains(",1,"));
        Assert.DoesNotContain(lines, line => line.Contains("b.png"));
        foreach (string line in lines.Where(line => line.Contains("sign")))
            Assert.Contains(",\"a \"\"sign\"\", old\",", line);
    }

    [Fact]
    public void Windows_scales_and_mirrors_are_taken()
    {
        (int code, string output, string error) = Shell.Run(
            "predict", Model(), Path.Combine(Photos(), "a.png"), "--window", "256", "--overlap", "0.5", "--scales", "0.25,0.5",
            "--tta", "flip", "--device", "cpu");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        // the pixels of all classes come to those of the picture
        Assert.Equal(40 * 30, output.TrimEnd().Split('\n').Skip(1).Sum(line =>
            long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], out long pixels) ? pixels : 0));
    }

    [Theory]
    [InlineData("give --out FOLDER too", "--save", "masks")]
    [InlineData("--overlap says", "--overlap", "0.5")]
    [InlineData("'shadows'", "--out", "x", "--save", "shadows")]
    [InlineData("--scales: expected numbers", "--scales", "1,two")]
    [InlineData("scales: expected from 0.1 to 8", "--scales", "100")]
    [InlineData("--tta flip", "--tta", "3")]
    [InlineData("--calibrate", "--calibrate")]
    public void What_makes_no_sense_is_refused_before_anything_is_written(string part, params string[] options)
    {
        string photo = Path.Combine(Photos(), "a.png");
        (int code, string output, string error) = Shell.Run(
            ["predict", Model(), photo, "--device", "cpu", .. options.Select(word => word == "x" ? folder.Path("x") : word)]);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(part, error);
        Assert.False(Directory.Exists(folder.Path("x")));
    }

    [Fact]
    public void Options_of_segmentation_are_refused_for_a_classifier()
    {
        string model = folder.Path("classifier");
        using (ImageModel small = ModelZoo.Create("timm:mobilenetv2_035", ["a", "b"]))
            ModelSaver.Save(small, model);
        (int code, _, string error) = Shell.Run("predict", model, Photos(), "--out", folder.Path("x"), "--device", "cpu");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--out is for segmentation models", error);
        (code, _, error) = Shell.Run("evaluate", model, Photos(), "--window", "64", "--device", "cpu");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--window is for segmentation models", error);
    }

    [Fact]
    public void Evaluation_counts_pixels_at_full_size()
    {
        string model = Model(), data = folder.Path("data");
        string photos = Photos("data/images");
        Directory.Delete(Path.Combine(photos, "deep"), recursive: true);
        Directory.CreateDirectory(folder.Path("data", "masks"));
        (int code, string output, string error) = Shell.Run(
            "predict", model, photos, "--out", folder.Path("found"), "--device", "cpu", "--save", "masks");
        Assert.Equal(ExitCode.Success, code);
        // the truth is what the model says, but for the first row, which is ignored, and the second, which is another class
        using IndexMask truth = MaskEncoding.DecodeStored(File.ReadAllBytes(folder.Path("found", "masks", "a.png")))!;
        truth.Row(0).Fill(IndexMask.Ignore);
        foreach (ref ushort value in truth.Row(1)) value = (ushort)((value + 1) % 3);
        File.WriteAllBytes(folder.Path("data", "masks", "a.png"), MaskCodec.EncodePng(truth));
        File.WriteAllText(folder.Path("data", "classes.json"), JsonSerializer.Serialize(new
        {
            classes = labels.Select((name, index) => new { index, name }),
        }));
        (code, output, error) = Shell.Run("evaluate", model, data, "--part", "all", "--format", "json", "--device", "cpu",
            "--out", folder.Path("scores.json"));
        Assert.Equal(ExitCode.Success, code);
        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(29 * 40, json.GetProperty("pixels").GetInt64());
        Assert.Equal(28 / 29.0, json.GetProperty("pixel_accuracy").GetDouble(), 12);
        Assert.Equal(28 / 29.0, json.GetProperty("samples")[0].GetProperty("pixel_accuracy").GetDouble(), 12);
        Assert.Equal(output, File.ReadAllText(folder.Path("scores.json")));
        (code, output, _) = Shell.Run("evaluate", model, data, "--part", "all", "--device", "cpu");
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("pixel accuracy          0.9655", output);
        Assert.Contains("boundary F", output);
    }

    string Model()
    {
        string path = folder.Path("model");
        using ImageModel model = ModelZoo.Create("torchvision:lraspp_mobilenet_v3_large", labels, seed: 3);
        ModelSaver.Save(model, path);
        return path;
    }

    string Photos(string name = "photos")
    {
        foreach (string place in (ReadOnlySpan<string>)["a.png", "deep/a.png"])
        {
            using var image = new Image(40, 30);
            var random = new Random(place.Length);
            random.NextBytes(image.Rgb);
            string path = folder.Path(name, place);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, ImageCodec.EncodePng(image));
        }
        return folder.Path(name);
    }
}
