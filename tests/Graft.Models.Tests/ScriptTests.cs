using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Networks that come as TorchScript: run as they are, trained with a new head, saved as TorchScript again.</summary>
public sealed class ScriptTests : IDisposable
{
    static readonly string golden = Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchscript");
    static readonly JsonElement expected =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "expected.json"))).RootElement;
    static readonly string[] labels = ["ant", "bee", "wasp"];

    readonly TemporaryFolder folder = new();
    readonly long before = Tensor.LiveCount;

    public void Dispose()
    {
        folder.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    static string At(string name) => Path.Combine(golden, name + ".pt");

    static float[] Expected(string name) => [.. expected.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];

    /// <summary>The picture of tools/golden/torchscript.py.</summary>
    static Tensor Picture()
    {
        float[] values = new float[3 * 64 * 64];
        for (int i = 0; i < values.Length; i++) values[i] = MathF.Sin((float)(i * 0.37f));
        return Tensor.FromSpan<float>(values, [1, 3, 64, 64]);
    }

    static void AssertClose(float[] wanted, float[] found, float tolerance = 2e-4f)
    {
        Assert.Equal(wanted.Length, found.Length);
        for (int i = 0; i < wanted.Length; i++) Assert.InRange(found[i] - wanted[i], -tolerance, tolerance);
    }

    static ModelOptions ForLabels(string? layer) => new() { NewLabels = labels, HeadLayer = layer, Seed = 4 };

    static float[] Logits(ImageModel model)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        return model.Forward(Picture()).ToArray<float>();
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("softmax")]
    [InlineData("frozen")]
    public void Runs_as_it_is(string name)
    {
        using ImageModel model = ModelZoo.Open(At(name));
        AssertClose(Expected(name == "frozen" ? "tiny" : name), Logits(model));
        Assert.Equal((5, "torchscript:" + name), (model.Classes, model.FullName));
        Assert.Equal("LABEL_4", model.Labels[4]);
        Assert.Equal(224, model.Preprocess.Height);
        Assert.Contains("--preprocess FILE", model.Notes[0]);
        Assert.Equal(name == "frozen" ? 0 : 450 + 12 + 440 + 45, model.Parameters.CountWeights());
    }

    [Fact]
    public void A_head_takes_the_place_of_the_last_layer_and_is_saved_there()
    {
        float[] logits;
        using (ImageModel model = ModelZoo.Open(At("tiny"), ForLabels("fc")))
        {
            Assert.Equal((8, 3), (model.FeatureCount, model.Classes));
            Assert.Equal(["conv1", "bn1", "layer1", "head"], model.LayerGroups.Select(group => group.Name));
            Assert.All(model.Parameters.All, one => Assert.Single(model.LayerGroups, group => group.Contains(one.Name)));
            using (var scope = new TensorScope())
            using (Autograd.NoGrad())
                AssertClose(Expected("features"), model.Features(Picture()).ToArray<float>());
            logits = Logits(model);
            ModelSaver.Save(model, folder["saved"]);
            Assert.Equal(logits, Logits(model)); // saving leaves the model as it was
        }
        AssertSaved("tiny", logits);
        using ScriptModule script = ScriptModule.Open(Path.Combine(folder["saved"], "model.pt"));
        Assert.Contains("fc.weight", script.Tensors.Select(tensor => tensor.Name));
    }

    [Theory]
    [InlineData("tiny", 5)]
    [InlineData("frozen", 5)]
    [InlineData("map", 8)]
    public void A_head_comes_after_the_output_and_is_saved_with_it(string name, int features)
    {
        float[] logits;
        using (ImageModel model = ModelZoo.Open(At(name), ForLabels(null)))
        {
            Assert.Equal(features, model.FeatureCount);
            Assert.True(model.Head!.IsLinear);
            logits = Logits(model);
            ModelSaver.Save(model, folder["saved"]);
            Assert.Equal(logits, Logits(model));
        }
        AssertSaved(name, logits);
        // the saved head is replaced, not put on top of
        using ImageModel again = ModelZoo.Open(folder["saved"], ForLabels(null) with { NewLabels = ["a", "b"] });
        Assert.Equal((features, "head"), (again.FeatureCount, again.HeadPath));
        ModelSaver.Save(again, folder["again"]);
        using ScriptModule script = ScriptModule.Open(Path.Combine(folder["again"], "model.pt"));
        Assert.DoesNotContain(script.Tensors, tensor => tensor.Name.Contains("body.body"));
    }

    /// <summary>The saved folder opens with its labels, and its file gives the logits by itself.</summary>
    void AssertSaved(string name, float[] logits)
    {
        using ImageModel model = ModelZoo.Open(folder["saved"]);
        Assert.Equal(labels, model.Labels);
        Assert.Equal("torchscript:" + name, model.FullName);
        Assert.DoesNotContain(model.Notes, note => note.Contains("--preprocess"));
        AssertClose(logits, Logits(model), 1e-5f);
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        using ScriptModule script = ScriptModule.Open(Path.Combine(folder["saved"], "model.pt"));
        AssertClose(logits, script.Forward(Picture()).ToArray<float>(), 1e-5f);
    }

    [Fact]
    public void It_trains_as_in_PyTorch()
    {
        using ImageModel model = ModelZoo.Open(At("tiny"));
        model.Train();
        using var scope = new TensorScope();
        Tensor output = model.Forward(Picture());
        AssertClose(Expected("trained"), output.ToArray<float>());
        (output * output).Sum().Backward();
        Parameter weight = model.Parameters.Find("layer1.0.weight")!;
        float[] gradient = weight.Value.Grad!.ToArray<float>();
        float[] wanted = Expected("gradient");
        AssertClose(wanted, gradient[..wanted.Length], 1e-3f * wanted.Max(Math.Abs));

        // what an optimiser writes, the module computes with; kept statistics are kept
        ((IKeepsStatistics)model.Backbone).KeepsStatistics = true;
        Parameter mean = model.Parameters.Find("bn1.running_mean")!;
        float[] kept = mean.Value.ToArray<float>();
        using GradMode mode = Autograd.NoGrad();
        float[] before = model.Forward(Picture()).ToArray<float>();
        Assert.Equal(kept, mean.Value.ToArray<float>());
        weight.Value.Mul_(0.5);
        Assert.NotEqual(before, model.Forward(Picture()).ToArray<float>());
        model.Parameters.Find("fc.bias")!.Replace(Tensor.Zeros([5]));
        Assert.NotEqual(before, model.Forward(Picture()).ToArray<float>());
    }

    [Fact]
    public void Labels_and_preprocessing_stand_beside_it()
    {
        File.Copy(At("tiny"), folder["x.pt"]);
        File.WriteAllText(folder["labels.txt"], "one\ntwo\n\n three\r\nfour\nfive\n");
        Preprocess wide = Preprocess.TorchVision() with { Height = 64, Width = 96 };
        File.WriteAllText(folder["preprocessor_config.json"], wide.ToHuggingFaceJson());
        using ImageModel model = ModelZoo.Open(folder["x.pt"]);
        Assert.Equal(["one", "two", "three", "four", "five"], model.Labels);
        Assert.Equal((64, 96), (model.Preprocess.Height, model.Preprocess.Width));
        Assert.Empty(model.Notes);
        File.WriteAllText(folder["labels.txt"], "one\ntwo");
        using ImageModel other = ModelZoo.Open(folder["x.pt"]);
        Assert.Equal("LABEL_0", other.Labels[0]);
        Assert.Contains("2 lines, the model 5 outputs", Assert.Single(other.Notes));
    }

    [Theory]
    [InlineData("two_inputs", null, typeof(InvalidDataException), "missing value for argument 'y'")]
    [InlineData("pair", null, typeof(InvalidDataException), "gives a Tuple[Tensor, Tensor], expected a tensor")]
    [InlineData("boxes", null, typeof(NotSupportedException), "needs the operator torchvision::nms")]
    [InlineData("softmax", "fc", typeof(ArgumentException), "something comes after it")]
    [InlineData("tiny", "classifier", typeof(ArgumentException), "no linear layer 'classifier'; the last of those")]
    [InlineData("tiny", "conv1", typeof(ArgumentException), "no linear layer 'conv1'")]
    [InlineData("frozen", "fc", typeof(ArgumentException), "it has none at all")]
    public void What_cannot_be_used_gets_one_clear_line(string name, string? layer, Type kind, string says)
    {
        Exception error = Assert.Throws(kind, () => ModelZoo.Open(At(name), ForLabels(layer)));
        Assert.StartsWith(At(name), error.Message);
        Assert.True(error.Message.Contains(says), error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_map_has_no_logits_and_scratch_no_start()
    {
        using ImageModel map = ModelZoo.Open(At("map"));
        Assert.Equal(0, map.Classes);
        Assert.Contains("from scratch", Assert.Throws<NotSupportedException>(() => map.Start(1)).Message);
        Assert.Contains("linear head only", Assert.Throws<NotSupportedException>(() =>
            ModelZoo.Open(At("map"), ForLabels(null) with { Head = HeadKind.Mlp })).Message);
    }

    [Fact]
    public void Damage_is_one_clear_line()
    {
        byte[] whole = File.ReadAllBytes(At("tiny"));
        Random random = new(3);
        for (int i = 0; i < 60; i++)
        {
            byte[] bytes = [.. whole];
            if (i < 20) bytes = bytes[..(bytes.Length * i / 20)];
            else for (int j = 0; j < 4; j++) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder["x.pt"], bytes);
            Exception? error = Record.Exception(() => ModelZoo.Open(folder["x.pt"]).Dispose());
            if (error is null && i >= 20) continue; // in a weight, say
            Assert.True(error is InvalidDataException or NotSupportedException, $"{i}: {error?.ToString() ?? "not refused"}");
            Assert.DoesNotContain('\n', error!.Message);
        }
    }
}
