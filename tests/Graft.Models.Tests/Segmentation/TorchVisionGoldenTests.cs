using System.Text.Json;
using Graft.Formats;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

/// <summary>
/// torchvision's segmentation networks at their real sizes, with random weights and random statistics: the logits of both heads
/// and the gradient of every weight are those of torchvision's own code.
/// </summary>
public class TorchVisionGoldenTests
{
    const int Classes = 7, Height = 65, Width = 97;

    public static TheoryData<string> Nets => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)!)];

    static string Folder => Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "segmentation");

    [Theory, MemberData(nameof(Nets))]
    public void Logits_and_gradients_are_torchvisions(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name, "facts.json")));
        JsonElement facts = document.RootElement;
        using ArrayFile expected = WeightFile.Open(Path.Combine(Folder, name, "expected.safetensors"));
        ModelVariant variant = ModelZoo.FindVariant("torchvision:" + name);
        long before = Tensor.LiveCount;
        using (var model = new ImageModel(
            variant.Family, variant.Config with { Classes = Classes }, variant.Origin, null, variant.Preprocess))
        using (var scope = new TensorScope())
        {
            Assert.True(model.IsSegmentation);
            Assert.Equal(facts.GetProperty("parameters").GetInt64(), model.Parameters.Weights.Sum(w => w.Value.ElementCount));
            DrawnWeights.Draw(model, Origin.TorchVision);
            model.Evaluate();
            Tensor images = Tensor.FromArray(
                DrawnWeights.Uniform("image", 2 * 3 * Height * Width, -2, 2), [2, 3, Height, Width]);
            using (Autograd.NoGrad())
            {
                SegmentationLogits plain = model.Segment(images); // normalisations are folded into convolutions
                AssertClose(expected, "out", plain.Out);
                Assert.Equal(model.HasAuxiliary, plain.Auxiliary is not null);
                if (plain.Auxiliary is { } side) AssertClose(expected, "aux", side);
                Assert.Equal(plain.Out.ToArray<float>(), model.Forward(images).ToArray<float>());
            }
            SegmentationLogits logits = model.Segment(images);
            AssertClose(expected, "out", logits.Out);
            long[] labels = [.. DrawnWeights.Uniform("labels", 2 * Height * Width, 0, Classes).Select(value => (long)value)];
            Tensor targets = Tensor.FromSpan<long>(labels, [2, Height, Width]);
            Tensor loss = logits.Out.CrossEntropy(targets);
            if (logits.Auxiliary is { } auxiliary) loss += auxiliary.CrossEntropy(targets) * 0.5;
            loss.Backward();
            float wanted = expected.ToSingles(expected.Entries.First(entry => entry.Name == "loss"))[0];
            Assert.Equal(wanted, loss.Item<float>(), wanted * 1e-5);
            NameMap names = variant.Family.Names(Origin.TorchVision, model.Config);
            foreach (Parameter weight in model.Parameters.Weights)
            {
                double norm = facts.GetProperty("gradients").GetProperty(names.ToTheirs(weight.Name)!).GetDouble();
                Assert.Equal(norm, weight.Value.Grad!.Norm().Item<float>(), Math.Max(norm * 1e-3, 1e-7));
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory, InlineData("fcn_resnet50"), InlineData("deeplabv3_resnet50"), InlineData("deeplabv3_mobilenet_v3_large")]
    public void Without_the_auxiliary_head_the_main_one_is_the_same(string name)
    {
        using ArrayFile expected = WeightFile.Open(Path.Combine(Folder, name, "expected.safetensors"));
        ModelVariant variant = ModelZoo.FindVariant("torchvision:" + name);
        using var model = new ImageModel(
            variant.Family, variant.Config with { Classes = Classes, Auxiliary = false }, variant.Origin, null,
            variant.Preprocess);
        using var scope = new TensorScope();
        Assert.False(model.HasAuxiliary);
        DrawnWeights.Draw(model, Origin.TorchVision);
        model.Evaluate();
        using GradMode mode = Autograd.NoGrad();
        Tensor images = Tensor.FromArray(
            DrawnWeights.Uniform("image", 2 * 3 * Height * Width, -2, 2), [2, 3, Height, Width]);
        SegmentationLogits logits = model.Segment(images);
        Assert.Null(logits.Auxiliary);
        AssertClose(expected, "out", logits.Out);
    }

    /// <summary>Within 1e-4 of the spread, at every eighth pixel both ways.</summary>
    static void AssertClose(ArrayFile expected, string key, Tensor logits)
    {
        float[] Values(string name) => expected.ToSingles(expected.Entries.First(entry => entry.Name == name));
        float[] wanted = Values(key), found;
        Assert.Equal([2, Classes, Height, Width], logits.Shape);
        using (Tensor rows = logits.Slice(2, 0, Height, 8))
        using (Tensor pixels = rows.Slice(3, 0, Width, 8))
        using (Tensor whole = pixels.Contiguous())
            found = whole.ToArray<float>();
        Assert.Equal(wanted.Length, found.Length);
        double spread = Values(key + ".std")[0], error = 0;
        for (int i = 0; i < wanted.Length; i++) error = Math.Max(error, Math.Abs(wanted[i] - found[i]));
        Assert.True(error <= 1e-4 * spread, $"{key}: off by {error / spread:G3} of the spread");
    }
}
