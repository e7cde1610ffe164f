using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Real pretrained weights: both layouts agree, and they know what they see.</summary>
public class RealWeightTests
{
    [Theory]
    [InlineData("mobilenetv2_100_timm", "mobilenet_v2_1.0_224_hf")]
    [InlineData("mobilenetv2_035_timm", "mobilenet_v2_035_hf")]
    public void Both_layouts_of_a_network_give_the_same(string timm, string huggingFace)
    {
        using ImageModel one = ModelZoo.Open(SharedFiles.Require("data/weights/" + timm));
        using ImageModel other = ModelZoo.Open(SharedFiles.Require("data/weights/" + huggingFace));
        string image = SharedFiles.Require("cases/images/bees_603711658.jpg");
        float[] left = CaseTests.Predict(one, image);
        other.Preprocess = one.Preprocess; // crops round otherwise; the networks are compared here
        float[] right = CaseTests.Predict(other, image);
        // transformers' classifier has the background first
        Assert.Equal(left, one.Classes == 1000 ? right[1..] : right);
        Assert.Equal(0, one.Receipt!.Count(WeightStatus.Unused) + other.Receipt!.Count(WeightStatus.Unused));
        if (one.Classes == 1000) Assert.Contains("bee", other.Labels[Array.IndexOf(right, right.Max())]);
        else Assert.Null(one.Head);
    }

    [Fact]
    public void A_zip_pickle_holds_the_same_as_safetensors()
    {
        string folder = SharedFiles.Require("data/weights/mobilenetv2_035_timm");
        using ImageModel one = ModelZoo.Open(folder), other = ModelZoo.Open(Path.Combine(folder, "pytorch_model.bin"));
        Assert.Equal("PyTorch (zip)", other.Receipt!.Kind);
        Assert.Equal(one.Preprocess, other.Preprocess);
        foreach (Nn.Parameter parameter in one.Parameters.All)
            Assert.True(other.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
    }

    [Theory]
    [InlineData("resnet20-12fca82f.th", 269722, 20)]
    [InlineData("resnet32-d509ac18.th", 464154, 32)]
    public void Legacy_files_are_recognised(string name, long parameters, int layers)
    {
        string path = SharedFiles.Require("data/weights/cifar/" + name);
        using ImageModel model = ModelZoo.Open(path);
        Assert.Equal($"cifar:resnet{layers}", model.FullName);
        Assert.Equal("PyTorch (legacy)", model.Receipt!.Kind);
        Assert.Equal("module.", model.Receipt.Prefix);
        Assert.Equal(parameters, model.Parameters.Weights.Sum(weight => weight.Value.ElementCount));
        Assert.Equal(10, model.Classes);
        Assert.Equal((32, 32), (model.Preprocess.Height, model.Preprocess.Width));
        Assert.StartsWith(name.Split('-')[1][..8], model.WeightsSha256);
        // its first residual network knows photographs of nothing like CIFAR's size, but answers
        Assert.Equal(10, CaseTests.Predict(model, SharedFiles.Require("cases/images/bees_603711658.jpg")).Length);
    }

    [Fact]
    public void The_architecture_can_be_told()
    {
        string path = SharedFiles.Require("data/weights/cifar/resnet20-12fca82f.th");
        using ImageModel model = ModelZoo.Open(path, new ModelOptions { Architecture = "cifar:resnet20" });
        Assert.IsType<ResNet>(model.Family);
        string message = Assert.Throws<InvalidDataException>(
            () => ModelZoo.Open(path, new ModelOptions { Architecture = "torchvision:resnet18" })).Message;
        Assert.Contains("It looks like cifar:resnet20.", message);
        message = Assert.Throws<ArgumentException>(
            () => ModelZoo.Open(path, new ModelOptions { Architecture = "cifar:resnet21" })).Message;
        Assert.Contains("Did you mean cifar:resnet20", message);
    }

    [Fact]
    public void SqueezeNet_knows_what_it_sees()
    {
        const string Picture = "cases/images/bees_603711658.jpg";
        string photographs = SharedFiles.Require("data/hymenoptera/val");
        string weights = SharedFiles.Require("data/weights/squeezenet1_0_torchvision/model.safetensors");
        long live = Tensor.LiveCount;
        using (ImageModel model = ModelZoo.Open(weights))
        {
            Assert.Equal("torchvision:squeezenet1_0", model.FullName);
            Assert.Equal(1_248_424, model.Parameters.Weights.Sum(weight => weight.Value.ElementCount));
            float[] logits = CaseTests.Predict(model, SharedFiles.Require(Picture));
            List<string> labels = [.. PublishedWeights.ImageNetLabels];
            Assert.Equal("bee", labels[Array.IndexOf(logits, logits.Max())]);
            // 94% of all photographs are told apart by these two logits
            int right = 0, ant = labels.IndexOf("ant"), bee = labels.IndexOf("bee");
            foreach (string kind in (ReadOnlySpan<string>)["ants", "bees"])
                foreach (string path in Directory.GetFiles(Path.Combine(photographs, kind)).Order().Take(15))
                {
                    float[] found = CaseTests.Predict(model, path);
                    right += found[ant] > found[bee] == (kind == "ants") ? 1 : 0;
                }
            Assert.InRange(right, 27, 30);
            model.ReplaceHead(["ant", "bee"], seed: 3);
            float[] started = CaseTests.Predict(model, SharedFiles.Require(Picture));
            Assert.Equal(2, started.Length);
            Assert.All(started, value => Assert.True(value >= 0)); // a rectified map's mean
        }
        Assert.Equal(live, Tensor.LiveCount);
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused()
    {
        string path = SharedFiles.Require("data/weights/squeezenet1_0_torchvision/model.safetensors");
        long live = Tensor.LiveCount;
        Assert.Contains("incomplete", Assert.Throws<InvalidDataException>(
            () => ModelZoo.Open(path, new ModelOptions { Architecture = "resnet18" })).Message);
        Assert.Equal(live, Tensor.LiveCount);
    }
}
