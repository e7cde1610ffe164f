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
        "convnext_tiny", "convnext_deep",
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
            Assert.Equal(facts.GetProperty("parameters").GetInt64(), parameters);
            NameMap names = family.Names(Origin.TorchVision, config);

            using var scope = new TensorScope();
            Tensor square = Input(expected, "input"), wide = Input(expected, "wide.input");
            using (Autograd.NoGrad())
            {
                AssertClose("eval.logits", expected, model.Forward(square), Tolerance("logits"));
                AssertClose("wide.eval.logits", expected, model.Forward(wide), Tolerance("logits"));
                using Tensor features = model.Features(square), classified = model.Classify(features);
                AssertClose("eval.logits", expected, classified, Tolerance("logits"));
                Assert.Equal([2, model.FeatureCount], features.Shape);
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
                string theirs = names.ToTheirs(parameter.Name)!;
                if (parameter.IsBuffer) AssertClose("after." + theirs, expected, parameter.Value, Tolerance("statistics"));
                else AssertClose("grad." + theirs, expected, parameter.Value.Grad!, Tolerance("gradients"), largest * 1e-3f);
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
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
            default:
                var config = new ConvNeXt.Config { Depths = Ints("depths"), Widths = Ints("dims"), Classes = classes };
                return (new ConvNeXt(), config);
        }
    }

    static ArrayEntry Find(ArrayFile file, string name) =>
        file.TryFind(name, out ArrayEntry entry) ? entry : throw new InvalidDataException($"{file.Path}: has no {name}");

    static Tensor Input(ArrayFile file, string name)
    {
        ArrayEntry entry = Find(file, name);
        return Tensor.FromArray(Array.ConvertAll(file.Bytes(entry).ToArray(), value => (value - 128) / 64f), [.. entry.Shape]);
    }

    static float Largest(ArrayFile file, string name) => file.ToSingles(Find(file, name)).Max(Math.Abs);

    static void AssertClose(string name, ArrayFile expected, Tensor actual, double tolerance, float atLeast = 0)
    {
        float[] wanted = expected.ToSingles(Find(expected, name)), found = actual.To(DType.Float32).ToArray<float>();
        Assert.Equal(wanted.Length, found.Length);
        double size = Math.Max(wanted.Max(Math.Abs), atLeast), error = 0;
        for (int i = 0; i < wanted.Length; i++) error = Math.Max(error, Math.Abs(wanted[i] - found[i]));
        Assert.True(error <= tolerance * size, $"{name}: off by {error}, at most {tolerance * size} is right");
    }
}
