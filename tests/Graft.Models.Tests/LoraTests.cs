using Graft.Imaging;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Low-rank adapters on whole networks: they start as nothing, train, and merge into an ordinary model.</summary>
public class LoraTests
{
    public static TheoryData<string> Networks =>
    [
        "torchvision:vit_b_16", "timm:beit_base_patch16_224.in22k_ft_in22k_in1k", "torchvision:swin_t", "torchvision:swin_v2_t",
        "torchvision:convnext_tiny", "torchvision:resnet50", "torchvision:mobilenet_v2", "torchvision:efficientnet_b0",
    ];

    [Theory, MemberData(nameof(Networks))]
    public void Adapters_train_alone_and_merge_into_an_ordinary_model(string name)
    {
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        using (ImageModel model = TinyModel(name))
        using (var scope = new TensorScope())
        {
            Tensor images = Ramp(2, 3, 64, 64);
            float[] untouched = Logits(model, images);
            string[] names = [.. model.Parameters.All.Select(parameter => parameter.Name)];
            var lora = new LoraAdapters(model.Parameters, new LoraOptions { Rank = 2, Alpha = 3 }, model.HeadPaths, seed: 5);
            lora.FreezeRest();
            AssertClose(untouched, Logits(model, images), 1e-5 * Spread(untouched)); // norms are no longer folded

            Dictionary<string, float[]> frozen = model.Parameters.Weights.Where(weight => !weight.RequiresGrad)
                .ToDictionary(weight => weight.Name, weight => weight.Value.ToArray<float>());
            using (var optimizer = new AdamW(model.Parameters.Trainable, 0.02))
                for (int step = 0; step < 3; step++)
                {
                    optimizer.ZeroGrad();
                    model.Forward(images).CrossEntropy(Tensor.FromSpan<long>([0, 1], [2])).Backward();
                    optimizer.Step();
                }
            foreach ((string weight, float[] values) in frozen)
                Assert.Equal(values, model.Parameters.Find(weight)!.Value.ToArray<float>());
            Assert.All(lora.All, adapter => Assert.True(
                model.Parameters.Find(adapter.Path.Name + ".up")!.Value.Norm().Item<float>() > 0, adapter.Path.Name));
            Assert.Equal(
                lora.Elements + model.HeadPaths.Sum(model.Parameters.CountWeights), model.Parameters.CountTrainable());

            float[] adapted = Logits(model, images);
            lora.Merge();
            Assert.Equal(names, model.Parameters.All.Select(parameter => parameter.Name));
            float[] merged = Logits(model, images);
            AssertClose(adapted, merged, 2e-4 * Spread(adapted));
            Assert.NotEqual(untouched, merged);

            ModelSaver.Save(model, folder["merged"]);
            using ImageModel opened = ModelZoo.Open(folder["merged"]);
            Assert.Equal(0, opened.Receipt!.Count(WeightStatus.Unused));
            Assert.Equal(merged, Logits(opened, images));
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Targets_choose_the_layers()
    {
        using ImageModel model = TinyModel("torchvision:vit_b_16");
        var lora = new LoraAdapters(model.Parameters, new LoraOptions(), model.HeadPaths, seed: 1);
        Assert.Equal(
            ["blocks.0.attn.proj", "blocks.0.attn.qkv", "blocks.1.attn.proj", "blocks.1.attn.qkv"],
            lora.All.Select(adapter => adapter.Path.Name[..^".lora".Length]).Order());
        Assert.Throws<ArgumentException>(() => new LoraAdapters(model.Parameters, new LoraOptions(), model.HeadPaths, seed: 1));
        lora.Remove();
        lora = new LoraAdapters(
            model.Parameters, new LoraOptions { Targets = ["blocks.1.*", "mlp.fc2"] }, model.HeadPaths, seed: 1);
        Assert.Equal(
            ["blocks.0.mlp.fc2", "blocks.1.attn.proj", "blocks.1.attn.qkv", "blocks.1.mlp.fc1", "blocks.1.mlp.fc2"],
            lora.All.Select(adapter => adapter.Path.Name[..^".lora".Length]).Order());
        lora.Remove();
        string message = Assert.Throws<ArgumentException>(() => new LoraAdapters(
            model.Parameters, new LoraOptions { Targets = ["query"] }, model.HeadPaths, seed: 1)).Message;
        Assert.Contains("query", message);
        Assert.Contains("blocks.0.attn.", message);
    }

    [Fact]
    public void Without_attention_only_pointwise_layers_get_adapters()
    {
        using ImageModel model = TinyModel("torchvision:resnet50");
        var lora = new LoraAdapters(model.Parameters, new LoraOptions { Rank = 4 }, model.HeadPaths, seed: 1);
        Assert.NotEmpty(lora.All);
        foreach (LoraAdapter adapter in lora.All)
        {
            string layer = adapter.Path.Name[..^".lora".Length];
            Assert.Equal([1, 1], model.Parameters.Find(layer + ".weight")!.Shape[2..]);
            Assert.Equal(4, model.Parameters.Find(adapter.Path.Name + ".down")!.Shape[0]);
        }
        Assert.DoesNotContain(lora.All, adapter => model.HeadPaths.Any(head => ModulePath.IsWithin(adapter.Path.Name, head)));
    }

    [Fact]
    public void Dropout_falls_on_the_adapters_input_in_training_alone()
    {
        using ImageModel model = TinyModel("torchvision:vit_b_16");
        using var scope = new TensorScope();
        var lora = new LoraAdapters(model.Parameters, new LoraOptions { Rank = 2, Dropout = 0.5 }, model.HeadPaths, seed: 1);
        using (Autograd.NoGrad())
            foreach (LoraAdapter adapter in lora.All) model.Parameters.Find(adapter.Path.Name + ".up")!.Value.Fill_(0.1);
        Tensor images = Ramp(1, 3, 64, 64);
        Assert.Equal(Logits(model, images), Logits(model, images));
        foreach (LoraAdapter adapter in lora.All) model.Parameters.SetMode(adapter.Path.Name, training: true);
        Assert.NotEqual(Logits(model, images), Logits(model, images));
    }

    static ImageModel TinyModel(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        Preprocess preprocess = variant.Preprocess with { Height = 64, Width = 64 };
        ImageModel model = ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), variant.Origin, preprocess, ["ant", "bee"], seed: 7);
        model.Evaluate();
        return model;
    }

    static Tensor Ramp(params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return Tensor.FromArray([.. Enumerable.Range(0, (int)count).Select(i => (float)Math.Sin(i * 0.37))], shape);
    }

    static float[] Logits(ImageModel model, Tensor images)
    {
        using GradMode mode = Autograd.NoGrad();
        using Tensor logits = model.Forward(images);
        return logits.ToArray<float>();
    }

    static double Spread(float[] values) => Math.Max(1, values.Max(value => Math.Abs(value)));

    static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
