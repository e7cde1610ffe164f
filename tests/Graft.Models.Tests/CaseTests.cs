using System.Text.Json;
using Graft.Imaging;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Models in their origins' own formats give the logits of the original code, from the image file on.</summary>
public class CaseTests
{
    public static TheoryData<string> Cases =>
    [
        "hf/convnext", "hf/dinov2", "hf/efficientnet", "hf/mobilenet_v2", "hf/resnet_basic", "hf/swin", "hf/vit", "flax/vit",
        "timm/convnext_tiny_tinyargs", "timm/mobilenetv2_035", "timm/mobilenetv3_small_050", "timm/test_efficientnet",
        "timm/test_resnet", "timm/test_vit",
    ];

    [Theory, MemberData(nameof(Cases))]
    public void Logits_are_the_originals(string name)
    {
        string folder = SharedFiles.Require("cases/" + name), images = SharedFiles.Require("cases/images");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        JsonElement root = expected.RootElement;
        double spread = root.GetProperty("logit_std").GetDouble();
        double tolerance = Math.Min(1e-4 * spread, root.GetProperty("tolerance_abs").GetDouble());
        long before = Tensor.LiveCount;
        using (ImageModel model = ModelZoo.Open(folder))
        {
            long parameters = model.Parameters.Weights.Sum(weight => weight.Value.ElementCount);
            // what stands for masked patches in pretraining is no use here
            ReceiptEntry[] unused = [.. model.Receipt!.Entries.Where(entry => entry.Status == WeightStatus.Unused)];
            Assert.All(unused, entry => Assert.EndsWith("mask_token", entry.Source));
            parameters += unused.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size));
            Assert.Equal(root.GetProperty("num_params").GetInt64(), parameters);
            foreach (JsonElement result in Results(root))
            {
                float[] wanted = [.. result.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
                bool ignore = !result.TryGetProperty("exif_transposed", out JsonElement transposed) || !transposed.GetBoolean();
                float[] logits = Predict(model, Path.Combine(images, result.GetProperty("image").GetString()!), ignore);
                Assert.Equal(wanted.Length, logits.Length);
                double difference = wanted.Zip(logits, (a, b) => Math.Abs(a - b)).Max();
                string image = result.GetProperty("image").GetString()!;
                Assert.True(difference <= tolerance, $"{image}: off by {difference}, at most {tolerance} is right");
                if (result.TryGetProperty("top1_label", out JsonElement label) && label.ValueKind == JsonValueKind.String)
                    Assert.Equal(label.GetString(), model.Labels[Array.IndexOf(logits, logits.Max())]);
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Logits_of_every_pixel_are_the_originals()
    {
        string folder = SharedFiles.Require("cases/hf/segformer_seg"), images = SharedFiles.Require("cases/images");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        JsonElement root = expected.RootElement;
        double spread = root.GetProperty("logit_std").GetDouble();
        double tolerance = Math.Min(1e-4 * spread, root.GetProperty("tolerance_abs").GetDouble());
        long before = Tensor.LiveCount;
        using (ImageModel model = ModelZoo.Open(folder))
        {
            Assert.Equal((true, false, 5), (model.IsSegmentation, model.HasAuxiliary, model.Classes));
            Assert.Equal(root.GetProperty("num_params").GetInt64(), model.Parameters.Weights.Sum(w => w.Value.ElementCount));
            foreach (JsonElement result in Results(root))
            {
                JsonElement map = result.GetProperty("logits_map");
                float[] logits = Predict(model, Path.Combine(images, result.GetProperty("image").GetString()!));
                int[] shape = [.. map.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
                Assert.Equal([5, 32, 32], shape);
                Assert.Equal(5 * 32 * 32, logits.Length);
                foreach (JsonElement sample in map.GetProperty("samples").EnumerateArray())
                {
                    int At(string key) => sample.GetProperty(key).GetInt32();
                    float found = logits[(At("c") * 32 + At("y")) * 32 + At("x")];
                    Assert.Equal(sample.GetProperty("value").GetDouble(), found, tolerance);
                }
                Assert.Equal(map.GetProperty("mean").GetDouble(), logits.Average(value => (double)value), tolerance);
            }
            // with gradients layers are run one by one
            using var scope = new TensorScope();
            Tensor image = Tensor.Randn([1, 3, 128, 96]);
            float[] one = model.Forward(image).ToArray<float>(), other;
            using (Autograd.NoGrad()) other = model.Forward(image).ToArray<float>();
            Assert.Equal(0, one.Zip(other, (a, b) => Math.Abs(a - b)).Max(), tolerance);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    static IEnumerable<JsonElement> Results(JsonElement root) => root.GetProperty("results").EnumerateArray().Concat(
        root.TryGetProperty("extra_results", out JsonElement more) ? more.EnumerateArray() : []);

    internal static float[] Predict(ImageModel model, string path, bool ignoreOrientation = false)
    {
        using Image image = ImageCodec.Load(path, ignoreOrientation);
        Preprocess preprocess = model.Preprocess;
        float[] pixels = new float[3 * preprocess.Height * preprocess.Width];
        preprocess.Apply(image, pixels);
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        using Tensor input = Tensor.FromSpan<float>(pixels, [1, 3, preprocess.Height, preprocess.Width]);
        return model.Forward(input).ToArray<float>();
    }
}
