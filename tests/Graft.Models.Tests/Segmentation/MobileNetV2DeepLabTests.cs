using Graft.Formats;
using Graft.Models.Classification;
using Graft.Models.Segmentation;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

public class MobileNetV2DeepLabTests
{
    static readonly string[] labels = ["road", "tree", "sky"];

    static ImageModel Tiny()
    {
        ModelVariant variant = ModelZoo.FindVariant("hf:deeplabv3_mobilenet_v2_1.0_513");
        return ModelZoo.Create(variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, labels, seed: 4);
    }

    /// <summary>
    /// The decoder by its definition, layer after layer on the trunk's last map under transformers' names: there is no such case
    /// among the recordings.
    /// </summary>
    [Fact]
    public void The_decoder_is_as_defined()
    {
        using ImageModel model = Tiny();
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        DrawnWeights.Draw(model, Origin.HuggingFace);
        model.Evaluate();
        Engine.ManualSeed(2);
        Tensor images = Tensor.Randn([2, 3, 64, 80]);

        // the same trunk as transformers' classifier, dilated to an eighth
        var config = (MobileNetV2DeepLab.Config)model.Config;
        using var store = new ParameterStore();
        Backbone trunk = new MobileNetV2().Build(ModulePath.Root(store), config.Trunk.Config with { Decoder = DecoderKind.Fpn });
        foreach (Parameter parameter in store.All)
            parameter.Value.Copy_(model.Parameters.Find("backbone." + parameter.Name)!.Value);
        store.SetMode("", training: false);
        Tensor map = trunk.Map(images);
        Assert.Equal([2, 112, 8, 10], map.Shape);

        Tensor Value(string name) => model.Parameters.Find("segmentation_head." + name)!.Value;
        Tensor Layer(string name, Tensor x) => x.Conv2d(Value(name + ".convolution.weight"), null, [1, 1], [0, 0], [1, 1], 1)
            .BatchNorm(
                Value(name + ".normalization.weight"), Value(name + ".normalization.bias"),
                Value(name + ".normalization.running_mean"), Value(name + ".normalization.running_var"), false, 0.1, 1e-5).Relu();
        Tensor pooled = Layer("conv_pool", map.Mean([2, 3], keepDimension: true)).ResampleBilinear(8, 10, alignCorners: true);
        Tensor joined = Layer("conv_projection", Tensor.Cat([pooled, Layer("conv_aspp", map)], 1));
        Tensor wanted = joined.Conv2d(
            Value("classifier.convolution.weight"), Value("classifier.convolution.bias"), [1, 1], [0, 0], [1, 1], 1);
        Tensor found = model.Segment(images).Out;
        Assert.Equal([2, 3, 8, 10], found.Shape); // an eighth
        double size = wanted.Norm().Item<float>();
        Assert.True(size > 0.1);
        Assert.Equal(0, (found - wanted).Norm().Item<float>() / size, 1e-5);
    }

    [Fact]
    public void Its_class_tells_it_from_the_classifier()
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = Tiny();
        Assert.Equal(FolderLayout.HuggingFace, ModelSaver.Save(model, folder["seg"]));
        string config = File.ReadAllText(Path.Combine(folder["seg"], "config.json"));
        Assert.Contains("\"MobileNetV2ForSemanticSegmentation\"", config);
        Assert.Contains("\"output_stride\": 8", config);
        using (ArrayFile file = WeightFile.Open(Path.Combine(folder["seg"], "model.safetensors")))
        {
            Assert.Contains(file.Entries, entry => entry.Name == "mobilenet_v2.layer.15.reduce_1x1.normalization.running_var");
            Assert.Contains(file.Entries, entry => entry.Name == "segmentation_head.classifier.convolution.bias");
        }
        using ImageModel again = ModelZoo.Open(folder["seg"]);
        Assert.IsType<MobileNetV2DeepLab>(again.Family);

        using ImageModel classifier = ModelZoo.Create("hf:mobilenet_v2_0.35_96", labels);
        ModelSaver.Save(classifier, folder["classifier"]);
        using ImageModel plain = ModelZoo.Open(folder["classifier"]);
        Assert.IsType<MobileNetV2>(plain.Family);
        Assert.False(plain.IsSegmentation);
    }

    [Fact]
    public void A_classifiers_weights_make_its_backbone()
    {
        using var folder = new TemporaryFolder();
        using ImageModel classifier = ModelZoo.Create("hf:mobilenet_v2_1.0_224", labels, seed: 8);
        ModelSaver.Save(classifier, folder["classifier"]);
        using ImageModel model = ModelZoo.Open(folder["classifier"], new ModelOptions
        {
            Architecture = "hf:deeplabv3_mobilenet_v2_1.0_513",
            NewLabels = labels,
        });
        Assert.True(model.Receipt!.HasNewDecoder);
        foreach (Parameter parameter in model.Parameters.All)
            if (parameter.Name.StartsWith("backbone.", StringComparison.Ordinal))
                Assert.True(classifier.Parameters.Find(parameter.Name["backbone.".Length..])!.Value.ValuesEqual(parameter.Value));
    }
}
