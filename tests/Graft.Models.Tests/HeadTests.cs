using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Heads, pools and input channels other than the origin's.</summary>
public class HeadTests
{
    static readonly string[] labels = ["ant", "bee", "cat"];

    static ImageModel Tiny(Func<ModelConfig, ModelConfig> change)
    {
        var config = new ConvNeXt.Config { Depths = [1, 1], Widths = [8, 12], Classes = 3 };
        return ModelZoo.Create(
            ModelZoo.Families.First(family => family is ConvNeXt), change(config), Origin.Timm, Preprocess.TorchVision(32, 32),
            labels, seed: 3);
    }

    public static TheoryData<PoolKind, HeadKind, int> Kinds => new()
    {
        { PoolKind.Own, HeadKind.Own, 12 },
        { PoolKind.Own, HeadKind.Linear, 12 },
        { PoolKind.Own, HeadKind.Mlp, 12 },
        { PoolKind.Own, HeadKind.FastAi, 24 },
        { PoolKind.Average, HeadKind.FastAi, 12 },
        { PoolKind.Max, HeadKind.Linear, 12 },
        { PoolKind.Concat, HeadKind.Linear, 24 },
        { PoolKind.Token, HeadKind.Linear, 12 },
        { PoolKind.Gem, HeadKind.Mlp, 12 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trains_saves_and_opens(PoolKind pool, HeadKind head, int features)
    {
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        using (ImageModel model = Tiny(config => config with { Pool = pool, Head = head, Dropout = 0.2 }))
        using (var scope = new TensorScope())
        {
            Assert.Equal(features, model.FeatureCount);
            Tensor images = Tensor.Randn([4, 3, 32, 32]);
            model.Train();
            Tensor logits = model.Forward(images);
            Assert.Equal([4, 3], logits.Shape);
            logits.CrossEntropy(Tensor.FromSpan<long>([0, 2, 1, 0], [4])).Backward();
            foreach (Parameter parameter in model.Parameters.Weights)
                Assert.True(parameter.Value.Grad is not null, $"{parameter.Name} has no gradient");
            model.Evaluate();
            using GradMode mode = Autograd.NoGrad();
            float[] expected = model.Forward(images).ToArray<float>();
            ModelSaver.Save(model, folder["saved"]);
            using ImageModel again = ModelZoo.Open(folder["saved"]);
            Assert.Equal((pool, head), (again.Config.Pool, again.Config.Head == HeadKind.Own ? head : again.Config.Head));
            Assert.Equal(expected, again.Forward(images).ToArray<float>());
            Assert.Equal(labels, again.Labels);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Pools_are_what_they_say()
    {
        // the last norm would hide what the pool does: it is taken before it
        using ImageModel average = Tiny(config => (ConvNeXt.Config)config with { NormBeforePool = true });
        using ImageModel largest = Same(average, PoolKind.Max), both = Same(average, PoolKind.Concat);
        using ImageModel gem = Same(average, PoolKind.Gem);
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor images = Tensor.Randn([2, 3, 32, 32]);
        Tensor map = average.Backbone.Map(images); // [N, C, h, w]
        (int channels, int pixels) = ((int)map.Size(1), (int)(map.Size(2) * map.Size(3)));
        float[] values = map.Contiguous().ToArray<float>();
        float[] means = average.Features(images).ToArray<float>(), tops = largest.Features(images).ToArray<float>();
        float[] powers = gem.Features(images).ToArray<float>(), sides = both.Features(images).ToArray<float>();
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < channels; c++)
            {
                float[] one = values[((n * channels + c) * pixels)..((n * channels + c + 1) * pixels)];
                int at = n * channels + c;
                Assert.Equal(one.Average(), means[at], 1e-5);
                Assert.Equal(one.Max(), tops[at], 1e-6);
                Assert.Equal(Math.Cbrt(one.Average(value => Math.Pow(Math.Max(value, 1e-6), 3))), powers[at], 1e-4);
                Assert.Equal(means[at], sides[n * 2 * channels + c], 1e-6);
                Assert.Equal(tops[at], sides[(n * 2 + 1) * channels + c], 1e-6);
            }
    }

    static ImageModel Same(ImageModel model, PoolKind pool)
    {
        ImageModel other = ModelZoo.Create(
            model.Family, model.Config with { Pool = pool }, model.Origin, model.Preprocess, labels, seed: 3);
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in model.Parameters.All)
            if (!model.IsOfHead(parameter.Name)) other.Parameters.Find(parameter.Name)!.Value.Copy_(parameter.Value);
        return other;
    }

    [Fact]
    public void Fastai_head_has_fastai_layers()
    {
        using ImageModel model = Tiny(config => config with { Head = HeadKind.FastAi });
        string[] shapes = [.. model.Parameters.Weights.Where(parameter => model.IsOfHead(parameter.Name))
            .Select(parameter => $"{parameter.Name[(model.HeadPath.Length + 1)..]} {string.Join('x', parameter.Shape)}")];
        Assert.Equal(["0.weight 24", "0.bias 24", "2.weight 512x24", "4.weight 512", "4.bias 512", "6.weight 3x512"], shapes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void Stems_are_adapted(int channels)
    {
        using var folder = new TemporaryFolder();
        using ImageModel pretrained = Tiny(config => config);
        ModelSaver.Save(pretrained, folder["pretrained"]);
        var options = new ModelOptions { NewLabels = labels, InputChannels = channels };
        using ImageModel model = ModelZoo.Open(folder["pretrained"], options);
        Assert.Equal(channels == 1, model.Preprocess.Grey);
        Assert.Equal(1, model.Receipt!.Count(WeightStatus.Adapted));
        float[] from = pretrained.Parameters.Find("stem.0.weight")!.Value.ToArray<float>(); // [8, 3, 4, 4]
        float[] to = model.Parameters.Find("stem.0.weight")!.Value.ToArray<float>(); // [8, C, 4, 4]
        for (int o = 0; o < 8; o++)
            for (int c = 0; c < channels; c++)
                for (int i = 0; i < 16; i++)
                {
                    float Of(int channel) => from[(o * 3 + channel) * 16 + i];
                    float expected = channels == 1 ? Of(0) + Of(1) + Of(2) : c > 2 ? 0 : channels == 2 ? 1.5f * Of(c) : Of(c);
                    Assert.Equal(expected, to[(o * channels + c) * 16 + i]);
                }
        // and saved with that many
        ModelSaver.Save(model, folder["saved"]);
        using ImageModel again = ModelZoo.Open(folder["saved"]);
        Assert.Equal(channels, again.Config.InputChannels);
        Assert.Equal(to, again.Parameters.Find("stem.0.weight")!.Value.ToArray<float>());
    }
}
