using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification;
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
        Assert.Equal(variant.Parameters, model.Parameters.Weights.Sum(weight => weight.Value.ElementCount));
        foreach (Origin origin in family.Origins)
        {
            NameMap names = family.Names(origin, model.Config);
            var theirs = new HashSet<string>();
            foreach (Parameter parameter in model.Parameters.All)
            {
                string? their = names.ToTheirs(parameter.Name);
                if (their is null)
                {
                    Assert.NotEqual(variant.Origin, origin); // another origin need not have such a network
                    continue;
                }
                Assert.True(theirs.Add(their), $"{origin}: {their} twice");
                Assert.Equal(parameter.Name, names.ToOurs(their));
            }
        }
        // every weight belongs to one group of layers
        foreach (Parameter parameter in model.Parameters.All)
            Assert.Single(model.LayerGroups, group => group.Contains(parameter.Name));
        Assert.Equal("head", model.LayerGroups[^1].Name);
    }

    public static TheoryData<string> TorchVisionNames =>
    [
        .. Directory.GetFiles(NamesFolder).Select(path => Path.GetFileNameWithoutExtension(path)),
    ];

    static string NamesFolder =>
        Path.Combine(SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchvision", "names");

    [Theory, MemberData(nameof(TorchVisionNames))]
    public void Names_and_shapes_are_torchvisions(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(NamesFolder, name + ".json")));
        ModelVariant variant = ModelZoo.FindVariant("torchvision:" + name);
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, null, variant.Preprocess);
        NameMap names = variant.Family.Names(Origin.TorchVision, model.Config);
        var ours = model.Parameters.All.ToDictionary(
            parameter => names.ToTheirs(parameter.Name)!,
            parameter => variant.Family.ShapeIn(Origin.TorchVision, model.Config, parameter.Name, parameter.Shape));
        var theirs = golden.RootElement.EnumerateObject().ToDictionary(
            item => item.Name, item => item.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray());
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach ((string key, long[] shape) in theirs) Assert.Equal(shape, ours[key]);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Tiny_trains_saves_and_opens_bit_for_bit(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        Preprocess preprocess = variant.Preprocess with { Height = 48, Width = 64 };
        using (ImageModel model = ModelZoo.Create(variant.Family, Tiny(variant), variant.Origin, preprocess, labels, seed: 7))
        using (var scope = new TensorScope())
        {
            Engine.ManualSeed(1);
            Tensor images = Tensor.Randn([2, 3, 48, 64]);
            model.Train();
            Tensor trained = model.Forward(images);
            Assert.Equal([2, 3], trained.Shape);
            trained.CrossEntropy(Tensor.FromSpan<long>([0, 2], [2])).Backward();
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
            Assert.NotEqual(logits[..3], logits[3..]);

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
            Assert.Equal(variant.Family, plain.Family);
            Assert.Equal(labels.Length, plain.Classes);
            Assert.Equal(
                model.Parameters.All.Select(parameter => parameter.Name).Order(),
                plain.Parameters.All.Select(parameter => parameter.Name).Order());
            foreach (Parameter parameter in model.Parameters.All)
                Assert.True(plain.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    static void AssertSame(ImageModel model, string folder, Tensor images, float[] logits)
    {
        using ImageModel again = ModelZoo.Open(folder);
        Assert.Equal(labels, again.Labels);
        Assert.Equal(model.Preprocess, again.Preprocess);
        Assert.Equal(0, again.Receipt!.Count(WeightStatus.Unused));
        foreach (Parameter parameter in model.Parameters.All)
            Assert.True(again.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        Assert.Equal(logits, again.Forward(images).ToArray<float>());
    }

    /// <summary>The same network with few channels.</summary>
    static ModelConfig Tiny(ModelVariant variant) => variant.Config switch
    {
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
        ConvNeXt.Config its => its with
        {
            Widths = [8, 8, 16, 16],
            StemWidth = its.StemWidth > 0 ? 8 : 0,
            HeadHidden = its.HeadHidden > 0 ? 12 : 0,
            LayerScale = 0.5,
            DropPath = 0,
        },
        var other => other,
    };

    static FolderLayout Layout(ModelVariant variant) => variant.Config switch
    {
        ResNet.Config { Stem: ResNet.StemKind.Cifar } => FolderLayout.Graft,
        ResNet.Config { Stem: ResNet.StemKind.Plain, Groups: 1, GroupWidth: 64 } => FolderLayout.HuggingFace,
        ResNet.Config => variant.Name == "test_resnet" ? FolderLayout.Graft : FolderLayout.Timm,
        MobileNetV2.Config its => its.Depths[1] > 2 ? FolderLayout.Graft : FolderLayout.HuggingFace,
        ConvNeXt.Config { Stem: ConvNeXt.StemKind.Patch, NormBeforePool: false, HeadHidden: 0, Eps: 1e-6 } =>
            FolderLayout.HuggingFace,
        _ => FolderLayout.Timm,
    };
}
