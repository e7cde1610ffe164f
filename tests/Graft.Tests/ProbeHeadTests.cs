using Graft.Models;
using Graft.Models.Classification;
using Graft.Torch;

namespace Graft.Tests;

public class ProbeHeadTests
{
    [Fact]
    public void Folded_into_a_model_it_computes_the_same_from_raw_features()
    {
        var config = new ResNet.Config { Depths = [1], Widths = [16], Bottlenecks = [false], StemWidths = [8] };
        using ImageModel model = ModelZoo.Create(
            new ResNet(), config, Origin.Timm, Imaging.Preprocess.TorchVision(32, 36), ["a", "b", "c"], seed: 1);
        var random = new Random(4);
        float[] mean = [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() * 8 - 4)];
        float[] deviation = [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() * 3 + 0.05f)];
        using var head = new ProbeHead(3, mean, deviation);
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        foreach (Nn.Parameter parameter in head.Parameters) parameter.Value.Normal_();

        Tensor raw = Tensor.Randn([7, 16]) * Tensor.FromArray(deviation, [16]) + Tensor.FromArray(mean, [16]); // [N, D]
        Tensor standardised = (raw - Tensor.FromArray(mean, [16])) / Tensor.FromArray(deviation, [16]);
        float[] expected = head.Forward(standardised).ToArray<float>();
        head.FoldInto(model);
        float[] actual = model.Classify(raw).ToArray<float>();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-4f);
    }

    [Fact]
    public void At_first_every_class_is_as_probable_as_any_other()
    {
        using var head = new ProbeHead(2, new float[4], [1, 1, 1, 1]);
        using var scope = new TensorScope();
        Assert.All(head.Forward(Tensor.Randn([3, 4])).ToArray<float>(), logit => Assert.Equal(0, logit));
    }
}
