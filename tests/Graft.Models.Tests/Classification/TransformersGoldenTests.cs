using Graft.Formats;
using Graft.Models.Classification;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Classification;

/// <summary>The vision transformers against transformers' own code at tiny widths, for images of several sizes.</summary>
public class TransformersGoldenTests
{
    static string Folder =>
        Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "transformers");

    public static TheoryData<string> Nets => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order()];

    [Theory, MemberData(nameof(Nets))]
    public void Logits_are_transformers(string name)
    {
        string folder = Path.Combine(Folder, name);
        using ArrayFile expected = WeightFile.Open(Path.Combine(folder, "expected.safetensors"));
        string[] inputs = [.. expected.Entries.Select(entry => entry.Name).Where(key => key.StartsWith("input."))];
        long before = Tensor.LiveCount;
        foreach (string size in inputs.Select(key => key["input.".Length..]))
        {
            using ImageModel model = ModelZoo.Open(folder);
            Assert.All(
                model.Receipt!.Entries.Where(entry => entry.Status == WeightStatus.Unused),
                entry => Assert.Matches("mask_token|post_layernorm", entry.Source));
            using var scope = new TensorScope();
            using GradMode mode = Autograd.NoGrad();
            Tensor images = Input(expected, "input." + size);
            float[] wanted = expected.ToSingles(Find(expected, "logits." + size)), found = model.Forward(images).ToArray<float>();
            AssertClose(wanted, found);

            // the positions brought to that size for good, to be trained there, say the same; and are saved so
            model.SetInputSize((int)images.Size(2), (int)images.Size(3));
            AssertClose(wanted, model.Forward(images).ToArray<float>());
            var config = (VisionTransformer.Config)model.Config;
            Assert.Equal((images.Size(2), images.Size(3)), (config.ImageHeight, config.ImageWidth));
            model.Preprocess = model.Preprocess with { Height = config.ImageHeight, Width = config.ImageWidth };
            using var saved = new TemporaryFolder();
            Assert.Equal(FolderLayout.HuggingFace, ModelSaver.Save(model, saved["again"]));
            using ImageModel again = ModelZoo.Open(saved["again"]);
            Assert.Equal(0, again.Receipt!.Count(WeightStatus.Resampled) + again.Receipt.Count(WeightStatus.Unused));
            AssertClose(wanted, again.Forward(images).ToArray<float>());
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    static ArrayEntry Find(ArrayFile file, string name) =>
        file.TryFind(name, out ArrayEntry entry) ? entry : throw new InvalidDataException($"{file.Path}: has no {name}");

    static Tensor Input(ArrayFile file, string name)
    {
        ArrayEntry entry = Find(file, name);
        return Tensor.FromArray(Array.ConvertAll(file.Bytes(entry).ToArray(), value => (value - 128) / 64f), [.. entry.Shape]);
    }

    static void AssertClose(float[] wanted, float[] found)
    {
        Assert.Equal(wanted.Length, found.Length);
        double mean = wanted.Average(), spread = Math.Sqrt(wanted.Average(value => (value - mean) * (value - mean)));
        double off = wanted.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(off <= 2e-5 * spread, $"off by {off / spread} of the spread, at most 2e-5 is right");
    }
}
