using System.Text.Json.Nodes;
using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>What folders say, true or not.</summary>
public sealed class ModelFolderTests : IDisposable
{
    static readonly string[] labels = ["zebra", "ant", "bee"];
    readonly TemporaryFolder folder = new();

    public ModelFolderTests()
    {
        var config = new ConvNeXt.Config { Depths = [1, 1, 2, 1], Widths = [8, 8, 16, 16] };
        using ImageModel model = ModelZoo.Create(new ConvNeXt(), config, Origin.Timm, Preprocess.ImageNet(64), labels);
        ModelSaver.SaveHuggingFace(model, folder["hf"]);
        ModelSaver.SaveTimm(model, folder["timm"]);
    }

    public void Dispose() => folder.Dispose();

    string Changed(string layout, Action<JsonNode> change)
    {
        string path = Path.Combine(folder[layout], "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(path))!;
        change(config);
        File.WriteAllText(path, config.ToJsonString());
        return folder[layout];
    }

    [Fact]
    public void The_config_is_transformers_own()
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["hf"], "config.json")))!;
        Assert.Equal("ConvNextForImageClassification", (string)config["architectures"]![0]!);
        Assert.Equal("convnext", (string)config["model_type"]!);
        Assert.Equal("[8,8,16,16]", config["hidden_sizes"]!.ToJsonString());
        Assert.Equal("[1,1,2,1]", config["depths"]!.ToJsonString());
        Assert.Equal(1e-6, (double)config["layer_norm_eps"]!);
        Assert.Equal("zebra", (string)config["id2label"]!["0"]!);
        Assert.Equal(2, (int)config["label2id"]!["bee"]!);
        Assert.Equal(3, (int)config["num_labels"]!);
        Assert.Equal("float32", (string)config["torch_dtype"]!);
        using ArrayFile file = WeightFile.Open(Path.Combine(folder["hf"], "model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.True(file.TryFind("convnext.encoder.stages.2.layers.1.layer_scale_parameter", out _));
        Assert.True(file.TryFind("classifier.weight", out _));
    }

    /// <summary>torchvision's two weights of a network differ in how large images are before the crop.</summary>
    [Theory]
    [InlineData("torchvision:mobilenet_v2", 256)]
    [InlineData("torchvision:mobilenet_v2:IMAGENET1K_V1", 256)]
    [InlineData("torchvision:mobilenet_v2:IMAGENET1K_V2", 232)]
    [InlineData("MobileNet_V2_Weights.IMAGENET1K_V2", 232)]
    public void A_file_told_to_be_of_published_weights_is_prepared_as_these(string architecture, int resized)
    {
        using (ImageModel model = ModelZoo.Create("torchvision:mobilenet_v2", labels))
            ModelSaver.SaveTorchVision(model, folder["tv"], "weights");
        string file = Path.Combine(folder["tv"], "weights.pth");
        using ImageModel opened = ModelZoo.Open(file, new ModelOptions { Architecture = architecture });
        Assert.Equal("torchvision:mobilenet_v2", opened.FullName);
        Assert.Equal(resized, opened.Preprocess.ResizeHeight);
        Assert.Equal(3, opened.Classes);
    }

    [Fact]
    public void A_timm_model_in_transformers_wrapper_opens()
    {
        string path = Changed("timm", config => config["model_type"] = "timm_wrapper");
        File.Move(Path.Combine(path, "model.safetensors"), Path.Combine(path, "weights.safetensors")); // the only one there
        using ImageModel model = ModelZoo.Open(path);
        Assert.Equal("timm:convnext_tiny", model.FullName);
        File.Copy(Path.Combine(path, "weights.safetensors"), Path.Combine(path, "others.pth"));
        Assert.Contains("has 2 files of weights: name one of others.pth, weights.safetensors",
            Assert.Throws<FileNotFoundException>(() => ModelZoo.Open(path)).Message);
    }

    [Fact]
    public void Labels_go_by_their_index()
    {
        string path = Changed("hf", config => config["id2label"] = new JsonObject { ["2"] = "c", ["0"] = "a", ["1"] = "b" });
        using ImageModel model = ModelZoo.Open(path);
        Assert.Equal(["a", "b", "c"], model.Labels);
    }

    [Theory]
    [InlineData("hf", "hidden_sizes", "[8, 8, 16, 32]", "as configured expects")]
    [InlineData("hf", "hidden_sizes", "[8, 8, 16]", "found 4 and 3")]
    [InlineData("hf", "hidden_sizes", "[8, 8, 16, -1]", "hidden_sizes: expected a whole number from 1 to 65536, found -1")]
    [InlineData("hf", "hidden_sizes", "[8, 8, 16, 1e300]", "hidden_sizes: expected a whole number")]
    [InlineData("hf", "hidden_sizes", "\"wide\"", "hidden_sizes: expected a list of whole numbers, found \"wide\"")]
    [InlineData("hf", "hidden_sizes", "[65536, 65536, 65536, 65536]", "far more than this file holds")]
    [InlineData("hf", "depths", "[1, 1, 1, 1]", "holds convnext.encoder.stages.2.layers.1")]
    [InlineData("hf", "depths", "[1, 1, 3, 1]", "incomplete: 9 of the")]
    [InlineData("hf", "depths", "[1, 1, 2, 100000]", "depths: expected a whole number from 1 to 512, found 100000")]
    [InlineData("hf", "patch_size", "2", "patch_embeddings.weight")]
    [InlineData("hf", "num_channels", "1", "as configured expects [8, 1,")]
    [InlineData("hf", "hidden_act", "\"mish\"", "the activation 'mish' is not known")]
    [InlineData("hf", "model_type", "\"convnet\"", "Did you mean convnext?")]
    [InlineData("hf", "id2label", "{\"0\": \"a\", \"2\": \"b\"}", "id2label: expected the indices 0 to 1")]
    [InlineData("hf", "id2label", "{\"0\": \"a\", \"1\": \"b\"}", "head.fc.weight: expected [2, 16], found [3, 16]. graft train")]
    [InlineData("timm", "architecture", "\"convnext_tinny\"", "Did you mean timm:convnext_tiny")]
    [InlineData("timm", "num_classes", "7", "label_names: expected 7 labels, as num_classes says, found 3")]
    [InlineData("timm", "model_args", "{\"depths\": [1, 1, 2, 1], \"dims\": [8, 8, 16]}", "dims: expected 4 whole numbers")]
    [InlineData("timm", "model_args", "{\"use_grn\": true}", "as configured expects")]
    [InlineData("timm", "model_args", "{\"magic\": 1}", "Graft does not know the argument magic")]
    [InlineData("timm", "model_args", "null", "as configured expects")]
    [InlineData("timm", "global_pool", "\"max\"", "global_pool: Graft knows avg")]
    public void A_lying_config_gets_one_clear_line(string layout, string key, string value, string expected)
    {
        string path = Changed(layout, config => config[key] = JsonNode.Parse(value));
        long before = Tensor.LiveCount;
        Exception? error = Record.Exception(() => ModelZoo.Open(path));
        Assert.True(error is InvalidDataException or NotSupportedException, error?.ToString() ?? "nothing was refused");
        Assert.Contains(expected, error!.Message);
        Assert.DoesNotContain('\n', error!.Message);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[1]", "expected a JSON object, found [1]")]
    [InlineData("{\"a\": 1", "not valid JSON")]
    [InlineData("{}", "expected a model_type (Hugging Face) or an architecture (timm), found neither")]
    public void What_is_no_config_gets_one_clear_line(string text, string expected)
    {
        File.WriteAllText(Path.Combine(folder["hf"], "config.json"), text);
        string message = Assert.Throws<InvalidDataException>(() => ModelZoo.Open(folder["hf"])).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Absent_things_are_named()
    {
        File.Delete(Path.Combine(folder["hf"], "model.safetensors"));
        string Refused<T>(string path) where T : Exception => Assert.Throws<T>(() => ModelZoo.Open(path)).Message;
        string Unknown(string name) => Assert.Throws<ArgumentException>(() => ModelZoo.Create(name, 2)).Message;
        Assert.Contains("has no weights: expected one of model.safetensors", Refused<FileNotFoundException>(folder["hf"]));
        Assert.Contains("there is no such file or folder", Refused<FileNotFoundException>("no/such.pth"));
        Assert.Contains(
            "name one of timm/resnet18.a1_in1k, timm/resnet18.a2_in1k", Refused<FileNotFoundException>("timm:resnet18"));
        Assert.Contains("--arch facebook:convnext_tiny", Refused<FileNotFoundException>("facebook:convnext_tiny"));
        Assert.Contains(", resnet18", Refused<ArgumentException>("resnet_18"));
        Assert.Contains("Did you mean timm:resnet18", Unknown("timm:resnt18"));
        Assert.Contains("the origin 'tim' is not known", Unknown("tim:resnet18"));
    }

    [Fact]
    public void A_bare_models_file_and_shards_open()
    {
        string weights = Path.Combine(folder["hf"], "model.safetensors");
        using (ArrayFile file = WeightFile.Open(weights))
        {
            (ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)[] all = [.. file.Entries
                .Where(entry => !entry.Name.StartsWith("classifier"))
                .Select(entry => (
                    entry with { Name = entry.Name["convnext.".Length..] }, (ReadOnlyMemory<byte>)file.Bytes(entry).ToArray()))];
            SafetensorsWriter.Write(Path.Combine(folder["hf"], "a.safetensors"), all[..9]);
            SafetensorsWriter.Write(Path.Combine(folder["hf"], "b.safetensors"), all[9..]);
            var map = new JsonObject();
            for (int i = 0; i < all.Length; i++) map[all[i].Entry.Name] = i < 9 ? "a.safetensors" : "b.safetensors";
            File.WriteAllText(weights + ".index.json", new JsonObject { ["weight_map"] = map }.ToJsonString());
        }
        using (ImageModel whole = ModelZoo.Open(folder["hf"]))
        {
            File.Delete(weights);
            Assert.Contains("has no head", Assert.Throws<InvalidDataException>(() => ModelZoo.Open(folder["hf"])).Message);
            using ImageModel parts = ModelZoo.Open(folder["hf"], new ModelOptions { ResetHead = true });
            Assert.True(parts.Receipt!.HasNewHead);
            Assert.Equal(64, parts.WeightsSha256.Length);
            foreach (Nn.Parameter parameter in whole.Parameters.All)
                if (!parameter.Name.StartsWith("head.fc"))
                    Assert.True(parts.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        }
    }
}
