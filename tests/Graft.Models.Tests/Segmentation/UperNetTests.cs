using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Models.Segmentation;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

/// <summary>UPerNet against transformers' own code at tiny widths, and how it is opened, saved and trained.</summary>
public class UperNetTests
{
    static string Folder => Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "upernet");

    public static TheoryData<string> Nets => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order()];

    [Theory, MemberData(nameof(Nets))]
    public void Logits_are_transformers(string name)
    {
        string folder = Path.Combine(Folder, name);
        using ArrayFile expected = WeightFile.Open(Path.Combine(folder, "expected.safetensors"));
        long before = Tensor.LiveCount;
        using (var saved = new TemporaryFolder())
        using (ImageModel model = ModelZoo.Open(folder))
        {
            Assert.Equal("upernet", model.Family.Name);
            Assert.True(model.IsSegmentation);
            Assert.Equal(name != "convnext_alone", model.HasAuxiliary);
            Assert.All(
                model.Receipt!.Entries.Where(entry => entry.Status == WeightStatus.Unused),
                entry => Assert.StartsWith("backbone.swin.layernorm.", entry.Source));
            Assert.Equal((512, 512, ResizeMode.Exact),
                (model.Preprocess.Height, model.Preprocess.Width, model.Preprocess.ResizeMode));
            CheckLogits(model, expected);

            // saved as transformers has it, and opened again
            Assert.Equal(FolderLayout.HuggingFace, ModelSaver.Save(model, saved["again"]));
            using ImageModel again = ModelZoo.Open(saved["again"]);
            Assert.Equal(model.Family.Signature(model.Config), model.Family.Signature(again.Config));
            Assert.Equal(0, again.Receipt!.Count(WeightStatus.Unused) + again.Receipt.Count(WeightStatus.Missing));
            CheckLogits(again, expected);

            // by its names and shapes alone, which do not tell the scales of its pools
            if (name == "convnext_other") return;
            File.Delete(Path.Combine(saved["again"], "config.json"));
            using ImageModel plain = ModelZoo.Open(saved["again"]);
            Assert.Equal("upernet", plain.Family.Name);
            Assert.Equal(model.Parameters.All.Count, plain.Parameters.All.Count);
            if (name != "swin") CheckLogits(plain, expected); // nor how large images were
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    static void CheckLogits(ImageModel model, ArrayFile expected)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        foreach (ArrayEntry entry in expected.Entries.Where(entry => entry.Name.StartsWith("input.", StringComparison.Ordinal)))
        {
            string size = entry.Name["input.".Length..];
            Tensor images = Tensor.FromArray(
                Array.ConvertAll(expected.Bytes(entry).ToArray(), value => (value - 128) / 64f), [.. entry.Shape]);
            SegmentationLogits logits = model.Segment(images);
            AssertClose(expected, "logits." + size, logits.Out);
            AssertClose(expected, "logits." + size, model.Forward(images));
            if (logits.Auxiliary is { } auxiliary) AssertClose(expected, "auxiliary." + size, auxiliary);
        }
    }

    static void AssertClose(ArrayFile expected, string key, Tensor found)
    {
        Assert.True(expected.TryFind(key, out ArrayEntry entry), key);
        Assert.Equal([.. entry.Shape], found.Shape);
        float[] wanted = expected.ToSingles(entry), ours = found.ToArray<float>();
        double mean = wanted.Average(), spread = Math.Sqrt(wanted.Average(value => (value - mean) * (value - mean)));
        double off = wanted.Zip(ours, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(off <= 2e-5 * spread, $"{key}: off by {off / spread} of the spread, at most 2e-5 is right");
    }

    [Theory]
    [InlineData("convnext")]
    [InlineData("swin")]
    public void New_classes_replace_both_heads_and_every_weight_learns(string name)
    {
        using ImageModel model = ModelZoo.Open(
            Path.Combine(Folder, name), new ModelOptions { NewLabels = ["a", "b"], Seed = 5 });
        Assert.Equal(4, model.Receipt!.Count(WeightStatus.Started));
        Assert.Equal(["decoder", "head"], model.LayerGroups.TakeLast(2).Select(group => group.Name));
        foreach (Parameter parameter in model.Parameters.All)
            Assert.Single(model.LayerGroups, group => group.Contains(parameter.Name));
        model.Train();
        using var scope = new TensorScope();
        Engine.ManualSeed(2);
        SegmentationLogits logits = model.Segment(Tensor.Randn([1, 3, 64, 48]));
        Assert.Equal([1, 2, 64, 48], logits.Out.Shape);
        Assert.Equal([1, 2, 64, 48], logits.Auxiliary!.Shape);
        (logits.Out.Square().Mean() + logits.Auxiliary.Square().Mean()).Backward();
        foreach (Parameter weight in model.Parameters.Weights)
        {
            Assert.True(weight.Value.Grad is not null, $"{weight.Name} has no gradient");
            Assert.True(float.IsFinite(weight.Value.Grad!.Norm().Item<float>()), $"{weight.Name}'s gradient is not finite");
        }
        foreach (Parameter buffer in model.Parameters.All.Where(one => one.IsBuffer && one.Shape.Length > 0))
            Assert.True(float.IsFinite(buffer.Value.Norm().Item<float>()), $"{buffer.Name} is not finite");
    }

    [Fact]
    public void The_auxiliary_head_can_be_left_out()
    {
        using ImageModel model = ModelZoo.Open(Path.Combine(Folder, "swin"), new ModelOptions { Auxiliary = false });
        Assert.False(model.HasAuxiliary);
        using ArrayFile expected = WeightFile.Open(Path.Combine(Folder, "swin", "expected.safetensors"));
        CheckLogits(model, expected);
    }

    [Fact]
    public void Backbones_that_it_has_not_are_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        string text = File.ReadAllText(Path.Combine(Folder, "convnext", "config.json"));
        File.Copy(Path.Combine(Folder, "convnext", "model.safetensors"), Path.Combine(folder["model"], "model.safetensors"));
        void Write(string from, string to) =>
            File.WriteAllText(Path.Combine(folder["model"], "config.json"), text.Replace(from, to));
        Write("\"model_type\": \"convnext\"", "\"model_type\": \"resnet\"");
        Assert.Contains("resnet", Assert.Throws<NotSupportedException>(() => ModelZoo.Open(folder["model"])).Message);
        Write("\"stage1\",\n      \"stage2\"", "\"stage2\"");
        Assert.Contains("out_features", Assert.Throws<NotSupportedException>(() => ModelZoo.Open(folder["model"])).Message);
        Write("\"auxiliary_in_channels\": null", "\"auxiliary_in_channels\": 7");
        Assert.Contains("auxiliary_in_channels", Assert.ThrowsAny<Exception>(() => ModelZoo.Open(folder["model"])).Message);
    }

    [Fact]
    public void Swin_shifts_its_windows_whatever_the_size()
    {
        var config = new Swin.Config
        {
            Depths = [2],
            Heads = [1],
            Width = 8,
            Windows = [7],
            Rule = Swin.WindowRule.HuggingFaceAlwaysPartition,
        };
        Assert.Equal(new ShiftedWindows(7, 7, 3, 3), Swin.Cut(config, 0, shifts: true, (4, 5), (4, 5)));
        Assert.Equal(new ShiftedWindows(7, 7, 0, 0), Swin.Cut(config, 0, shifts: false, (4, 5), (4, 5)));
    }
}
