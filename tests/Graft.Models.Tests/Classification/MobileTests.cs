using System.Text;
using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Models.Classification.Mobile;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Classification;

/// <summary>What the origins' configurations say about EfficientNets and MobileNets, both ways.</summary>
public class MobileTests
{
    static readonly EfficientNet efficientNet = new();
    static readonly MobileNetV3 mobileNetV3 = new();

    public static TheoryData<string> TimmAndTorchVision =>
    [
        .. ModelZoo.Variants.Where(variant => variant.Family.Name is "efficientnet" or "mobilenet_v3" &&
            variant.Origin != Origin.HuggingFace).Select(variant => variant.FullName),
    ];

    [Theory, MemberData(nameof(TimmAndTorchVision))]
    public void Timm_builds_them_all(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        Assert.True(variant.Family.ToTimm(variant.Config) is not null, "timm has no such network");
        (string architecture, Action<Utf8JsonWriter>? arguments) = variant.Family.ToTimm(variant.Config)!.Value;
        if (variant.Origin == Origin.Timm) Assert.Null(arguments);
        ModelVariant timms = ModelZoo.FindVariant("timm:" + architecture);
        ModelConfig again = variant.Family.FromTimm(timms.Config, Reader(Json(writer => arguments?.Invoke(writer))));
        Assert.Equal(variant.Family.Signature(variant.Config), variant.Family.Signature(again));
    }

    [Theory]
    [InlineData("efficientnet_b0", """{"act_layer":"relu","bn_eps":0.01,"pad_type":"same","bn_momentum":0.2}""")]
    [InlineData("tf_efficientnet_lite0", """{"act_layer":"silu","output_stride":16}""")]
    [InlineData("efficientnet_b0", """{"stem_kernel_size":5,"bn_eps":0.001}""")]
    [InlineData("mobilenetv3_large_100", """{"act_layer":"relu","bn_eps":0.001}""")]
    [InlineData("tf_mobilenetv3_small_075", """{"pad_type":"","bn_momentum":0.01}""")]
    public void Arguments_of_timms_come_back(string name, string arguments)
    {
        ModelVariant variant = ModelZoo.FindVariant("timm:" + name);
        ModelConfig changed = Changed(name, arguments);
        (string architecture, Action<Utf8JsonWriter>? written) = variant.Family.ToTimm(changed)!.Value;
        ModelConfig again = variant.Family.FromTimm(
            ModelZoo.FindVariant("timm:" + architecture).Config, Reader(Json(writer => written?.Invoke(writer))));
        Assert.NotEqual(variant.Family.Signature(variant.Config), variant.Family.Signature(changed));
        Assert.Equal(variant.Family.Signature(changed), variant.Family.Signature(again));
    }

    [Theory]
    [InlineData("efficientnetv2_s", """{"depth_multiplier":1.1}""", "3 5 5 7 10 17")]
    [InlineData("efficientnetv2_s", """{"depth_multiplier":[1,1,1,2,1,1]}""", "2 4 4 12 9 15")]
    [InlineData("efficientnet_lite1", "{}", "1 3 3 4 4 5 1")] // the ends stay as they are
    [InlineData("efficientnet_em", "{}", "2 3 5 6 5 3")]
    [InlineData("mobilenetv3_large_150d", "{}", "2 3 4 5 3 4 2")]
    [InlineData("mobilenetv3_large_100", """{"depth_multiplier":1.2}""", "2 3 4 5 3 4 2")]
    public void Depths_are_rounded_as_timm_does(string name, string arguments, string depths) =>
        Assert.Equal(depths, string.Join(' ', Changed(name, arguments).Stages.Select(stage => stage.Count)));

    [Theory]
    [InlineData("efficientnet_b3", "{}", "40 24 32 48 96 136 232 384 1536")]
    [InlineData("efficientnet_lite3", "{}", "32 24 32 48 96 136 232 384 1280")] // the stem and the head stay as they are
    [InlineData("tf_efficientnetv2_b3", "{}", "40 16 40 56 112 136 232 1536")] // rounded down as far as it goes
    [InlineData("efficientnetv2_s", """{"channel_multiplier":0.5}""", "16 16 24 32 64 80 128 640")]
    [InlineData("efficientnetv2_s", """{"channel_multiplier":0.5,"fix_stem":true}""", "24 16 24 32 64 80 128 640")]
    [InlineData("efficientnet_b0", """{"channel_divisor":16}""", "32 16 32 48 80 112 192 320 1280")]
    [InlineData("mobilenetv3_small_050", "{}", "16 8 16 24 24 48 288 1024")]
    public void Channels_are_rounded_as_timm_does(string name, string arguments, string widths)
    {
        MobileConfig its = Changed(name, arguments);
        int[] found = [its.Stem, .. its.Stages.Select(stage => stage[0].Channels), its.Features];
        Assert.Equal(widths, string.Join(' ', found));
    }

    [Fact]
    public void An_activation_of_timms_replaces_the_networks_and_not_the_blocks()
    {
        MobileConfig changed = Changed("mobilenetv3_small_100", """{"act_layer":"silu"}""");
        Assert.Equal(ActivationKind.Silu, changed.Activation);
        Assert.Equal(ActivationKind.Relu, changed.Stages[0][0].Activation);
        Assert.Equal(ActivationKind.Silu, changed.Stages[2][0].Activation);
        Assert.Equal(ActivationKind.Relu, changed.SqueezeActivation);
    }

    [Theory]
    [InlineData(32, 4)]
    [InlineData(16, 8)]
    [InlineData(8, 16)]
    public void EfficientNets_last_stage(int outputStride, int size)
    {
        MobileConfig config = Changed("test_efficientnet", $$"""{"output_stride":{{outputStride}}}""");
        using ImageModel model = ModelZoo.Create(efficientNet, config with { Classes = 0 }, Origin.Timm, Preprocess.ImageNet());
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Assert.Equal([1, 256, size, size], model.Backbone.Map(Tensor.Randn([1, 3, 128, 128])).Shape);
    }

    public static TheoryData<string> KerasConfigs =>
    [
        """{"width_coefficient":1.0,"depth_coefficient":1.0,"hidden_dim":1280}""",
        """{"width_coefficient":0.25,"depth_coefficient":0.35,"hidden_dim":320,"depthwise_padding":[3,7]}""",
        """
        {"width_coefficient":0.5,"depth_coefficient":1.0,"depth_divisor":6,"hidden_dim":642,"squeeze_expansion_ratio":0.1,
        "kernel_sizes":[3,7,5],"in_channels":[32,40,64],"out_channels":[40,64,192],"strides":[1,2,2],"num_block_repeats":[2,1,3],
        "expand_ratios":[6,1,4],"hidden_act":"relu6","pooling_type":"max","batch_norm_eps":0.01}
        """,
        """
        {"width_coefficient":1.0,"depth_coefficient":1.0,"hidden_dim":1280,"strides":[2,2,2,2,2,2,2],"dropout_rate":0.1}
        """,
    ];

    [Theory, MemberData(nameof(KerasConfigs))]
    public void Configs_of_transformers_come_back(string config)
    {
        ModelConfig read = efficientNet.FromHuggingFace(Reader(config));
        string written = Json(writer => Assert.True(efficientNet.ToHuggingFace(read, writer)));
        ModelConfig again = efficientNet.FromHuggingFace(Reader(written));
        Assert.Equal(efficientNet.Signature(read), efficientNet.Signature(again));
        Assert.Equal(read.Dropout, again.Dropout);
        Assert.Equal(((MobileConfig)read).DropPath, ((MobileConfig)again).DropPath);
        using JsonDocument document = JsonDocument.Parse(written);
        foreach (string key in (string[])["width_coefficient", "depth_coefficient", "squeeze_expansion_ratio", "batch_norm_eps"])
            Assert.Contains('.', document.RootElement.GetProperty(key).GetRawText()); // transformers takes no whole number
    }

    [Fact]
    public void Variants_of_transformers_come_back()
    {
        foreach (ModelVariant variant in efficientNet.Variants.Where(variant => variant.Origin == Origin.HuggingFace))
        {
            string written = Json(writer => Assert.True(efficientNet.ToHuggingFace(variant.Config, writer)));
            Assert.Equal(
                efficientNet.Signature(variant.Config), efficientNet.Signature(efficientNet.FromHuggingFace(Reader(written))));
        }
    }

    [Fact]
    public void Others_borders_are_not_transformers()
    {
        foreach (string name in (string[])["torchvision:efficientnet_b0", "timm:tf_efficientnet_b0", "timm:efficientnetv2_s"])
            Json(writer => Assert.False(efficientNet.ToHuggingFace(ModelZoo.FindVariant(name).Config, writer)));
    }

    [Theory]
    [InlineData("""{"width_coefficient":1.0,"hidden_dim":2560}""", "hidden_dim: expected 1280")]
    [InlineData("""{"width_coefficient":1.0,"hidden_dim":1280,"in_channels":[32,24,24,40,80,112,192]}""", "in_channels: stage 1")]
    [InlineData("""{"width_coefficient":64,"hidden_dim":1280}""", "width_coefficient: expected at most 65536 channels")]
    [InlineData("""{"strides":[1,2]}""", "strides: expected 7 whole numbers")]
    [InlineData("""{"strides":[1,2,3,2,1,2,1]}""", "strides: expected a whole number from 1 to 2")]
    [InlineData("""{"depth_coefficient":64,"num_block_repeats":[1,2,2,3,3,400,1]}""", "num_block_repeats: expected at most 1024")]
    [InlineData("""{"hidden_act":"wish"}""", "hidden_act: the activation 'wish' is not known")]
    [InlineData("""{"pooling_type":"none"}""", "pooling_type: Graft knows mean or max")]
    public void A_lying_config_gets_one_clear_line(string config, string expected)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => efficientNet.FromHuggingFace(Reader(config)));
        Assert.True(error is InvalidDataException or NotSupportedException, error.GetType().Name);
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("""{"stage":1}""", "stage: expected 0")]
    [InlineData("""{"stage":0,"count":1025}""", "count: expected a whole number from 1 to 1024")]
    [InlineData("""{"stage":0,"channels":8}""", "expected channels and wide of at least 1")]
    [InlineData("""{"stage":0,"kind":"Separable","channels":8,"residual":true}""", "residual: expected stride 1 and 32 channels")]
    public void Lying_settings_get_one_clear_line(string block, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => efficientNet.Read(Reader($$"""{"blocks":[{{block}}]}""")));
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData("timm:mobilenetv3_small_075")]
    [InlineData("timm:efficientnet_lite0")]
    [InlineData("timm:tf_efficientnetv2_b0")]
    [InlineData("torchvision:mobilenet_v3_small")]
    [InlineData("hf:efficientnet-b0")]
    public void A_bare_file_is_recognised(string name)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = ModelZoo.Create(name, 3);
        ModelSaver.WriteWeights(model, folder["."], model.Origin);
        using ImageModel again = ModelZoo.Open(folder["model.safetensors"]);
        Assert.Equal(name, again.FullName);
        Assert.Equal(3, again.Classes);
        Assert.Equal(model.Family.Signature(model.Config), model.Family.Signature(again.Config));
    }

    [Theory]
    [InlineData("tf_mobilenetv3_small_minimal_100-922a7843", "tf_mobilenetv3_small_minimal_100", 1e-3)]
    [InlineData("tf_mobilenetv3_small_075-da427f52", "tf_mobilenetv3_small_075", 1e-3)]
    [InlineData("mobilenetv3_small_075_lambc-384766db", "mobilenetv3_small_075", 1e-5)]
    [InlineData("photos", "mobilenetv3_small_075", 1e-5)]
    public void What_shapes_do_not_tell_the_files_name_does(string file, string name, double eps)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = ModelZoo.Create("timm:" + name, 3);
        ModelSaver.WriteWeights(model, folder["."], Origin.Timm);
        File.Move(folder["model.safetensors"], folder[file + ".safetensors"]);
        using ImageModel again = ModelZoo.Open(folder[file + ".safetensors"]);
        Assert.Equal("timm:" + name, again.FullName);
        Assert.Equal(eps, ((MobileConfig)again.Config).Eps);
        Assert.Equal(ModelZoo.FindVariant("timm:" + name).Preprocess, again.Preprocess);
    }

    static MobileConfig Changed(string name, string arguments)
    {
        ModelVariant variant = ModelZoo.FindVariant("timm:" + name);
        ConfigReader reader = Reader(arguments);
        ModelConfig changed = variant.Family.FromTimm(variant.Config, reader);
        reader.RefuseUnknown();
        return (MobileConfig)changed;
    }

    static ConfigReader Reader(string json) => new(JsonDocument.Parse(json).RootElement, "config");

    static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
