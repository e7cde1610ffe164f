using System.Text.Json;
using Graft.Tests;

namespace Graft.Imaging.Tests;

/// <summary>The network's input, end to end from the image file, against what the original libraries made of it.</summary>
public class CaseTests
{
    [Theory]
    [InlineData("hf/convnext")]
    [InlineData("hf/dinov2")]
    [InlineData("hf/efficientnet")]
    [InlineData("hf/mobilenet_v2")]
    [InlineData("hf/resnet_basic")]
    [InlineData("hf/segformer_seg")]
    [InlineData("hf/swin")]
    [InlineData("hf/vit")]
    [InlineData("flax/vit")]
    [InlineData("timm/convnext_tiny_tinyargs")]
    [InlineData("timm/mobilenetv2_035")]
    [InlineData("timm/mobilenetv3_small_050")]
    [InlineData("timm/test_efficientnet")]
    [InlineData("timm/test_resnet")]
    [InlineData("timm/test_vit")]
    public void PixelValuesAreTheOrigins(string name)
    {
        string folder = SharedFiles.Require("cases/" + name);
        string images = SharedFiles.Require("cases/images");
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        Preprocess preprocess = name.StartsWith("timm", StringComparison.Ordinal)
            ? Preprocess.FromTimm(config.RootElement.GetProperty("pretrained_cfg"))
            : Preprocess.FromHuggingFace(
                File.ReadAllText(
                    Path.Combine(folder, "preprocessor_config.json")), config.RootElement.GetProperty("model_type").GetString());
        Assert.Equal(preprocess, Preprocess.FromHuggingFace(preprocess.ToHuggingFaceJson()));

        int checkedImages = 0;
        foreach (string list in new[] { "results", "extra_results" })
        {
            if (!expected.RootElement.TryGetProperty(list, out JsonElement results)) continue;
            foreach (JsonElement result in results.EnumerateArray())
            {
                string file = result.GetProperty("image").GetString()!;
                bool upright = result.TryGetProperty("exif_transposed", out JsonElement transposed) && transposed.GetBoolean();
                using Image image = ImageCodec.Load(Path.Combine(images, file), ignoreOrientation: !upright);
                float[] values = new float[3 * preprocess.Height * preprocess.Width];
                preprocess.Apply(image, values);
                Compare($"{name} {file}", result.GetProperty("pixel_values_sha_like"), preprocess, values);
                checkedImages++;
            }
        }
        Assert.True(checkedImages >= 3);
    }

    static void Compare(string what, JsonElement expected, Preprocess preprocess, float[] values)
    {
        JsonElement shape = expected.GetProperty("shape");
        Assert.Equal((3, preprocess.Height, preprocess.Width), (shape[0].GetInt32(), shape[1].GetInt32(), shape[2].GetInt32()));
        Same("first8", values.AsSpan(0, 8));
        Same("last8", values.AsSpan(^8));
        int plane = preprocess.Height * preprocess.Width;
        int center = preprocess.Height / 2 * preprocess.Width + preprocess.Width / 2;
        Same("center_rgb", [values[center], values[plane + center], values[2 * plane + center]]);
        double mean = values.Average(value => (double)value);
        double std = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(expected.GetProperty("mean").GetDouble(), mean, 1e-6);
        Assert.Equal(expected.GetProperty("std").GetDouble(), std, 1e-6);

        void Same(string key, ReadOnlySpan<float> actual)
        {
            JsonElement list = expected.GetProperty(key);
            for (int i = 0; i < actual.Length; i++)
            {
                float wanted = list[i].GetSingle();
                Assert.True(
                    Math.Abs(wanted - actual[i]) <= float.BitIncrement(Math.Abs(wanted)) - Math.Abs(wanted),
                    $"{what}: {key}[{i}]: expected {wanted:R}, got {actual[i]:R}");
            }
        }
    }
}
