using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Every family at tiny widths, from each origin that knows it to each other one and back.</summary>
public class ConversionTests
{
    static readonly string[] labels = ["ant", "bee", "Käfer \"groß\""];

    /// <summary>One of several variants that come to the same at tiny widths.</summary>
    public static TheoryData<string> Variants => [.. ZooTests.TinyVariants
        .Select(row => ModelZoo.FindVariant(row.Data))
        .Where(variant => ModelConverter.Targets.Contains(variant.Origin))
        .DistinctBy(variant => (variant.Family, variant.Origin, variant.Family.Signature(ZooTests.Tiny(variant))))
        .Select(variant => variant.FullName)];

    [Theory, MemberData(nameof(Variants))]
    public void There_and_back_is_the_same_to_the_byte(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        using (ImageModel model = ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, labels, seed: 3))
        {
            foreach (Parameter parameter in model.Parameters.All)
                if (parameter.Value.DType == DType.Int64) parameter.Value.Fill_(7); // counters, too
            Conversion first;
            try
            {
                first = Convert(model, variant.Origin, folder["first"]);
            }
            catch (NotSupportedException) when (variant.Origin != Origin.TorchVision)
            {
                return; // at these widths not even its own origin builds it
            }
            foreach (Origin origin in ModelConverter.Targets)
            {
                if (origin == variant.Origin) continue;
                string there = folder[origin.ShortName()], back = folder[origin.ShortName() + "-back"];
                try
                {
                    Convert(model, origin, there);
                }
                catch (NotSupportedException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                    Assert.False(Path.Exists(there));
                    continue;
                }
                using ImageModel other = ModelZoo.Open(there);
                Assert.Equal(labels, other.Labels);
                Assert.Equal(model.Preprocess, other.Preprocess);
                Assert.Equal(0, other.Receipt!.Count(WeightStatus.Unused));
                Conversion again;
                try
                {
                    again = Convert(other, variant.Origin, back);
                }
                catch (NotSupportedException)
                {
                    // some of timm's networks have sizes by a rule that tiny ones do not follow: those of full size lead back
                    ModelConfig whole = ReadBack(variant, origin);
                    Assert.Equal(variant.Name, ModelConverter.Fitted(variant.Family, whole, Origin.Timm)?.Architecture);
                    continue;
                }
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(folder["first"], first.Files[0])),
                    File.ReadAllBytes(Path.Combine(back, again.Files[0])));
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder.Path), path => path.EndsWith(".part"));
    }

    /// <summary>
    /// By configurations alone, which takes no memory: what a target says of a full-size network leads back to it.
    /// </summary>
    [Fact]
    public void Every_variant_that_goes_somewhere_comes_back_under_its_name()
    {
        List<string> lost = [];
        int pairs = 0;
        foreach (ModelVariant variant in ModelZoo.Variants)
            foreach (Origin target in ModelConverter.Targets)
            {
                if (variant.Origin != Origin.TorchVision || target == variant.Origin) continue;
                if (!variant.Family.Origins.Contains(target) || ModelConverter.Fitted(variant, target) is null) continue;
                pairs++;
                string? back = ModelConverter.Fitted(variant.Family, ReadBack(variant, target), variant.Origin)?.Architecture;
                if (back != variant.Name) lost.Add($"{variant} by {target.ShortName()} became {back ?? "nothing"}");
            }
        Assert.Empty(lost);
        Assert.True(pairs >= 30, $"only {pairs} pairs");
    }

    /// <summary>The network as the target's files say it.</summary>
    static ModelConfig ReadBack(ModelVariant variant, Origin target)
    {
        using MemoryStream stream = new();
        string architecture = "";
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            if (target == Origin.HuggingFace)
            {
                writer.WriteString("model_type", variant.Family.HuggingFaceTypeOf(variant.Config));
                Assert.True(variant.Family.ToHuggingFace(variant.Config, writer));
            }
            else
            {
                (architecture, Action<Utf8JsonWriter>? arguments) = variant.Family.ToTimm(variant.Config)!.Value;
                arguments?.Invoke(writer);
            }
            writer.WriteEndObject();
        }
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        var config = new ConfigReader(document.RootElement, "test");
        return target == Origin.HuggingFace ? variant.Family.FromHuggingFace(config)
            : variant.Family.FromTimm(ModelZoo.FindVariant("timm:" + architecture).Config, config);
    }

    static Conversion Convert(ImageModel model, Origin target, string folder) =>
        ModelConverter.Convert(model, target, folder, overwrite: false, anySize: true);

    [Theory]
    [InlineData("hf:resnet-50", Origin.TorchVision, "resnet50", false)]
    [InlineData("hf:resnet-50", Origin.Timm, "resnet50", false)]
    [InlineData("timm:resnet50", Origin.HuggingFace, "ResNetForImageClassification", false)]
    [InlineData("timm:resnet50d", Origin.TorchVision, null, false)]
    [InlineData("timm:resnext50_32x4d", Origin.TorchVision, "resnext50_32x4d", false)]
    [InlineData("torchvision:wide_resnet50_2", Origin.HuggingFace, null, false)]
    [InlineData("hf:convnext-tiny-224", Origin.Timm, "convnext_tiny", true)]
    [InlineData("hf:convnext-tiny-224", Origin.TorchVision, "convnext_tiny", true)]
    [InlineData("timm:convnext_base", Origin.TorchVision, "convnext_base", false)]
    [InlineData("torchvision:convnext_tiny", Origin.HuggingFace, "ConvNextForImageClassification", false)]
    [InlineData("hf:vit-base-patch16-224", Origin.Timm, "vit_base_patch16_224", true)]
    [InlineData("hf:vit-base-patch16-224", Origin.TorchVision, "vit_b_16", true)]
    [InlineData("torchvision:vit_b_16", Origin.HuggingFace, "ViTForImageClassification", false)]
    [InlineData("hf:swin-tiny-patch4-window7-224", Origin.Timm, "swin_tiny_patch4_window7_224", false)]
    [InlineData("hf:swin-tiny-patch4-window7-224", Origin.TorchVision, "swin_t", false)]
    [InlineData("torchvision:swin_v2_t", Origin.HuggingFace, "Swinv2ForImageClassification", false)]
    [InlineData("hf:swinv2-tiny-patch4-window8-256", Origin.TorchVision, "swin_v2_t", false)]
    [InlineData("torchvision:mobilenet_v3_large", Origin.Timm, "mobilenetv3_large_100", false)]
    [InlineData("torchvision:mobilenet_v2", Origin.HuggingFace, "MobileNetV2ForImageClassification", false)]
    [InlineData("hf:mobilenet_v2_1.0_224", Origin.TorchVision, null, false)] // TensorFlow's padding
    public void A_network_gets_the_targets_name_or_none(string name, Origin target, string? expected, bool otherEps)
    {
        (string Architecture, bool OtherEps)? fitted = ModelConverter.Fitted(ModelZoo.FindVariant(name), target);
        Assert.Equal(expected, fitted?.Architecture);
        if (expected is not null) Assert.Equal(otherEps, fitted!.Value.OtherEps);
    }

    [Theory]
    [InlineData("torchvision:swin_v2_t", "\"mlp_ratio\": 4.0,")]
    [InlineData("hf:efficientnet-b0", "\"squeeze_expansion_ratio\": 0.25,")]
    [InlineData("hf:dinov2-small", "\"mlp_ratio\": 4,")]
    public void Whole_and_real_numbers_are_written_as_transformers_wants_them(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = Tiny(name);
        ModelConverter.Convert(model, Origin.HuggingFace, folder["out"]);
        Assert.Contains(expected, File.ReadAllText(Path.Combine(folder["out"], "config.json")));
    }

    [Fact]
    public void Large_eps_are_never_exchanged()
    {
        // TensorFlow's batch norms have 1e-3, torchvision's 1e-5: that is another network
        var config = (ConvNeXt.Config)ModelZoo.FindVariant("hf:convnext-tiny-224").Config with { LastEps = 1e-3 };
        using ImageModel model = ModelZoo.Create(
            new ConvNeXt(), config with { Widths = [4, 4, 8, 8] }, Origin.HuggingFace, Preprocess.ImageNet(), labels);
        using var folder = new TemporaryFolder();
        NotSupportedException error =
            Assert.Throws<NotSupportedException>(() => ModelConverter.Convert(model, Origin.Timm, folder["timm"]));
        Assert.Equal("hf:convnext: timm cannot build such a network.", error.Message);
    }

    [Fact]
    public void What_a_target_cannot_build_is_said_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        using ImageModel deep = Tiny("timm:resnet18d"), beit = Tiny("timm:beit_base_patch16_224");
        string Refused(ImageModel model, Origin target) => Assert.Throws<NotSupportedException>(
            () => ModelConverter.Convert(model, target, folder["out"])).Message;
        Assert.StartsWith(
            "timm:resnet: torchvision cannot build such a network: it has resnet18, ", Refused(deep, Origin.TorchVision));
        Assert.StartsWith("timm:beit: torchvision has no beit; of Graft's families it has ", Refused(beit, Origin.TorchVision));
        Assert.Contains("not to cifar", Refused(deep, Origin.Cifar));
        using ImageModel pooled = ModelZoo.Create(
            deep.Family, deep.Config with { Pool = PoolKind.Max }, Origin.Timm, deep.Preprocess, labels);
        Assert.Contains("has pool Max and head Own", Refused(pooled, Origin.Timm));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone_unless_it_is_to_be_overwritten()
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = Tiny("timm:resnet18");
        string place = folder["out"];
        Directory.CreateDirectory(place);
        ModelConverter.Convert(model, Origin.Timm, place); // an empty one will do
        File.WriteAllText(Path.Combine(place, "notes.txt"), "mine");
        byte[] weights = File.ReadAllBytes(Path.Combine(place, "model.safetensors"));
        model.Start(99);
        IOException error = Assert.Throws<IOException>(() => ModelConverter.Convert(model, Origin.Timm, place));
        Assert.Equal($"{place}: holds something already. --force replaces the model's files in it.", error.Message);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(place, "model.safetensors")));
        ModelConverter.Convert(model, Origin.Timm, place, overwrite: true);
        Assert.NotEqual(weights, File.ReadAllBytes(Path.Combine(place, "model.safetensors")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(place, "notes.txt")));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    static ImageModel Tiny(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        return ModelZoo.Create(variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, labels);
    }

    [Fact]
    public void Torchvisions_Swin_has_the_tables_that_its_code_asks_for()
    {
        foreach (string name in (string[])["swin_t", "swin_v2_t"])
        {
            ModelVariant variant = ModelZoo.FindVariant("torchvision:" + name);
            string path = Path.Combine(ZooTests.NamesFolder, name + ".json");
            using var golden = JsonDocument.Parse(File.ReadAllText(path));
            var theirs = golden.RootElement.EnumerateObject().Where(item => item.Name.Contains(".attn.relative_"))
                .Where(item => !item.Name.EndsWith("bias_table"))
                .ToDictionary(item => item.Name, item => string.Join(", ", item.Value.EnumerateArray()));
            var ours = variant.Family.TablesIn(Origin.TorchVision, variant.Config)
                .ToDictionary(item => item.Entry.Name, item => string.Join(", ", item.Entry.Shape));
            Assert.Equal(theirs.OrderBy(item => item.Key), ours.OrderBy(item => item.Key));
        }
    }
}
