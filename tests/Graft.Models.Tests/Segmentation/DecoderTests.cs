using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

/// <summary>Decoders on the backbones of the zoo: shapes, gradients, weights in and out, learning.</summary>
public class DecoderTests
{
    static readonly string[] labels = ["sky", "road", "car"];

    /// <summary>One of each family, and of each way of building that a decoder could trip over.</summary>
    static readonly string[] networks =
    [
        "timm:resnet50", "timm:resnet18d", "cifar:resnet20", "timm:mobilenetv2_100", "hf:mobilenet_v2_1.0_224",
        "timm:efficientnet_b0", "hf:efficientnet-b0", "timm:tf_mobilenetv3_large_100", "timm:mobilenetv3_small_100",
        "timm:convnext_tiny", "timm:convnextv2_tiny", "timm:regnety_002", "torchvision:squeezenet1_0",
        "timm:swin_tiny_patch4_window7_224", "hf:swinv2-tiny-patch4-window8-256", "torchvision:vit_b_16",
        "timm:vit_small_patch14_dinov2", "timm:deit_tiny_distilled_patch16_224", "timm:beit_base_patch16_224",
        "timm:vit_base_patch32_clip_224", "hf:mit-b0",
    ];

    public static TheoryData<string, DecoderKind> All => new(
        networks.SelectMany(name => Enum.GetValues<DecoderKind>().Select(kind => (name, kind))));

    [Theory, MemberData(nameof(All))]
    public void Any_decoder_on_any_backbone_learns_and_is_saved(string name, DecoderKind kind)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        using (ImageModel model = Tiny(variant, kind))
        using (var scope = new TensorScope())
        {
            Assert.True(model.IsSegmentation);
            Assert.Equal(ProblemType.Segmentation, model.Task.Problem);
            foreach (Parameter parameter in model.Parameters.All)
                Assert.Single(model.LayerGroups, group => group.Contains(parameter.Name));
            Assert.Equal(["decoder", "head"], model.LayerGroups.TakeLast(2).Select(group => group.Name));

            using (Autograd.NoGrad())
                foreach (Parameter weight in model.Parameters.Weights) weight.Value.Fill_(double.NaN);
            model.Start(7); // leaves nothing as the memory was
            Engine.ManualSeed(1);
            Tensor images = Tensor.Randn([2, 3, 44, 52]);
            model.Train();
            Tensor logits = model.Forward(images);
            Assert.Equal([2, 3, 44, 52], logits.Shape);
            logits.CrossEntropy(Classes(2, 44, 52, 3)).Backward();
            foreach (Parameter weight in model.Parameters.Weights)
            {
                Assert.True(weight.Value.Grad is not null, $"{weight.Name} has no gradient");
                Assert.True(float.IsFinite(weight.Value.Grad!.Norm().Item<float>()), $"{weight.Name}'s gradient is not finite");
            }
            model.Evaluate();
            using GradMode mode = Autograd.NoGrad();
            float[] given = model.Forward(images).ToArray<float>();
            Assert.All(given, value => Assert.True(float.IsFinite(value)));

            Assert.Equal(FolderLayout.Graft, ModelSaver.Save(model, folder["saved"]));
            using (ImageModel again = ModelZoo.Open(folder["saved"]))
            {
                Assert.Equal(labels, again.Labels);
                Assert.Equal((kind, model.Name, model.Preprocess), (again.Config.Decoder!.Value, again.Name, again.Preprocess));
                Assert.True(again.IsSegmentation);
                Assert.Equal(again.Parameters.All.Count, again.Receipt!.Count(WeightStatus.Matched));
                Assert.Equal(given, again.Forward(images).ToArray<float>());
                again.ReplaceHead(["one", "other"]);
                Assert.Equal([2, 2, 44, 52], again.Forward(images).Shape);
            }
            // new classes on a saved decoder keep it
            using ImageModel other = ModelZoo.Open(folder["saved"], new ModelOptions { NewLabels = ["one", "other"] });
            Assert.Equal(2, other.Receipt!.Count(WeightStatus.Started));
            foreach (Parameter parameter in model.Parameters.All.Where(parameter => !model.IsOfHead(parameter.Name)))
                Assert.True(other.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    public static TheoryData<string> Networks => [.. networks];

    [Theory, MemberData(nameof(Networks))]
    public void A_classifiers_weights_are_taken_and_what_is_behind_its_last_map_is_not(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var folder = new TemporaryFolder();
        using ImageModel classifier = ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, ["ant", "bee"], seed: 3);
        ModelSaver.Save(classifier, folder["classifier"]);
        foreach (DecoderKind kind in Enum.GetValues<DecoderKind>())
        {
            using ImageModel model = ModelZoo.Open(
                folder["classifier"], new ModelOptions { NewLabels = labels, Decoder = kind, Seed = 4 });
            Receipt receipt = model.Receipt!;
            Assert.Equal(labels, model.Labels);
            Assert.True(model.Preprocess.FreeSize);
            int fresh = model.Parameters.All.Count(parameter =>
                ModulePath.IsWithin(parameter.Name, "decoder") || model.IsOfHead(parameter.Name));
            Assert.Equal(fresh, receipt.Count(WeightStatus.Started));
            Assert.Equal(0, receipt.Count(WeightStatus.Missing));
            Assert.True(receipt.HasNewDecoder);
            int taken = 0;
            foreach (Parameter parameter in model.Parameters.All)
            {
                if (classifier.Parameters.Find(parameter.Name) is not { } source) continue;
                Assert.True(parameter.Value.ValuesEqual(source.Value), parameter.Name);
                taken++;
            }
            Assert.Equal(model.Parameters.All.Count - fresh, taken);
            string[] unused = [.. classifier.Parameters.All.Select(parameter => parameter.Name)
                .Where(name => model.Parameters.Find(name) is null)];
            Assert.All(unused, name => Assert.Contains(
                model.Backbone.ClassifierPaths, path => ModulePath.IsWithin(name, path)));
            Assert.Contains(unused, name => classifier.IsOfHead(name));
            using var scope = new TensorScope();
            foreach (Parameter weight in model.Parameters.Weights)
                Assert.True(float.IsFinite(weight.Value.Norm().Item<float>()), $"{weight.Name} is not drawn");
        }
    }

    [Theory] // as Segmentation Models PyTorch's, whose last convolution is one of 3 x 3 in the U-Net
    [InlineData("timm:resnet34", DecoderKind.Unet, 24_436_369 - 16 * 8)]
    [InlineData("timm:resnet34", DecoderKind.Fpn, 23_155_393)]
    [InlineData("timm:resnet50", DecoderKind.Unet, 32_521_105 - 16 * 8)]
    public void Sizes_are_the_fields(string name, DecoderKind kind, long parameters)
    {
        using ImageModel model = ModelZoo.Create(name, new ModelOptions { NewLabels = ["it"], Decoder = kind });
        Assert.Equal(parameters, model.Parameters.Weights.Sum(weight => weight.Value.ElementCount));
    }

    [Fact]
    public void A_small_Unet_learns_four_images_by_heart()
    {
        ModelVariant variant = ModelZoo.FindVariant("timm:resnet18");
        using ImageModel model = Tiny(variant, DecoderKind.Unet);
        (Tensor images, Tensor classes) = Shapes(4, 48);
        using (images)
        using (classes)
        {
            model.Train();
            Optimizer optimizer = new AdamW([new ParameterGroup("all", [.. model.Parameters.Weights], 2e-3)]);
            for (int step = 0; step < 60; step++)
                using (new TensorScope())
                {
                    Tensor loss = model.Forward(images).CrossEntropy(classes);
                    loss.Backward();
                    optimizer.Step();
                    optimizer.ZeroGrad();
                }
            model.Evaluate();
            using var scope = new TensorScope();
            using GradMode mode = Autograd.NoGrad();
            long[] found = model.Forward(images).ArgMax(1).ToArray<long>(), wanted = classes.ToArray<long>();
            double[] overlaps = [.. Enumerable.Range(0, 3).Select(k =>
                found.Zip(wanted).Count(pair => pair.First == k && pair.Second == k) /
                (double)found.Zip(wanted).Count(pair => pair.First == k || pair.Second == k))];
            Assert.True(overlaps.Average() > 0.95, $"mean IoU {overlaps.Average():0.000}");
        }
    }

    [Theory]
    [InlineData("timm:resnet18", DecoderKind.Unet)]
    [InlineData("timm:convnext_tiny", DecoderKind.Fpn)]
    [InlineData("timm:mobilenetv2_100", DecoderKind.DeepLabV3)]
    [InlineData("torchvision:vit_b_16", DecoderKind.Unet)]
    public void Products_in_bfloat16_learn_too(string name, DecoderKind kind)
    {
        using ImageModel model = Tiny(ModelZoo.FindVariant(name), kind);
        model.Parameters.SetMemoryFormat(MemoryFormat.ChannelsLast);
        using var scope = new TensorScope();
        Engine.ManualSeed(6);
        Tensor images = Tensor.Randn([2, 3, 44, 52]).Contiguous(MemoryFormat.ChannelsLast);
        float[] full, low;
        using (Autograd.NoGrad())
        {
            model.Train();
            for (int i = 0; i < 8; i++) model.Forward(images); // statistics that are the network's own
            model.Evaluate();
            full = model.Forward(images).ToArray<float>();
            using PrecisionScope mode = Precision.Use(DType.BFloat16);
            low = model.Forward(images).ToArray<float>();
        }
        double largest = full.Max(Math.Abs), off = full.Zip(low, (a, b) => Math.Abs(a - b)).Average();
        Assert.NotEqual(full, low);
        Assert.True(off < 0.05 * largest, $"off by {off} of at most {largest}");
        model.Train();
        Tensor logits;
        using (Precision.Use(DType.BFloat16)) logits = model.Forward(images);
        Assert.Equal(DType.Float32, logits.DType);
        logits.CrossEntropy(Classes(2, 44, 52, 3)).Backward();
        foreach (Parameter weight in model.Parameters.Weights)
            Assert.True(float.IsFinite(weight.Value.Grad!.Norm().Item<float>()), $"{weight.Name}'s gradient is not finite");
    }

    [Theory]
    [InlineData(DecoderKind.Unet)]
    [InlineData(DecoderKind.Fpn)]
    [InlineData(DecoderKind.DeepLabV3)]
    public void Real_weights_become_a_backbone(DecoderKind kind)
    {
        string folder = SharedFiles.Require("data/weights/mobilenetv2_100_timm");
        using ImageModel model = ModelZoo.Open(folder, new ModelOptions { NewLabels = labels, Decoder = kind });
        Assert.Equal(0, model.Receipt!.Count(WeightStatus.Missing));
        string[] unused = [.. model.Receipt.Entries
            .Where(entry => entry.Status == WeightStatus.Unused).Select(entry => entry.Source!).Order()];
        Assert.Equal(
            [
                "bn2.bias", "bn2.running_mean", "bn2.running_var", "bn2.weight", "classifier.bias", "classifier.weight",
                "conv_head.weight",
            ], unused);
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Assert.Equal([1, 3, 33, 47], model.Forward(Tensor.Randn([1, 3, 33, 47])).Shape);
    }

    [Fact]
    public void What_cannot_be_is_said()
    {
        using var folder = new TemporaryFolder();
        ModelVariant variant = ModelZoo.FindVariant("timm:resnet18");
        using (ImageModel classifier = ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, ["ant", "bee"]))
            ModelSaver.Save(classifier, folder["classifier"]);
        string path = folder["classifier"];
        Assert.Contains("new classes", Assert.Throws<ArgumentException>(
            () => ModelZoo.Open(path, new ModelOptions { Decoder = DecoderKind.Unet })).Message);
        Assert.Contains("classifiers", Assert.Throws<ArgumentException>(() => ModelZoo.Open(
            path, new ModelOptions { NewLabels = labels, Decoder = DecoderKind.Unet, Head = HeadKind.Mlp })).Message);
        Assert.Contains("auxiliary", Assert.Throws<ArgumentException>(() => ModelZoo.Open(
            path, new ModelOptions { NewLabels = labels, Decoder = DecoderKind.Unet, Auxiliary = true })).Message);
        Assert.Contains("output stride", Assert.Throws<ArgumentException>(() => ModelZoo.Open(
            path, new ModelOptions { NewLabels = labels, Decoder = DecoderKind.Unet, OutputStride = 8 })).Message);
        Assert.Contains("output stride", Assert.Throws<ArgumentException>(() => ModelZoo.Open(
            path, new ModelOptions { NewLabels = labels, Decoder = DecoderKind.DeepLabV3, OutputStride = 7 })).Message);
        Assert.Contains("decoder of its own", Assert.Throws<ArgumentException>(() => ModelZoo.Create(
            "torchvision:fcn_resnet50", new ModelOptions { NewLabels = labels, Decoder = DecoderKind.Unet })).Message);
        // another decoder takes the place of a saved one
        using (ImageModel model = ModelZoo.Open(path, new ModelOptions { NewLabels = labels, Decoder = DecoderKind.Unet }))
            ModelSaver.Save(model, folder["unet"]);
        var fpn = new ModelOptions { NewLabels = labels, Decoder = DecoderKind.Fpn };
        using ImageModel other = ModelZoo.Open(folder["unet"], fpn);
        Assert.Equal(DecoderKind.Fpn, other.Config.Decoder);
        Assert.True(other.Receipt!.HasNewDecoder);
    }

    [Theory]
    [InlineData("timm:mobilenetv2_035", 8, "2 4 8")]
    [InlineData("timm:mobilenetv2_035", 32, "2 4 8 16 32")]
    [InlineData("timm:resnet18", 16, "2 4 8 16")]
    [InlineData("timm:mobilenetv3_small_050", 16, "2 4 8 16")]
    [InlineData("timm:efficientnet_b0", null, "2 4 8 16")]
    [InlineData("timm:regnety_002", 8, "2 4 8 16 32")]
    public void DeepLab_dilates_its_backbone(string name, int? outputStride, string strides)
    {
        using ImageModel model = ModelZoo.Create(name, new ModelOptions
        {
            NewLabels = labels,
            Decoder = DecoderKind.DeepLabV3,
            OutputStride = outputStride,
        });
        Assert.Equal(strides, string.Join(' ', model.Backbone.Levels.Select(level => level.Stride)));
    }

    [Fact]
    public void A_larger_map_is_cut_not_squeezed()
    {
        using var scope = new TensorScope();
        Engine.ManualSeed(5);
        Tensor map = Tensor.Randn([1, 2, 4, 5]);
        Tensor whole = map.ResampleBilinear(8, 10), cut = map.UpsampleBilinear(7, 9, 2);
        Assert.True(whole.Slice(2, 0, 7).Slice(3, 0, 9).Contiguous().ValuesEqual(cut));
        Assert.True(map.ResampleNearest(8, 10).Slice(2, 0, 7).Slice(3, 0, 9).Contiguous().ValuesEqual(map.ResampleNearest(7, 9)));
    }

    static ImageModel Tiny(ModelVariant variant, DecoderKind kind)
    {
        ModelConfig config = ZooTests.Tiny(variant) with { Decoder = kind, Dropout = 0 };
        if (kind == DecoderKind.DeepLabV3) config = variant.Family.Dilated(config, 16) ?? config;
        return ModelZoo.Create(variant.Family, config, variant.Origin, variant.Preprocess.AtOwnSize(), labels, seed: 7);
    }

    /// <summary>Classes that are there in every image.</summary>
    static Tensor Classes(int count, int height, int width, int classes) => Tensor.FromArray(
        [.. Enumerable.Range(0, count * height * width).Select(i => (long)(i / 7 % classes))], [count, height, width]);

    /// <summary>Noisy images of a square and a disc on a ground, at other places in each.</summary>
    static (Tensor Images, Tensor Classes) Shapes(int count, int side)
    {
        float[] pixels = new float[count * 3 * side * side];
        long[] classes = new long[count * side * side];
        for (int n = 0; n < count; n++)
            for (int y = 0; y < side; y++)
                for (int x = 0; x < side; x++)
                {
                    int dx = x - 12 - 7 * n, dy = y - 34 + 5 * n, at = y * side + x;
                    bool inSquare = Math.Abs(x - 32 + 6 * n) < 8 && Math.Abs(y - 12 - 4 * n) < 8, inDisc = dx * dx + dy * dy < 81;
                    classes[n * side * side + at] = inDisc ? 2 : inSquare ? 1 : 0;
                    for (int c = 0; c < 3; c++)
                    {
                        float noise = (n * 31 + x * 17 + y * 13 + c * 7) % 11 / 11f - 0.5f;
                        pixels[(n * 3 + c) * side * side + at] = noise + (inDisc && c == 0 ? 1 : 0) + (inSquare && c < 2 ? 1 : 0);
                    }
                }
        return (Tensor.FromArray(pixels, [count, 3, side, side]), Tensor.FromArray(classes, [count, side, side]));
    }
}
