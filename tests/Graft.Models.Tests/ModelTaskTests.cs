using System.Text.Json;
using System.Text.Json.Nodes;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>What outputs mean, through saving and opening in each layout.</summary>
public class ModelTaskTests
{
    static readonly string[] labels = ["ant", "bee", "cat"];

    static ImageModel Tiny(Origin origin, HeadKind head = HeadKind.Own) => ModelZoo.Create(
        ModelZoo.Families.First(family => family is ResNet), new ResNet.Config
        {
            Depths = [1, 1],
            Widths = [8, 8],
            Bottlenecks = [false, false],
            StemWidths = [8],
            Head = head,
        }, origin, Preprocess.TorchVision(32, 32), labels, seed: 3);

    static JsonNode ConfigOf(TemporaryFolder folder) => JsonNode.Parse(File.ReadAllText(folder["saved/config.json"]))!;

    [Theory]
    [InlineData(Origin.HuggingFace, HeadKind.Own, FolderLayout.HuggingFace)]
    [InlineData(Origin.HuggingFace, HeadKind.Mlp, FolderLayout.Graft)]
    public void SeveralLabelsAndNumbersAreSaved(Origin origin, HeadKind head, FolderLayout layout)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = Tiny(origin, head);
        Assert.Equal(ProblemType.SingleLabel, model.Task.Problem);
        Assert.Equal(layout, ModelSaver.Save(model, folder["saved"]));
        Assert.Null(ConfigOf(folder)["problem_type"]);

        model.Task = new ModelTask { Problem = ProblemType.MultiLabel, Thresholds = [0.25, 0.5, 0.875] };
        ModelSaver.Save(model, folder["saved"]);
        JsonNode config = ConfigOf(folder);
        Assert.Equal("multi_label_classification", (string)config["problem_type"]!);
        Assert.Equal(labels, config["id2label"]!.AsObject().Select(pair => (string)pair.Value!));
        Assert.Equal(["0", "1", "2"], config["id2label"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal([0, 1, 2], labels.Select(label => (int)config["label2id"]![label]!));
        using (ImageModel again = ModelZoo.Open(folder["saved"]))
        {
            Assert.Equal(ProblemType.MultiLabel, again.Task.Problem);
            Assert.Equal([0.25, 0.5, 0.875], again.Task.Thresholds!);
            again.ReplaceHead(["x", "y"]);
            Assert.Equal(new ModelTask(), again.Task);
        }
        using (ImageModel other = ModelZoo.Open(folder["saved"], new ModelOptions { NewLabels = ["x", "y"] }))
            Assert.Equal(new ModelTask(), other.Task);

        model.Task = new ModelTask { Problem = ProblemType.Regression };
        ModelSaver.Save(model, folder["saved"]);
        Assert.Equal("regression", (string)ConfigOf(folder)["problem_type"]!);
        using (ImageModel again = ModelZoo.Open(folder["saved"])) Assert.Equal(ProblemType.Regression, again.Task.Problem);
    }

    [Fact]
    public void TimmsFolderHasThemBesideItsOwn()
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = ModelZoo.Create("timm:resnet18", labels, seed: 1);
        model.Task = new ModelTask { Problem = ProblemType.MultiLabel, Thresholds = [0.1, 0.2, 0.3] };
        ModelSaver.SaveTimm(model, folder["saved"]);
        using ImageModel again = ModelZoo.Open(folder["saved"]);
        Assert.Equal(ProblemType.MultiLabel, again.Task.Problem);
        Assert.Equal([0.1, 0.2, 0.3], again.Task.Thresholds!);
    }

    [Fact]
    public void ATemperatureIsSavedInEveryLayout()
    {
        using var folder = new TemporaryFolder();
        foreach ((Origin origin, HeadKind head) in ((Origin, HeadKind)[])
            [(Origin.HuggingFace, HeadKind.Own), (Origin.HuggingFace, HeadKind.Mlp), (Origin.Timm, HeadKind.Own)])
        {
            using ImageModel model = Tiny(origin, head);
            model.Task = new ModelTask { Temperature = 1.75 };
            ModelSaver.Save(model, folder["saved"]);
            Assert.Equal(1.75, (double)ConfigOf(folder)["graft"]!["temperature"]!);
            using ImageModel again = ModelZoo.Open(folder["saved"]);
            Assert.Equal(model.Task, again.Task);
        }
        using (ImageModel timm = ModelZoo.Create("timm:resnet18", labels, seed: 1))
        {
            timm.Task = new ModelTask { Temperature = 0.5 };
            ModelSaver.SaveTimm(timm, folder["timm"]);
        }
        using ImageModel opened = ModelZoo.Open(folder["timm"]);
        Assert.Equal(0.5, opened.Task.Temperature);
        using ImageModel other = ModelZoo.Open(folder["saved"], new ModelOptions { NewLabels = ["x", "y"] });
        Assert.Null(other.Task.Temperature);
    }

    [Theory]
    [InlineData("temperature", "0", "expected a number from 0.001")]
    [InlineData("temperature", "\"hot\"", "expected a number from 0.001")]
    [InlineData("problem_type", "\"several\"", "expected single_label_classification")]
    [InlineData("thresholds", "[0.5, 0.5]", "expected 3, one for each label, found 2")]
    [InlineData("thresholds", "[0.5, 0.5, 7]", "expected a list of numbers from 0 to 1")]
    public void WhatMakesNoSenseIsRefused(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = Tiny(Origin.HuggingFace);
        model.Task = new ModelTask { Problem = ProblemType.MultiLabel, Thresholds = [0.25, 0.5, 0.875] };
        ModelSaver.Save(model, folder["saved"]);
        JsonNode config = ConfigOf(folder);
        JsonNode place = key is "thresholds" or "temperature" ? config["graft"]! : config;
        place[key] = JsonNode.Parse(value);
        File.WriteAllText(folder["saved/config.json"], config.ToJsonString(new JsonSerializerOptions()));
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ModelZoo.Open(folder["saved"])).Message);
    }

    [Theory]
    [InlineData(HeadKind.Own)]
    [InlineData(HeadKind.Mlp)]
    public void TheUnitsOfNumbersAreFoldedIntoTheHead(HeadKind head)
    {
        long before = Tensor.LiveCount;
        using (ImageModel model = Tiny(Origin.HuggingFace, head))
        using (new TensorScope())
        using (Autograd.NoGrad())
        {
            model.Evaluate();
            float[] pixels = [.. Enumerable.Range(0, 2 * 3 * 32 * 32).Select(i => MathF.Sin(i * 0.37f))];
            Tensor images = Tensor.FromArray(pixels, [2, 3, 32, 32]);
            float[] factors = [100, 0.5f, 1], means = [200, 0.5f, 7];
            float[] plain = model.Forward(images).ToArray<float>();
            model.OutputScale = OutputScale.Of([[100, 0, 7], [300, 1, 7]]);
            Assert.Equal(means, model.OutputScale.Mean);
            Assert.Equal(factors, model.OutputScale.Deviation);
            float[] scaled = model.Forward(images).ToArray<float>();
            model.FoldOutputScale();
            Assert.Null(model.OutputScale);
            float[] folded = model.Forward(images).ToArray<float>();
            for (int i = 0; i < plain.Length; i++)
            {
                float expected = plain[i] * factors[i % 3] + means[i % 3];
                Assert.Equal(expected, scaled[i], 1e-3f);
                Assert.Equal(expected, folded[i], 1e-3f);
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void AHeadWithoutABiasCannotHaveUnits()
    {
        using ImageModel model = Tiny(Origin.HuggingFace, HeadKind.FastAi);
        Assert.False(model.Head!.EndsLinear);
        model.OutputScale = new OutputScale([1, 1, 1], [2, 2, 2]);
        Assert.Throws<NotSupportedException>(model.FoldOutputScale);
    }
}
