using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Models.Classification.Mobile;
using Graft.Models.Segmentation;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>
/// Every named variant: its size and names as they are; forward, backward, saved and opened again at tiny widths.
/// </summary>
public class ZooTests
{
    public static TheoryData<string> Variants => [.. ModelZoo.Variants.Select(variant => variant.FullName)];

    /// <summary>Classifiers that are different networks even when they are tiny.</summary>
    public static TheoryData<string> TinyVariants => [.. Different(ModelZoo.Variants.Where(variant => !variant.Segments))];

    /// <summary>The names of those that are different networks even when they are tiny.</summary>
    internal static IEnumerable<string> Different(IEnumerable<ModelVariant> variants) => variants
        .DistinctBy(variant => (variant.Origin, variant.Family, variant.Family.Signature(Tiny(variant))))
        .Select(variant => variant.FullName);

    static readonly string[] labels = ["ant", "bee", "Käfer \"groß\""];

    [Fact]
    public void Names_are_unique_and_found()
    {
        string[] names = [.. ModelZoo.Variants.Select(variant => variant.FullName)];
        Assert.Equal(names.Length, names.Distinct().Count());
        foreach (ModelVariant variant in ModelZoo.Variants) Assert.Same(variant, ModelZoo.FindVariant(variant.FullName));
        Assert.Equal("timm:resnet50", ModelZoo.FindVariant("timm:timm/resnet50.a1_in1k").FullName);
        Assert.Equal("hf:resnet-50", ModelZoo.FindVariant("hf:microsoft/resnet-50").FullName);
        Assert.Equal("torchvision:resnet50", ModelZoo.FindVariant("resnet50").FullName);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Real_size_and_names_are_as_they_should_be(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        ModelFamily family = variant.Family;
        using var model = new ImageModel(family, variant.Config, variant.Origin, null, variant.Preprocess);
        Assert.Equal(variant.Parameters, CountedBy(variant.Origin, model));
        foreach (Origin origin in family.Origins)
        {
            NameMap names = family.Names(origin, model.Config);
            var theirs = new HashSet<string>();
            foreach (Parameter parameter in model.Parameters.All)
            {
                IReadOnlyList<TensorPart> parts = names.Parts(parameter.Name);
                if (parts.Count == 0)
                {
                    Assert.NotEqual(variant.Origin, origin); // another origin need not have such a network
                    continue;
                }
                foreach (TensorPart part in parts)
                {
                    Assert.True(theirs.Add($"{part.Name} {part.Index}"), $"{origin}: {part.Name} twice");
                    if (part.Index == 0) Assert.Equal(parameter.Name, names.ToOurs(part.Name));
                }
            }
        }
        // every weight belongs to one group of layers
        foreach (Parameter parameter in model.Parameters.All)
            Assert.Single(model.LayerGroups, group => group.Contains(parameter.Name));
        if (variant.Config.Classes > 0) Assert.Equal("head", model.LayerGroups[^1].Name);
    }

    /// <summary>
    /// The weights as the origin counts them: torchvision's Swin V2 holds biases of keys too, which are always zero.
    /// </summary>
    static long CountedBy(Origin origin, ImageModel model)
    {
        NameMap names = model.Family.FileNames(origin, model.Config);
        long zeros = 0;
        foreach (IGrouping<string, (Parameter Parameter, TensorPart Part)> stack in model.Parameters.Weights
            .Select(parameter => (parameter, names.Parts(parameter.Name)[0])).Where(item => item.Item2.Of > 1)
            .GroupBy(item => item.Item2.Name!))
            zeros += (stack.First().Part.Of - stack.Count()) * stack.First().Parameter.Value.ElementCount;
        return zeros + model.Parameters.Weights.Sum(weight => weight.Value.ElementCount);
    }

    public static TheoryData<string> TorchVisionNames =>
    [
        .. Directory.GetFiles(NamesFolder).Select(path => Path.GetFileNameWithoutExtension(path)),
    ];

    internal static string NamesFolder =>
        Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchvision", "names");

    [Theory, MemberData(nameof(TorchVisionNames))]
    public void Names_and_shapes_are_torchvisions(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(NamesFolder, name + ".json")));
        ModelVariant variant = ModelZoo.FindVariant("torchvision:" + name);
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, null, variant.Preprocess);
        using var arrays = OriginArrays.Of(model, Origin.TorchVision);
        var ours = arrays.Items.ToDictionary(item => item.Item1.Name, item => item.Item1.Shape.ToArray());
        // tables that follow from the windows' sizes are computed, not loaded
        var theirs = golden.RootElement.EnumerateObject()
            .Where(item => !item.Name.Contains("relative_position_index") && !item.Name.Contains("relative_coords_table"))
            .ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray());
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach ((string key, long[] shape) in theirs) Assert.Equal(shape, ours[key]);
    }

    [Theory, MemberData(nameof(TinyVariants))]
    public void Tiny_trains_saves_and_opens_bit_for_bit(string name) => Check(name);

    internal static void Check(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        int height = variant.Config is VisionTransformer.Config ? 64 : 48; // positions of a grid tell its size if it is square
        Preprocess preprocess = variant.Preprocess with { Height = height, Width = 64 };
        using (ImageModel model = ModelZoo.Create(variant.Family, Tiny(variant), variant.Origin, preprocess, labels, seed: 7))
        using (var scope = new TensorScope())
        {
            // every weight is drawn: nothing is left as the memory was
            using (Autograd.NoGrad())
                foreach (Parameter weight in model.Parameters.Weights) weight.Value.Fill_(double.NaN);
            model.Start(7);
            foreach (Parameter weight in model.Parameters.Weights)
                Assert.True(float.IsFinite(weight.Value.Norm().Item<float>()), $"{weight.Name} is not drawn");
            Engine.ManualSeed(1);
            Tensor images = Tensor.Randn([2, 3, height, 64]);
            model.Train();
            Loss(model, images).Backward();
            foreach (Parameter parameter in model.Parameters.Weights)
            {
                Tensor? gradient = parameter.Value.Grad;
                Assert.True(gradient is not null, $"{parameter.Name} has no gradient");
                Assert.True(float.IsFinite(gradient.Norm().Item<float>()), $"{parameter.Name}'s gradient is not finite");
            }
            model.Evaluate();
            using GradMode mode = Autograd.NoGrad();
            float[] logits = model.Forward(images).ToArray<float>();
            Assert.All(logits, value => Assert.True(float.IsFinite(value)));
            Assert.NotEqual(logits[..(logits.Length / 2)], logits[(logits.Length / 2)..]);

            FolderLayout layout = ModelSaver.Save(model, folder["best"]);
            Assert.Equal(Layout(variant), layout);
            AssertSame(model, folder["best"], images, logits);
            if (variant.Family.ToTimm(model.Config) is not null)
            {
                ModelSaver.SaveTimm(model, folder["timm"]);
                AssertSame(model, folder["timm"], images, logits);
            }
            // by its names and shapes alone
            File.Delete(Path.Combine(folder["best"], "config.json"));
            using ImageModel plain = ModelZoo.Open(folder["best"]);
            bool plainDeiT = variant is { Family: DeiT, Config: VisionTransformer.Config { DistillationToken: false } };
            Assert.Equal(plainDeiT ? ModelZoo.FindVariant("vit_b_16").Family : variant.Family, plain.Family);
            Assert.Equal(labels.Length, plain.Classes);
            if (variant.Segments)
            {
                Assert.Equal(variant.Family.Signature(model.Config), plain.Family.Signature(plain.Config));
                Assert.Equal(model.HasAuxiliary, plain.HasAuxiliary);
                Assert.Equal(logits, plain.Forward(images).ToArray<float>());
            }
            Assert.Equal(
                model.Parameters.All.Select(parameter => parameter.Name).Order(),
                plain.Parameters.All.Select(parameter => parameter.Name).Order());
            foreach (Parameter parameter in model.Parameters.All)
                Assert.True(plain.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    /// <summary>The loss of two images of three classes: of a class each, or of one for every pixel by each head.</summary>
    internal static Tensor Loss(ImageModel model, Tensor images)
    {
        if (!model.IsSegmentation)
        {
            Tensor logits = model.Forward(images);
            Assert.Equal((DType.Float32, "2, 3"), (logits.DType, string.Join(", ", logits.Shape)));
            return logits.CrossEntropy(Tensor.FromSpan<long>([0, 2], [2]));
        }
        SegmentationLogits pixels = model.Segment(images);
        (long height, long width) = (pixels.Out.Size(2), pixels.Out.Size(3));
        Assert.Equal((DType.Float32, 2, 3), (pixels.Out.DType, pixels.Out.Size(0), pixels.Out.Size(1)));
        long[] classes = [.. Enumerable.Range(0, (int)(2 * height * width)).Select(i => i % 3L)];
        Tensor targets = Tensor.FromArray(classes, [2, height, width]);
        Tensor loss = pixels.Out.CrossEntropy(targets);
        return pixels.Auxiliary is { } auxiliary ? loss + auxiliary.CrossEntropy(targets) * 0.5 : loss;
    }

    static void AssertSame(ImageModel model, string folder, Tensor images, float[] logits)
    {
        using ImageModel again = ModelZoo.Open(folder);
        Assert.Equal((model.Task, model.HasAuxiliary), (again.Task, again.HasAuxiliary));
        Assert.Equal(labels, again.Labels);
        Assert.Equal(model.Preprocess, again.Preprocess);
        Assert.Equal(0, again.Receipt!.Count(WeightStatus.Unused));
        foreach (Parameter parameter in model.Parameters.All)
            Assert.True(again.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        Assert.Equal(logits, again.Forward(images).ToArray<float>());
    }

    /// <summary>The same network with few channels.</summary>
    internal static ModelConfig Tiny(ModelVariant variant) => Tiny(variant, variant.Config);

    static Trunk Tiny(ModelVariant variant, Trunk trunk) => trunk with
    {
        // a trunk has no features, and no file tells how many there were
        Config = Tiny(variant, trunk.Config) is var tiny && tiny is MobileNetV3.Config its ? its with { Features = 1280 } : tiny,
    };

    static ModelConfig Tiny(ModelVariant variant, ModelConfig config) => config switch
    {
        DeepLabV3.Config its => its with { Trunk = Tiny(variant, its.Trunk), Channels = 12 },
        Fcn.Config its => its with { Trunk = Tiny(variant, its.Trunk) },
        MobileNetV2DeepLab.Config its => its with { Trunk = Tiny(variant, its.Trunk), Dropout = 0 },
        SegFormer.Config its => its with
        {
            Widths = [8, 12, 20, 16],
            Depths = [.. its.Depths.Select(depth => Math.Min(depth, 3))],
            DecoderWidth = 12,
            Dropout = 0,
        },
        Lraspp.Config its => its with { Trunk = Tiny(variant, its.Trunk), Channels = 12 },
        UperNet.Config its => its with
        {
            Trunk = Tiny(variant, its.Trunk) is var tiny && tiny is ConvNeXt.Config of
                ? of with { Depths = [1, 1, 2, 1], LayerScale = 1e-6 } : tiny, // which no file tells
            Channels = 12,
            AuxiliaryChannels = 6,
        },
        ResNet.Config its => its with
        {
            Widths = [.. its.Widths.Select((_, stage) => its.Stem == ResNet.StemKind.Cifar ? 4 << stage
                : its.Groups > 1 ? 16 << stage : its.Bottlenecks[stage] ? 8 << stage / 2 : 6)],
            Groups = Math.Min(its.Groups, 2),
            GroupWidth = its.Groups > 1 ? 32 : its.GroupWidth,
            StemWidths = its.Stem switch
            {
                ResNet.StemKind.Plain => [64],
                ResNet.StemKind.Deep => [its.StemWidths[0] == its.StemWidths[1] ? 8 : 6, 8, 16],
                _ => [4],
            },
        },
        MobileNetV2.Config its => its with
        {
            Stem = its.Depths[1] > 2 ? 32 : 16,
            Widths = [8, 8, 16, 24, 32, 56, 112],
            Features = 1280,
        },
        EfficientNet.Config its when variant.Name != "test_efficientnet" =>
            its with { Stem = 8, Features = 320, Stages = Tiny(its) },
        MobileNetV3.Config its when variant.Name != "mobilenetv3_small_050" =>
            its with { Stem = 8, Features = 40, Stages = Tiny(its, 16) },
        ConvNeXt.Config its => its with
        {
            Widths = [8, 8, 16, 16],
            StemWidth = its.StemWidth > 0 ? 8 : 0,
            HeadHidden = its.HeadHidden > 0 ? 12 : 0,
            LayerScale = its.LayerScale is null ? null : 0.5,
            DropPath = 0,
        },
        VisionTransformer.Config its => its with
        {
            ImageHeight = 64,
            ImageWidth = 64,
            Width = 64,
            Depth = 2,
            Heads = 1,
            Hidden = its.Gated ? 176 : 256,
            LayerScale = its.LayerScale is null ? null : 0.5,
            Projection = false,
        },
        RegNet.Config its => (its.Line! with { Depth = 5, Initial = 8, Slope = 4, Ratio = 2, GroupWidth = 8 }).Stages(its) with
        {
            Stem = 16,
        },
        SqueezeNet.Config its => its with
        {
            Stem = 8,
            Squeezed = [.. its.Squeezed.Select(channels => channels / 8)],
            Expanded = [.. its.Expanded.Select(channels => channels / 16)],
            Dropout = 0,
        },
        Swin.Config its => its with
        {
            Depths = [2, 1, 2, 1],
            Width = 8,
            Heads = [1, 2, 2, 4],
            ImageSize = its.ImageSize,
            DropPath = 0,
        },
        var other => other,
    };

    /// <summary>A few blocks a stage, with few channels, widened and squeezed as much as before.</summary>
    static MobileBlock[][] Tiny(MobileConfig its, int most = 2)
    {
        int from = its.Stem, to = 8;
        MobileBlock[][] stages = [.. its.Stages.Select(stage => stage.Take(most).ToArray())];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            MobileBlock[] blocks = stages[stage];
            for (int i = 0; i < blocks.Length; i++)
            {
                MobileBlock block = blocks[i];
                int channels = 8 * (stage + 1);
                blocks[i] = block with
                {
                    Wide = to * block.Wide / from,
                    Squeezed = block.Squeezed == 0 ? 0 : Math.Max(1, to * block.Squeezed / from),
                    Channels = channels,
                    Residual = block.Residual && to == channels,
                };
                (from, to) = (block.Channels, channels);
            }
        }
        return stages;
    }

    static FolderLayout Layout(ModelVariant variant) => variant.Config switch
    {
        ResNet.Config { Stem: ResNet.StemKind.Cifar } => FolderLayout.Graft,
        ResNet.Config
        {
            Stem: ResNet.StemKind.Plain, Groups: 1, GroupWidth: 64, Attention: ResNet.AttentionKind.None,
        } => FolderLayout.HuggingFace,
        ResNet.Config => variant.Name == "test_resnet" ? FolderLayout.Graft : FolderLayout.Timm,
        MobileNetV2.Config its => its.Depths[1] > 2 ? FolderLayout.Graft : FolderLayout.HuggingFace,
        EfficientNet.Config when variant.Origin == Origin.HuggingFace => FolderLayout.HuggingFace,
        EfficientNet.Config => variant.Name == "test_efficientnet" ? FolderLayout.Timm : FolderLayout.Graft,
        MobileNetV3.Config => variant.Name == "mobilenetv3_small_050" ? FolderLayout.Timm : FolderLayout.Graft,
        ConvNeXt.Config { Stem: ConvNeXt.StemKind.Patch, NormBeforePool: false, HeadHidden: 0, Eps: 1e-6 } =>
            FolderLayout.HuggingFace,
        VisionTransformer.Config when variant.Family is Clip => FolderLayout.Timm,
        VisionTransformer.Config when variant.Family is Beit => FolderLayout.HuggingFace,
        VisionTransformer.Config when variant.Family is DinoV2 =>
            variant.Origin == Origin.HuggingFace ? FolderLayout.HuggingFace : FolderLayout.Timm,
        VisionTransformer.Config
        {
            ClassToken: true, LayerScale: null, AttentionNorm: false, Positions: VisionTransformer.PositionKind.All,
            Pooling: VisionTransformer.PoolingKind.Token or VisionTransformer.PoolingKind.Distilled,
        } => FolderLayout.HuggingFace,
        SegFormer.Config or MobileNetV2DeepLab.Config or UperNet.Config => FolderLayout.HuggingFace,
        SqueezeNet.Config or TrunkConfig => FolderLayout.Graft,
        RegNet.Config => FolderLayout.HuggingFace,
        Swin.Config its => its.Windows.Distinct().Count() == 1 ? FolderLayout.HuggingFace : FolderLayout.Timm,
        _ => FolderLayout.Timm,
    };
}
