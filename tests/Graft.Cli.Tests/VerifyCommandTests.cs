using System.Text.Json;
using System.Text.Json.Nodes;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;
using Graft.Models.Segmentation;

namespace Graft.Cli.Tests;

public sealed class VerifyCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public VerifyCommandTests()
    {
        using ImageModel model = ModelZoo.Create(
            new ResNet(), new ResNet.Config
            {
                Depths = [1, 1],
                Widths = [8, 16],
                Bottlenecks = [false, false],
                StemWidths = [4],
            }, Origin.TorchVision, Preprocess.TorchVision(32, 36), ["ant", "bee", "fly", "<b>gnat</b>", "moth", "wasp"], seed: 3);
        ModelSaver.Save(model, Model);
        Directory.CreateDirectory(folder.Path("photos"));
        for (int i = 0; i < 2; i++)
        {
            using Image image = new(40 + 8 * i, 44);
            new Random(i).NextBytes(image.Rgb);
            File.WriteAllBytes(folder.Path("photos", $"{i}.png"), ImageCodec.EncodePng(image));
        }
    }

    string Model => folder.Path("model");

    string Recording => folder.Path("expected.json");

    public void Dispose() => folder.Dispose();

    /// <summary>Records what the model itself says, changed by <paramref name="change"/>.</summary>
    void Record(Action<JsonArray>? change = null)
    {
        (int code, string output, _) = Shell.Run("predict", Model, folder.Path("photos"), "--logits", "--format", "json");
        Assert.Equal(ExitCode.Success, code);
        JsonArray entries = JsonNode.Parse(output)!.AsArray();
        foreach (JsonNode? entry in entries) entry!["image"] = "photos/" + Path.GetFileName(entry["image"]!.GetValue<string>());
        change?.Invoke(entries);
        File.WriteAllText(Recording, entries.ToJsonString());
    }

    static void Add(JsonNode? entry, int k, float difference) =>
        entry!["logits"]![k] = entry["logits"]![k]!.GetValue<float>() + difference;

    (int Code, JsonElement Result) Verify(params string[] more)
    {
        (int code, string output, string error) =
            Shell.Run(["verify", Model, "--against", Recording, "--format", "json", .. more]);
        Assert.Equal("", error);
        return (code, JsonDocument.Parse(output).RootElement);
    }

    [Fact]
    public void What_predict_records_is_verified()
    {
        Record();
        (int code, string output, string error) = Shell.Run("verify", Model, "--against", Recording);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("photos/0.png", output);
        Assert.Contains("same   5 of 5  ok\n", output);
        Assert.EndsWith("the same: all 2 within 1e-4 of the spread\n", output);

        (code, JsonElement result) = Verify();
        Assert.Equal(ExitCode.Success, code);
        Assert.True(result.GetProperty("passed").GetBoolean());
        // another batch size is another order of additions, no more
        Assert.InRange(result.GetProperty("largest_share_of_spread").GetDouble(), 0, 1e-5);
    }

    [Fact]
    public void A_difference_fails_and_says_how_large_it_is()
    {
        Record(entries => Add(entries[1], 2, 0.5f));
        (int code, JsonElement result) = Verify();
        Assert.Equal(ExitCode.Failure, code);
        JsonElement[] images = [.. result.GetProperty("images").EnumerateArray()];
        Assert.True(images[0].GetProperty("passed").GetBoolean());
        Assert.False(images[1].GetProperty("passed").GetBoolean());
        Assert.Equal(0.5, images[1].GetProperty("max_difference").GetDouble(), 1e-3);
        double spread = result.GetProperty("spread").GetDouble();
        Assert.Equal(0.5 / spread, images[1].GetProperty("share_of_spread").GetDouble(), 1e-3);
        Assert.Equal("unknown", images[1].GetProperty("side").GetString());
        Assert.Equal(ExitCode.Success, Verify("--tolerance", $"{1 / spread:0.0}").Code);
    }

    [Fact]
    public void Pixels_tell_on_which_side_a_difference_lies()
    {
        float mean = 0;
        using (Image image = ImageCodec.Load(folder.Path("photos", "0.png")))
        {
            float[] pixels = new float[3 * 32 * 32];
            Preprocess.TorchVision(32, 36).Apply(image, pixels);
            mean = pixels.Average();
        }
        Record(entries =>
        {
            for (int i = 0; i < 2; i++) Add(entries[i], 0, 1);
            entries[0]!["pixels"] = new JsonObject { ["mean"] = mean };
            entries[1]!["pixels"] = new JsonObject { ["mean"] = 0.3, ["first8"] = new JsonArray(0.1, 0.2) };
        });
        (int code, JsonElement result) = Verify();
        Assert.Equal(ExitCode.Failure, code);
        Assert.Equal(["network", "preprocessing"],
            result.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("side").GetString()));
        Assert.EndsWith("1 in preprocessing, 1 in the network", result.GetProperty("verdict").GetString());
    }

    [Fact]
    public void The_page_has_pictures_and_both_sides_and_no_markup_of_others()
    {
        Record(entries => Add(entries[0], 3, 40));
        string page = folder.Path("report.html");
        Assert.Equal(ExitCode.Failure, Verify("--html", page).Code);
        string html = File.ReadAllText(page);
        Assert.Equal(2, html.Split("src=\"data:image/jpeg;base64,").Length - 1);
        Assert.Contains("&lt;b&gt;gnat&lt;/b&gt;", html);
        Assert.DoesNotContain("<b>gnat", html);
        Assert.DoesNotContain("http", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains(">different<", html);
        Assert.Contains(">same<", html);
        int worst = html.IndexOf("photos/0.png", StringComparison.Ordinal);
        Assert.InRange(worst, 0, html.IndexOf("photos/1.png", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_number_of_classes_and_an_unreadable_image_fail_with_the_reason()
    {
        Record(entries => entries[0]!["logits"]!.AsArray().RemoveAt(5));
        File.WriteAllText(folder.Path("photos", "1.png"), "not a picture");
        (int code, JsonElement result) = Verify();
        Assert.Equal(ExitCode.Failure, code);
        string[] errors = [.. result.GetProperty("images").EnumerateArray()
            .Select(image => image.GetProperty("error").GetString()!)];
        Assert.Equal("recorded are 5 logits, and the model has 6", errors[0]);
        Assert.NotEmpty(errors[1]);
    }

    [Fact]
    public void Images_are_looked_for_where_they_are_said_to_be()
    {
        Record(entries =>
        {
            foreach (JsonNode? entry in entries) entry!["image"] = Path.GetFileName(entry["image"]!.GetValue<string>());
        });
        (int code, _, string error) = Shell.Run("verify", Model, "--against", Recording);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("Name the folder of the images with --images.", error);
        Assert.Equal(ExitCode.Success, Verify("--images", folder.Path("photos")).Code);
        // wrapped as other tools do it
        File.WriteAllText(Recording, $$"""{"results": {{File.ReadAllText(Recording)}}}""");
        Assert.Equal(ExitCode.Success, Verify("--images", folder.Path("photos")).Code);
    }

    [Theory]
    [InlineData("[", "not valid JSON")]
    [InlineData("{}", "expected a list of images with their logits")]
    [InlineData("[]", "expected at least one image")]
    [InlineData("[3]", "entry 1: expected an object")]
    [InlineData("""[{"image": "photos/0.png"}]""", "expected logits, found none: graft predict --logits --format json writes")]
    [InlineData("""[{"image": "photos/0.png", "logits": [1, "2"]}]""", "expected a list of numbers")]
    [InlineData("""[{"image": "photos/0.png", "logits": {}}]""", "expected a list of numbers, found {}")]
    public void A_file_that_is_no_recording_is_refused_in_one_line(string json, string expected)
    {
        File.WriteAllText(Recording, json);
        (int code, string output, string error) = Shell.Run("verify", Model, "--against", Recording);
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    /// <summary>torchvision's kind, whose size follows the image's, and SegFormer's, at a quarter of a fixed size.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Logits_of_every_pixel_are_verified_pixel_by_pixel(bool free)
    {
        var trunk = new ResNet.Config
        {
            Depths = [1, 1],
            Widths = [8, 16],
            Bottlenecks = [false, false],
            StemWidths = [4],
        };
        (ModelFamily family, ModelConfig config) = free
            ? ((ModelFamily)new Fcn(), (ModelConfig)new Fcn.Config { Trunk = new Trunk(new ResNet(), trunk) })
            : (new SegFormer(), new SegFormer.Config { Decodes = true, Widths = [8, 12, 20, 16], DecoderWidth = 12 });
        Preprocess preprocess = free ? Preprocess.TorchVisionSegmentation(32)
            : Preprocess.FromHuggingFace("""{"size": 64}""", "segformer");
        Directory.Delete(Model, recursive: true);
        using (ImageModel model = ModelZoo.Create(
            family, config, free ? Origin.TorchVision : Origin.HuggingFace, preprocess, ["road", "tree", "sky"], seed: 3))
            ModelSaver.Save(model, Model);
        Record();
        (int code, JsonElement result) = Verify();
        Assert.Equal(ExitCode.Success, code);
        Assert.All(result.GetProperty("images").EnumerateArray(), image =>
            Assert.Equal(1, image.GetProperty("same_pixels").GetDouble()));

        Record(entries =>
        {
            JsonNode map = entries[0]!["logits_map"]!;
            int plane = map["shape"]![1]!.GetValue<int>() * map["shape"]![2]!.GetValue<int>();
            for (int k = 0; k < 3; k++) map["data"]![k * plane + k] = 1000f; // one of them was of another class
        });
        (code, result) = Verify("--html", folder.Path("page.html"));
        Assert.Equal(ExitCode.Failure, code);
        double[] shares =
            [.. result.GetProperty("images").EnumerateArray().Select(one => one.GetProperty("same_pixels").GetDouble())];
        Assert.True(shares[0] is < 1 and > 0.9 && shares[1] == 1);
        Assert.Contains("of the pixels have the same class", File.ReadAllText(folder.Path("page.html")));

        Record(entries => entries[0]!["logits_map"]!["shape"]![1] = 1);
        (code, _, string error) = Shell.Run("verify", Model, "--against", Recording);
        Assert.NotEqual(ExitCode.Success, code);
        Assert.Contains("logits_map", error);
    }

    [Theory]
    [InlineData("hf/segformer_seg")]
    [InlineData("hf/convnext")]
    [InlineData("timm/test_resnet")]
    public void Recordings_of_the_original_code_are_verified(string name)
    {
        string model = Graft.Tests.SharedFiles.Require("cases/" + name);
        string images = Graft.Tests.SharedFiles.Require("cases/images");
        string recording = Path.Combine(model, "expected.json");
        (int code, string output, string error) = Shell.Run("verify", model, "--against", recording, "--images", images);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("the same: all", output);
    }
}
