using System.Text.Json.Nodes;
using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Weights in the layout of Flax give the network that the same weights give in PyTorch's.</summary>
public sealed class FlaxTests : IDisposable
{
    static readonly string[] labels = ["ant", "bee", "wasp"];
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A family of each kind of layer: batch norms and their statistics, depthwise convolutions, layer norms.</summary>
    static ImageModel Tiny(string family)
    {
        (ModelFamily its, ModelConfig config) = family switch
        {
            "resnet" => ((ModelFamily)new ResNet(), (ModelConfig)ModelZoo.FindVariant("hf:resnet-50").Config),
            "convnext" => (new ConvNeXt(), new ConvNeXt.Config { Depths = [1, 1, 2, 1], Widths = [8, 8, 16, 16] }),
            _ => throw new ArgumentOutOfRangeException(nameof(family)),
        };
        if (config is ResNet.Config resnet) config = resnet with { Widths = [8, 8, 16, 16] };
        ImageModel model = ModelZoo.Create(its, config, Origin.HuggingFace, Preprocess.ImageNet(64), labels, seed: 3);
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in model.Parameters.All) // statistics that matter
            if (parameter.Value.DType == DType.Float32 && parameter.Shape.Length == 1)
                new Initializer(5, parameter.Name).Uniform(parameter, 0.5, 1.5);
        return model;
    }

    /// <summary>The weights of transformers as Flax has them.</summary>
    static List<(ArrayEntry, ReadOnlyMemory<byte>)> InFlax(ArrayFile file, bool collections)
    {
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
        foreach (ArrayEntry entry in file.Entries)
        {
            if (entry.Name.EndsWith("num_batches_tracked")) continue;
            int dot = entry.Name.LastIndexOf('.');
            string last = entry.Name[(dot + 1)..], collection = last.StartsWith("running") ? "batch_stats." : "params.";
            string renamed = (last, entry.Shape.Count) switch
            {
                ("weight", 1) => "scale",
                ("weight", _) => "kernel",
                ("running_mean", _) => "mean",
                ("running_var", _) => "var",
                _ => last,
            };
            float[] values = file.ToSingles(entry);
            long[] shape = [.. entry.Shape];
            if (renamed == "kernel")
            {
                using var scope = new TensorScope();
                int[] order = shape.Length == 4 ? [2, 3, 1, 0] : [1, 0];
                Tensor turned = Tensor.FromSpan<float>(values, shape).Permute([.. order.Select(i => (long)i)]).Contiguous();
                (values, shape) = (turned.ToArray<float>(), turned.Shape);
            }
            byte[] bytes = new byte[4 * values.Length];
            Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
            string name = (collections ? collection : "") + entry.Name[..(dot + 1)] + renamed;
            arrays.Add((new ArrayEntry(name, ElementType.Float32, shape), bytes));
        }
        return arrays;
    }

    [Theory]
    [InlineData("resnet", true)]
    [InlineData("convnext", false)]
    public void A_folder_opens_with_the_same_weights_and_logits(string family, bool collections)
    {
        long before = Tensor.LiveCount;
        using (ImageModel model = Tiny(family))
        using (var scope = new TensorScope())
        {
            ModelSaver.SaveHuggingFace(model, folder["m"]);
            string weights = Path.Combine(folder["m"], "model.safetensors");
            List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays;
            using (ArrayFile file = WeightFile.Open(weights)) arrays = InFlax(file, collections);
            File.Delete(weights);
            string flax = Path.Combine(folder["m"], "flax_model.msgpack");
            FlaxWriter.Write(flax, arrays);
            AssertSame(model, folder["m"]);

            // in two parts
            File.Delete(flax);
            int half = arrays.Count / 2;
            FlaxWriter.Write(Path.Combine(folder["m"], "1.msgpack"), arrays[..half]);
            FlaxWriter.Write(Path.Combine(folder["m"], "2.msgpack"), arrays[half..]);
            var map = new JsonObject();
            for (int i = 0; i < arrays.Count; i++)
                map[arrays[i].Entry.Name.Replace('.', '/')] = i < half ? "1.msgpack" : "2.msgpack";
            File.WriteAllText(flax + ".index.json", new JsonObject { ["weight_map"] = map }.ToJsonString());
            AssertSame(model, folder["m"]);

            // by its names and shapes alone
            string bare = folder["bare.msgpack"];
            FlaxWriter.Write(bare, arrays);
            using ImageModel plain = ModelZoo.Open(bare);
            Assert.Equal((Origin.Flax, model.Family.Name), (plain.Origin, plain.Family.Name));
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    static void AssertSame(ImageModel model, string folder)
    {
        using ImageModel again = ModelZoo.Open(folder);
        Assert.Equal(Origin.Flax, again.Origin);
        Assert.Equal($"flax:{model.Name}", again.FullName);
        Assert.Equal(labels, again.Labels);
        Assert.Equal(0, again.Receipt!.Count(WeightStatus.Unused));
        ReceiptEntry head = Assert.Single(again.Receipt.Entries, entry => entry.Name == model.HeadPath + ".weight");
        Assert.Equal(WeightStatus.Reshaped, head.Status);
        Assert.EndsWith(".kernel", head.Source);
        Assert.Equal([model.FeatureCount, 3], head.SourceShape!);
        foreach (Parameter parameter in model.Parameters.All)
            if (parameter.Value.DType == DType.Float32)
                Assert.True(again.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor images = Tensor.Randn([2, 3, 64, 64]);
        Assert.Equal(model.Forward(images).ToArray<float>(), again.Forward(images).ToArray<float>());
    }

    static byte[] Counted(int count) => [.. Enumerable.Range(0, count).SelectMany(i => BitConverter.GetBytes((float)i))];

    [Fact]
    public void Kernels_of_every_kind_are_turned()
    {
        (string Name, long[] Shape)[] arrays =
        [
            ("params.a.kernel", [2, 3]), ("params.conv.kernel", [2, 1, 3, 2]), ("params.attention.query.kernel", [3, 2, 2]),
            ("params.attention.query.bias", [2, 2]), ("params.attention.out.kernel", [2, 2, 3]),
            ("params.table.embedding", [3, 2]),
            ("params.norm.scale", [2]), ("params.cls", [1, 1, 2]), ("batch_stats.norm.mean", [2]), ("params.mean", [2]),
        ];
        string path = folder["x.msgpack"];
        FlaxWriter.Write(path, [.. arrays.Select(one => (new ArrayEntry(one.Name, ElementType.Float32, one.Shape),
            (ReadOnlyMemory<byte>)Counted((int)one.Shape.Aggregate(1L, (a, b) => a * b))))]);
        using ArrayFile file = FlaxLayout.Of(WeightFile.Open(path));
        (string, long[], float[])[] expected =
        [
            ("a.weight", [3, 2], [0, 3, 1, 4, 2, 5]),
            ("conv.weight", [2, 3, 2, 1], [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]),
            ("attention.query.weight", [4, 3], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]),
            ("attention.query.bias", [4], [0, 1, 2, 3]),
            ("attention.out.weight", [3, 4], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]),
            ("table.weight", [3, 2], [0, 1, 2, 3, 4, 5]),
            ("norm.weight", [2], [0, 1]), ("cls", [1, 1, 2], [0, 1]), ("norm.running_mean", [2], [0, 1]), ("mean", [2], [0, 1]),
        ];
        foreach ((string name, long[] shape, float[] values) in expected)
        {
            Assert.True(file.TryFind(name, out ArrayEntry entry), name);
            Assert.Equal(shape, entry.Shape);
            Assert.Equal(values, file.ToSingles(entry));
        }
        Assert.Equal(expected.Length, file.Entries.Count);
    }

    [Fact]
    public void Two_names_of_one_weight_and_other_origins_names_are_refused()
    {
        string path = folder["x.msgpack"];
        FlaxWriter.Write(path, [(new("a.scale", ElementType.Float32, [1]), Counted(1)),
            (new("a.embedding", ElementType.Float32, [1]), Counted(1))]);
        Assert.Contains("are the same weight", Assert.Throws<InvalidDataException>(() => ModelZoo.Open(path)).Message);
        FlaxWriter.Write(path, [(new("a.scale", ElementType.Float32, [1]), Counted(1))]);
        Assert.Contains("Hugging Face's names", Assert.Throws<NotSupportedException>(() =>
            ModelZoo.Open(path, new ModelOptions { Architecture = "timm:resnet18" })).Message);
    }
}
