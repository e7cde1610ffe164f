using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Segmentation;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

public class SegFormerTests
{
    static readonly string[] labels = ["road", "tree", "sky"];

    static ImageModel Tiny(string name, IReadOnlyList<string>? classes = null)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        return ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, classes ?? labels, seed: 4);
    }

    [Theory]
    [InlineData(64, 64, 16, 16)]
    [InlineData(61, 99, 16, 25)] // rounded up
    public void Logits_have_a_quarter_of_the_size(int height, int width, int rows, int columns)
    {
        using ImageModel model = Tiny("segformer-b0-finetuned-ade-512-512");
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        SegmentationLogits logits = model.Segment(Tensor.Zeros([2, 3, height, width]));
        Assert.Equal([2, 3, rows, columns], logits.Out.Shape);
        Assert.Null(logits.Auxiliary);
    }

    [Fact]
    public void It_is_saved_as_transformers_saves_it()
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = Tiny("segformer-b2-finetuned-cityscapes-1024-1024");
        Assert.Equal(FolderLayout.HuggingFace, ModelSaver.Save(model, folder["out"]));
        string config = File.ReadAllText(Path.Combine(folder["out"], "config.json"));
        Assert.Contains("\"SegformerForSemanticSegmentation\"", config);
        Assert.Contains("\"model_type\": \"segformer\"", config);
        Assert.DoesNotContain("problem_type", config); // transformers would refuse it
        Assert.Contains("\"SegformerImageProcessor\"", File.ReadAllText(Path.Combine(folder["out"], "preprocessor_config.json")));
        using ArrayFile file = WeightFile.Open(Path.Combine(folder["out"], "model.safetensors"));
        string[] names = [.. file.Entries.Select(entry => entry.Name)];
        Assert.Contains("segformer.encoder.block.0.0.attention.self.key.weight", names);
        Assert.Contains("decode_head.linear_c.3.proj.bias", names);
        Assert.DoesNotContain(names, name => name.Contains(".kv.") || name.StartsWith("stages."));
    }

    [Fact]
    public void A_classifier_becomes_a_segmentation_network_with_a_new_decoder()
    {
        using var folder = new TemporaryFolder();
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        using ImageModel classifier = Tiny("mit-b0", ["ant", "bee"]);
        Assert.False(classifier.IsSegmentation);
        Assert.Equal([2, 2], classifier.Forward(Tensor.Zeros([2, 3, 64, 64])).Shape);
        ModelSaver.Save(classifier, folder["mit"]);
        Assert.Contains("SegformerForImageClassification", File.ReadAllText(Path.Combine(folder["mit"], "config.json")));

        using ImageModel plain = ModelZoo.Open(folder["mit"], new ModelOptions { NewLabels = labels });
        Assert.False(plain.IsSegmentation);
        using ImageModel model = ModelZoo.Open(folder["mit"], new ModelOptions { NewLabels = labels, Segments = true });
        Assert.True(model.IsSegmentation);
        Assert.Equal(labels, model.Labels);
        Assert.Contains("new (decoder and head)", model.Receipt!.Summary);
        foreach (Parameter parameter in classifier.Parameters.All)
            if (parameter.Name.StartsWith("stages.", StringComparison.Ordinal))
                Assert.True(model.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        foreach (Parameter parameter in model.Parameters.Weights)
            Assert.True(float.IsFinite(parameter.Value.Norm().Item<float>()), parameter.Name);
        ModelSaver.Save(model, folder["seg"]);
        using ImageModel again = ModelZoo.Open(folder["seg"]);
        Assert.Equal((true, ProblemType.Segmentation), (again.IsSegmentation, again.Task.Problem));

        Assert.Contains("has no decoder of its own", Assert.Throws<ArgumentException>(() => ModelZoo.Create(
            "torchvision:resnet18", new ModelOptions { NewLabels = labels, Segments = true })).Message);
        using ImageModel made = ModelZoo.Create("hf:mit-b0", new ModelOptions { NewLabels = labels, Segments = true });
        Assert.True(made.IsSegmentation);
    }

    /// <summary>The decoder's two linear layers, put together and done at each map's size, are those of the paper.</summary>
    [Fact]
    public void The_decoder_is_the_papers()
    {
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        var decoder = new AllMlpDecoder(ModulePath.Root(store) / "decode_head", [4, 6], 5);
        store.Reset("", 3);
        Engine.ManualSeed(1);
        Tensor fine = Tensor.Randn([2, 6, 9, 4]), coarse = Tensor.Randn([2, 3, 5, 6]);
        Tensor Value(string name) => store.Find("decode_head." + name)!.Value;
        Tensor Embedded(Tensor x, int i) =>
            x.Linear(Value($"linear_c.{i}.weight"), Value($"linear_c.{i}.bias")).Permute(0, 3, 1, 2);
        Tensor joined = Tensor.Cat([Embedded(coarse, 1).ResampleBilinear(6, 9), Embedded(fine, 0)], 1); // the coarsest first
        Tensor fused = joined.Conv2d(Value("linear_fuse.weight"), null, [1, 1], [0, 0], [1, 1], 1);
        Tensor wanted = (fused / Math.Sqrt(1 + 1e-5)).Relu();
        Assert.Equal(0, (decoder.Decode([fine, coarse]) - wanted).Norm().Item<float>(), 1e-5);
        using (Autograd.NoGrad()) Assert.Equal(0, (decoder.Decode([fine, coarse]) - wanted).Norm().Item<float>(), 1e-5);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (ImageModel model = Tiny("segformer-b0-finetuned-ade-512-512")) ModelSaver.Save(model, folder["m"]);
        string path = Path.Combine(folder["m"], "config.json"), config = File.ReadAllText(path);
        void Refused(string from, string to, string because)
        {
            Assert.Contains(from, config);
            File.WriteAllText(path, config.Replace(from, to));
            Assert.Contains(because, Assert.Throws<InvalidDataException>(() => ModelZoo.Open(folder["m"])).Message);
        }
        Refused("\"num_encoder_blocks\": 4", "\"num_encoder_blocks\": 3", "depths: expected 3 numbers, found 4");
        Refused("\"decoder_hidden_size\": 12", "\"decoder_hidden_size\": 24", "decode_head");
        Refused("SegformerForSemanticSegmentation", "SegformerForImageClassification", "has no");
    }
}
