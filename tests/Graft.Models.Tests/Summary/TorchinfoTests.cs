using System.Text.Json;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>
/// Totals against those that torchinfo prints for torchvision's own networks (<c>tools/golden/summary_totals.py</c>; for resnet50
/// also torchinfo's own <c>tests/test_output/resnet50.out</c>).
/// </summary>
public class TorchinfoTests
{
    public static TheoryData<string> Models() => [.. Golden().EnumerateObject().Select(model => model.Name)];

    [Theory, MemberData(nameof(Models))]
    public void Totals_are_torchinfos(string name)
    {
        JsonElement expected = Golden().GetProperty(name);
        int side = expected.GetProperty("side").GetInt32();
        using ImageModel model = Build(name);
        using Tensor images = Tensor.Zeros([1, 3, side, side]);
        ModelSummary summary = model.Summarize(images);
        Assert.Equal(expected.GetProperty("total_params").GetInt64(), summary.TotalParameters);
        Assert.Equal(expected.GetProperty("total_mult_adds").GetInt64(), summary.TotalMultAdds);
        Assert.Equal(expected.GetProperty("input_bytes").GetInt64(), summary.InputBytes);
        Assert.Equal(expected.GetProperty("forward_backward_bytes").GetInt64(), summary.ForwardBackwardBytes);
        Assert.Equal(expected.GetProperty("params_bytes").GetInt64(), summary.ParameterBytes);
        Assert.Equal(summary.TotalParameters, summary.TrainableParameters);
    }

    /// <summary>The lines below the table in torchinfo's own test of resnet50, two images of 224 x 224.</summary>
    [Fact]
    public void ResNet_50_prints_torchinfos_lines()
    {
        using ImageModel model = Build("resnet50");
        using Tensor images = Tensor.Zeros([2, 3, 224, 224]);
        string text = model.Summarize(images, training: true)
            .ToText(columnWidth: 25, columns: [SummaryColumn.OutputSize, SummaryColumn.Parameters]);
        Assert.EndsWith("""
            ├─Linear: 1-10                           [2, 1000]                 2,049,000
            ==========================================================================================
            Total params: 25,557,032
            Trainable params: 25,557,032
            Non-trainable params: 0
            Total mult-adds (G): 8.18
            ==========================================================================================
            Input size (MB): 1.20
            Forward/backward pass size (MB): 355.66
            Params size (MB): 102.23
            Estimated Total Size (MB): 459.10
            ==========================================================================================

            """.ReplaceLineEndings("\n"), text);
        Assert.Contains("│    │    └─Conv2d: 3-1                  [2, 64, 56, 56]           4,096\n", text);
    }

    /// <summary>Without drawing weights, which nothing here depends on.</summary>
    static ImageModel Build(string name)
    {
        ModelVariant variant = ModelZoo.Variants.First(variant => variant.FullName == $"torchvision:{name}");
        return new ImageModel(
            variant.Family, variant.Config with { Classes = 1000 }, Origin.TorchVision, name, variant.Preprocess);
    }

    static JsonElement Golden() => JsonDocument.Parse(
        File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "summary", "torchvision.json"))).RootElement;
}
