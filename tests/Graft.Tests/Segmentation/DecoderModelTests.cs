using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Tests.Segmentation;

/// <summary>A decoder on a classifier's backbone, saved and opened for use.</summary>
public class DecoderModelTests
{
    [Theory]
    [InlineData(DecoderKind.Unet)]
    [InlineData(DecoderKind.Fpn)]
    [InlineData(DecoderKind.DeepLabV3)]
    public void It_is_opened_for_use(DecoderKind kind)
    {
        using var place = new Workshop();
        var options = new ModelOptions { NewLabels = ["sky", "road", "car"], Decoder = kind, Seed = 3 };
        using ImageModel model = ModelZoo.Create("timm:mobilenetv2_035", options);
        ModelSaver.Save(model, place.Path("model"));
        using SavedModel saved = SavedModel.Open(place.Path("model"), device: "cpu", threads: 1);
        Assert.Equal(model.Labels, saved.Labels);
        Assert.Equal(model.Preprocess, saved.Preprocess);
        Assert.Equal(ProblemType.Segmentation, saved.Network.Task.Problem);
        Assert.Equal((kind, "timm:mobilenetv2_035"), (saved.Network.Config.Decoder!.Value, saved.Architecture));
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in model.Parameters.All.Where(parameter => parameter.Value.DType == DType.Float32))
            Assert.Equal(
                parameter.Value.ToArray<float>(), saved.Network.Parameters.Find(parameter.Name)!.Value.ToArray<float>());
        Tensor images = Tensor.Randn([1, 3, 45, 61]);
        model.Evaluate();
        float[] expected = model.Forward(images).ToArray<float>();
        Assert.Equal(3 * 45 * 61, expected.Length);
        // channels-last in use, where other kernels round otherwise
        float[] found = saved.Logits(images).ToArray<float>();
        Assert.Equal(0, expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs), 1e-4);
    }
}
