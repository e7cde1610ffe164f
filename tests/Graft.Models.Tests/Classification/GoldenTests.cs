using System.Runtime.InteropServices;
using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;
using Graft.Nn;
using Graft.Models.Classification;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Classification;

/// <summary>
/// The families against torchvision's own code at tiny widths: logits, loss, every gradient, every running statistic.
/// </summary>
public class GoldenTests
{
    public static TheoryData<string> Nets =>
    [
        "mobilenet_v2_w010", "resnet18_tiny", "resnet34_tiny", "resnet50_tiny", "resnext50_tiny", "wide_resnet50_tiny",
        "convnext_tiny", "convnext_deep", "vit_tiny", "swin_tiny", "swin_v2_tiny",
        "efficientnet_tiny", "efficientnet_v2_tiny", "mobilenet_v3_small_tiny", "mobilenet_v3_large_tiny",
        "regnet_x_tiny", "regnet_y_tiny", "squeezenet1_0_tiny", "squeezenet1_1_tiny",
    ];

    [Theory, MemberData(nameof(Nets))]
    public void Logits_gradients_and_statistics_are_torchvisions(string name)
    {
        string folder = Path.Combine(
            SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchvision", name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        JsonElement facts = document.RootElement, noise = facts.GetProperty("float_noise");
        double Tolerance(string key) => Math.Max(20 * noise.GetProperty(key).GetDouble(), 1e-5);
        using ArrayFile weights = WeightFile.Open(Path.Combine(folder, "weights.safetensors"));
        using ArrayFile expected = WeightFile.Open(Path.Combine(folder, "expected.safetensors"));
        (ModelFamily family, ModelConfig config) = Build(facts);
        long before = Tensor.LiveCount;
        using (var model = new ImageModel(family, config, Origin.TorchVision, null, Preprocess.ImageNet()))
        {
            Receipt receipt = WeightLoader.Load(model, weights, Origin.TorchVision);
            Assert.Equal(0, receipt.Count(WeightStatus.Unused) + receipt.Count(WeightStatus.Missing));
            long parameters = model.Parameters.Weights.Sum(weight => weight.Value.ElementCount);
            // torchvision's Swin V2 holds biases of keys too, which are always zero
            bool keys = facts.TryGetProperty("v2", out JsonElement v2) && v2.GetBoolean();
            if (!keys) Assert.Equal(facts.GetProperty("parameters").GetInt64(), parameters);
            NameMap names = family.Names(Origin.TorchVision, config);

            using var scope = new TensorScope();
            Tensor square = Input(expected, "input"), wide = Input(expected, "wide.input");
            using (Autograd.NoGrad())
            {
                AssertClose("eval.logits", expected, model.Forward(square), Tolerance("logits"));
                AssertClose("wide.eval.logits", expected, model.Forward(wide), Tolerance("logits"));
                using Tensor features = model.Features(square), classified = model.Classify(features);
                AssertClose("eval.logits", expected, classified, Tolerance("logits"));
                if (!model.Head!.TakesMap) Assert.Equal([2, model.FeatureCount], features.Shape);
            }
            model.Train();
            long[] labels = MemoryMarshal.Cast<byte, long>(expected.Bytes(Find(expected, "labels"))).ToArray();
            Tensor logits = model.Forward(square), loss = logits.CrossEntropy(Tensor.FromSpan<long>(labels, [labels.Length]));
            loss.Backward();
            AssertClose("train.logits", expected, logits, Tolerance("logits"));
            AssertClose("train.loss", expected, loss, Tolerance("loss"));
            float largest = model.Parameters.Weights.Max(weight => Largest(expected, "grad." + names.ToTheirs(weight.Name)));
            foreach (Parameter parameter in model.Parameters.All)
            {
                TensorPart part = Assert.Single(names.Parts(parameter.Name));
                if (parameter.IsBuffer) AssertClose("after." + part.Name, expected, parameter.Value, Tolerance("statistics"));
                else AssertClose(
                    "grad." + part.Name, expected, parameter.Value.Grad!, Tolerance("gradients"), largest * 1e-3f, part);
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    /// <summary>One of the nets with torchvision's weights, in evaluation mode, and its two square images.</summary>
    internal static (ImageModel Model, Tensor Images) Open(string name)
    {
        string folder = Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchvision", name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        using ArrayFile weights = WeightFile.Open(Path.Combine(folder, "weights.safetensors"));
        using ArrayFile expected = WeightFile.Open(Path.Combine(folder, "expected.safetensors"));
        (ModelFamily family, ModelConfig config) = Build(document.RootElement);
        Preprocess preprocess = Preprocess.TorchVision(64, 64);
        var model = new ImageModel(family, config, Origin.TorchVision, null, preprocess);
        WeightLoader.Load(model, weights, Origin.TorchVision);
        model.Evaluate();
        return (model, Input(expected, "input"));
    }

    static (ModelFamily, ModelConfig) Build(JsonElement facts)
    {
        int Int(string key) => facts.GetProperty(key).GetInt32();
        int[] Ints(string key) => [.. facts.GetProperty(key).EnumerateArray().Select(value => value.GetInt32())];
        int classes = Int("num_classes");
        switch (facts.GetProperty("family").GetString())
        {
            case "resnet":
                int expansion = Int("expansion");
                return (new ResNet(), new ResNet.Config
                {
                    Depths = Ints("layers"),
                    Widths = [.. Ints("planes").Select(width => width * expansion)],
                    Bottlenecks = [.. Ints("planes").Select(_ => expansion == 4)],
                    StemWidths = [Int("stem_channels")],
                    Groups = Int("groups"),
                    GroupWidth = Int("width_per_group"),
                    Classes = classes,
                });
            case "mobilenet_v2":
                return (new MobileNetV2(), new MobileNetV2.Config
                {
                    Stem = 8,
                    Widths = [8, 8, 8, 8, 16, 16, 32],
                    Features = Int("last_channels"),
                    Classes = classes,
                });
            case "efficientnet":
                return (new EfficientNet(), new EfficientNet().Read(Settings(facts)) with { Classes = classes });
            case "mobilenet_v3":
                return (new MobileNetV3(), new MobileNetV3().Read(Settings(facts)) with { Classes = classes });
            case "vit":
                return (new ViT(), new VisionTransformer.Config
                {
                    ImageHeight = Int("image_size"),
                    ImageWidth = Int("image_size"),
                    Patch = Int("patch_size"),
                    Depth = Int("layers"),
                    Heads = Int("heads"),
                    Width = Int("hidden_dim"),
                    Hidden = Int("mlp_dim"),
                    Resampling = Resampling.BicubicAligned,
                    Classes = classes,
                });
            case "regnet":
                return (new RegNet(), new RegNet.Config
                {
                    Depths = Ints("depths"),
                    Widths = Ints("widths"),
                    Groups = [.. Ints("widths").Select(width => width / Int("group"))],
                    Stem = Int("stem"),
                    Squeeze = facts.GetProperty("se_ratio").GetDouble(),
                    Classes = classes,
                });
            case "squeezenet":
                return (new SqueezeNet(), new SqueezeNet.Config
                {
                    Kernel = Int("kernel"),
                    Stem = Int("stem"),
                    Squeezed = Ints("squeezed"),
                    Expanded = Ints("expanded"),
                    Classes = classes,
                });
            case "swin":
                return (new Swin(), new Swin.Config
                {
                    V2 = facts.GetProperty("v2").GetBoolean(),
                    Depths = Ints("depths"),
                    Heads = Ints("heads"),
                    Width = Int("embed_dim"),
                    Windows = [.. Ints("depths").Select(_ => Int("window"))],
                    Rule = Swin.WindowRule.TorchVision,
                    Classes = classes,
                });
            default:
                var config = new ConvNeXt.Config { Depths = Ints("depths"), Widths = Ints("dims"), Classes = classes };
                return (new ConvNeXt(), config);
        }
    }

    static ConfigReader Settings(JsonElement facts) => new(facts.GetProperty("settings"), "settings");

    static ArrayEntry Find(ArrayFile file, string name) =>
        file.TryFind(name, out ArrayEntry entry) ? entry : throw new InvalidDataException($"{file.Path}: has no {name}");

    static Tensor Input(ArrayFile file, string name)
    {
        ArrayEntry entry = Find(file, name);
        return Tensor.FromArray(Array.ConvertAll(file.Bytes(entry).ToArray(), value => (value - 128) / 64f), [.. entry.Shape]);
    }

    static float Largest(ArrayFile file, string name) => file.ToSingles(Find(file, name)).Max(Math.Abs);

    static void AssertClose(
        string name, ArrayFile expected, Tensor actual, double tolerance, float atLeast = 0, TensorPart? part = null)
    {
        float[] wanted = expected.ToSingles(Find(expected, name)), found = actual.To(DType.Float32).ToArray<float>();
        if (part is { Of: > 1 } slice) wanted = wanted[(found.Length * slice.Index)..(found.Length * (slice.Index + 1))];
        Assert.Equal(wanted.Length, found.Length);
        double size = Math.Max(wanted.Max(Math.Abs), atLeast), error = 0;
        for (int i = 0; i < wanted.Length; i++) error = Math.Max(error, Math.Abs(wanted[i] - found[i]));
        Assert.True(error <= tolerance * size, $"{name}: off by {error}, at most {tolerance * size} is right");
    }
}
