using Graft.Formats;
using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

/// <summary>Segmentation networks at tiny widths: trained, saved, opened, converted; with new heads, on old backbones.</summary>
public class SegmentationZooTests
{
    static readonly string[] labels = ["road", "tree", "sky"];

    public static TheoryData<string> Variants =>
        [.. ZooTests.Different(ModelZoo.Variants.Where(variant => variant.Segments))];

    public static TheoryData<string> TorchVision =>
        [.. ZooTests.Different(ModelZoo.Variants.Where(variant => variant.Segments && variant.Origin == Origin.TorchVision))];

    [Theory, MemberData(nameof(Variants))]
    public void Tiny_trains_saves_and_opens_bit_for_bit(string name) => ZooTests.Check(name);

    static ImageModel Tiny(string name, bool auxiliary = true)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        ModelConfig config = ZooTests.Tiny(variant);
        config = config with { Auxiliary = auxiliary && config.Auxiliary };
        return ModelZoo.Create(variant.Family, config, variant.Origin, variant.Preprocess, labels, 7);
    }

    static Tensor Images(int height = 48, int width = 64)
    {
        Engine.ManualSeed(3);
        return Tensor.Randn([2, 3, height, width]);
    }

    static Dictionary<string, float[]> Values(ImageModel model) => model.Parameters.All
        .Where(parameter => parameter.Value.DType == DType.Float32)
        .ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray<float>());

    [Theory, MemberData(nameof(Variants))]
    public void New_labels_replace_the_last_layers_of_both_heads_and_nothing_else(string name)
    {
        using ImageModel model = Tiny(name);
        using var scope = new TensorScope();
        Dictionary<string, float[]> before = Values(model);
        model.ReplaceHead(["a", "b"], seed: 1);
        Assert.Equal((2, ProblemType.Segmentation), (model.Classes, model.Task.Problem));
        Dictionary<string, float[]> after = Values(model);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        foreach ((string weight, float[] values) in after)
            Assert.Equal(!model.IsOfHead(weight), values.AsSpan().SequenceEqual(before[weight]));
        Assert.All(model.HeadPaths, path => Assert.Equal(2, model.Parameters.Find(path + ".weight")!.Shape[0]));
        Assert.Equal(model.HasAuxiliary, model.HeadPaths.Any(path => path.StartsWith("aux")));
        using GradMode mode = Autograd.NoGrad();
        SegmentationLogits logits = model.Segment(Images());
        Assert.Equal(2, logits.Out.Size(1));
        if (logits.Auxiliary is { } auxiliary) Assert.Equal(logits.Out.Shape, auxiliary.Shape);
    }

    [Theory, MemberData(nameof(TorchVision))]
    public void The_auxiliary_head_comes_and_goes_with_the_file_and_with_what_is_asked(string name)
    {
        if (ModelZoo.FindVariant(name).Config is { Auxiliary: false })
        {
            Assert.Throws<ArgumentException>(() =>
                ModelZoo.Create(name, new ModelOptions { NewLabels = labels, Auxiliary = true }));
            return;
        }
        using var folder = new TemporaryFolder();
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        using (ImageModel with = Tiny(name)) ModelSaver.Save(with, folder["with"]);
        using (ImageModel without = Tiny(name, auxiliary: false)) ModelSaver.Save(without, folder["without"]);

        using ImageModel kept = ModelZoo.Open(folder["with"]), none = ModelZoo.Open(folder["without"]);
        using ImageModel dropped = Open("with", false);
        Assert.Equal((true, false, false), (kept.HasAuxiliary, dropped.HasAuxiliary, none.HasAuxiliary));
        Assert.True(dropped.Receipt!.Count(WeightStatus.Unused) >= 7); // a convolution, a normalisation and the last layer
        Assert.Equal(kept.Forward(Images()).ToArray<float>(), dropped.Forward(Images()).ToArray<float>());
        Assert.Null(dropped.Segment(Images()).Auxiliary);

        // one that the file has not starts with a new head, and only then
        Assert.Contains("missing", Assert.Throws<InvalidDataException>(() => Open("without", true)).Message);
        using ImageModel started = Open("without", true, ["a", "b"]);
        Assert.True(started.HasAuxiliary);
        Assert.Contains("new (decoder and head)", started.Receipt!.Summary);
        Assert.Equal(Values(none)["classifier.0" + (name.Contains("fcn") ? ".weight" : ".project.0.weight")],
            Values(started)["classifier.0" + (name.Contains("fcn") ? ".weight" : ".project.0.weight")]);

        ImageModel Open(string from, bool auxiliary, string[]? to = null) => ModelZoo.Open(
            folder[from], new ModelOptions { Auxiliary = auxiliary, NewLabels = to });
    }

    [Theory, MemberData(nameof(TorchVision))]
    public void It_becomes_torchvisions_file_and_comes_back(string name)
    {
        using var folder = new TemporaryFolder();
        using var scope = new TensorScope();
        using ImageModel model = Tiny(name);
        model.Evaluate();
        ModelConverter.Convert(model, Origin.TorchVision, folder["tv"], overwrite: false, anySize: true);
        string file = Assert.Single(Directory.GetFiles(folder["tv"], "*.pth"));
        using (ArrayFile arrays = WeightFile.Open(file))
        {
            Assert.Contains(arrays.Entries, entry => entry.Name.StartsWith("backbone.", StringComparison.Ordinal));
            Assert.Equal(model.HasAuxiliary, arrays.Entries.Any(entry => entry.Name == "aux_classifier.4.weight"));
        }
        using ImageModel again = ModelZoo.Open(file);
        using GradMode mode = Autograd.NoGrad();
        SegmentationLogits logits = model.Segment(Images()), theirs = again.Segment(Images());
        Assert.Equal(logits.Out.ToArray<float>(), theirs.Out.ToArray<float>());
        Assert.Equal(logits.Auxiliary?.ToArray<float>(), theirs.Auxiliary?.ToArray<float>());
        Assert.Throws<NotSupportedException>(() => ModelConverter.Convert(model, Origin.Timm, folder["timm"]));
    }

    [Theory]
    [InlineData("deeplabv3_resnet50", "torchvision:resnet50")]
    [InlineData("fcn_resnet50", "timm:resnet50")]
    [InlineData("fcn_resnet50", "hf:resnet-50")]
    [InlineData("lraspp_mobilenet_v3_large", "torchvision:mobilenet_v3_large")]
    [InlineData("deeplabv3_mobilenet_v3_large", "timm:mobilenetv3_large_100")]
    public void A_classifiers_weights_make_its_backbone(string name, string from)
    {
        using var folder = new TemporaryFolder();
        using ImageModel classifier = ModelZoo.Create(from, 4, seed: 9);
        ModelSaver.WriteWeights(classifier, folder["old"], classifier.Origin);
        string file = Path.Combine(folder["old"], "model.safetensors");
        var options = new ModelOptions { Architecture = "torchvision:" + name, NewLabels = labels };
        bool auxiliary = !name.StartsWith("lraspp", StringComparison.Ordinal);
        using ImageModel model = ModelZoo.Open(file, options with { Auxiliary = auxiliary });
        Assert.Equal((labels.Length, auxiliary), (model.Classes, model.HasAuxiliary));
        Receipt receipt = model.Receipt!;
        Assert.True(receipt.HasNewDecoder);
        Assert.Contains("new (decoder and head)", receipt.ToString());
        foreach (ReceiptEntry entry in receipt.Entries)
            if (entry.Name is { } ours)
                Assert.Equal(ModulePath.IsWithin(ours, "backbone"), entry.Status != WeightStatus.Started);
        Dictionary<string, float[]> before = Values(classifier), after = Values(model);
        int same = 0;
        foreach ((string weight, float[] values) in after)
        {
            Assert.All(values, value => Assert.True(float.IsFinite(value), weight));
            if (!ModulePath.IsWithin(weight, "backbone")) continue;
            Assert.Equal(before[weight["backbone.".Length..]], values);
            same++;
        }
        Assert.True(same > 100);
        // the same decoder as of a network that is all new, from the same seed
        using ImageModel other = ModelZoo.Create("torchvision:" + name, options with { Auxiliary = auxiliary });
        foreach ((string weight, float[] values) in Values(other))
            if (!ModulePath.IsWithin(weight, "backbone")) Assert.Equal(values, after[weight]);

        string refusal = Assert.Throws<InvalidDataException>(() =>
            ModelZoo.Open(file, new ModelOptions { Architecture = "torchvision:" + name })).Message;
        Assert.Contains("holds the backbone of", refusal);
    }

    [Fact]
    public void A_batch_of_one_image_trains_by_the_running_statistics_of_the_pooled_branch()
    {
        using ImageModel model = Tiny("deeplabv3_resnet50");
        using var scope = new TensorScope();
        model.Train();
        Tensor image = Images().Slice(0, 0, 1);
        float[] before = model.Parameters.Find("classifier.0.convs.4.2.running_var")!.Value.ToArray<float>();
        model.Segment(image).Out.Sum().Backward();
        Assert.Equal(before, model.Parameters.Find("classifier.0.convs.4.2.running_var")!.Value.ToArray<float>());
        foreach (Parameter parameter in model.Parameters.All)
            if (parameter.Value.DType == DType.Float32)
                Assert.True(float.IsFinite(parameter.Value.Norm().Item<float>()), parameter.Name);
        model.Segment(Images()).Out.Sum().Backward();
        Assert.NotEqual(before, model.Parameters.Find("classifier.0.convs.4.2.running_var")!.Value.ToArray<float>());
    }

    [Fact]
    public void Groups_of_layers_cover_trunk_decoder_and_head()
    {
        using ImageModel model = Tiny("deeplabv3_resnet50");
        Assert.Equal(
            ["stem", "layer1", "layer2", "layer3", "layer4", "decoder", "head"], model.LayerGroups.Select(group => group.Name));
        Assert.True(model.LayerGroups[^2].Contains("aux_classifier.0.weight"));
        Assert.True(model.LayerGroups[^1].Contains("aux_classifier.4.weight"));
        Assert.False(model.LayerGroups[^2].Contains("classifier.4.weight"));
    }

    [Fact]
    public void There_is_nothing_to_explain_where_every_pixel_has_its_answer()
    {
        using ImageModel model = Tiny("fcn_resnet50");
        using var scope = new TensorScope();
        Assert.False(Explanations.Supports(model));
        Assert.Throws<NotSupportedException>(() => Explanations.Compute(model, Images(), [0, 0]));
    }

    [Fact]
    public void A_classifier_says_that_it_has_no_answer_for_pixels()
    {
        using ImageModel model = ModelZoo.Create("torchvision:squeezenet1_1", 2);
        using var scope = new TensorScope();
        Assert.False(model.IsSegmentation);
        Assert.False(model.HasAuxiliary);
        Assert.Throws<InvalidOperationException>(() => model.Segment(Images()));
        Assert.Throws<ArgumentException>(() => ModelZoo.Create(
            "torchvision:lraspp_mobilenet_v3_large", new ModelOptions { NewLabels = labels, Head = HeadKind.Mlp }));
    }

    [Fact]
    public void Images_are_prepared_as_torchvision_prepares_them()
    {
        Preprocess preprocess = ModelZoo.FindVariant("deeplabv3_resnet50").Preprocess;
        Assert.Equal((693, 520), preprocess.OutputSize(640, 480));
        Assert.StartsWith("shorter side to 520 by bilinear, the whole image, RGB in [0, 1], mean 0.485", preprocess.Describe());
        Assert.Equal(preprocess, Preprocess.FromHuggingFace(preprocess.ToHuggingFaceJson()));
        using Image image = new Image(64, 48);
        float[] free = new float[3 * 520 * 693], fixedSize = new float[free.Length];
        preprocess.Apply(image, free);
        preprocess.For(64, 48).Apply(image, fixedSize);
        Assert.Equal(free, fixedSize);
        Assert.Equal((520, 693), (preprocess.For(64, 48).Height, preprocess.For(64, 48).Width));
    }
}
