using System.Runtime.InteropServices;
using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>What the loader takes, converts, reports and refuses.</summary>
public sealed class WeightLoaderTests : IDisposable
{
    const string NewHead = "graft train starts a new head; in code, ModelOptions.ResetHead does.";

    readonly TemporaryFolder folder = new();

    static readonly ResNet.Config small = new()
    {
        Depths = [1, 1, 1, 1],
        Widths = [8, 8, 16, 16],
        Bottlenecks = [false, false, false, false],
        StemWidths = [8],
        Classes = 3,
    };

    public void Dispose() => folder.Dispose();

    static ImageModel Model(ResNet.Config? config = null, ulong seed = 1) =>
        ModelZoo.Create(new ResNet(), config ?? small, Origin.TorchVision, Preprocess.ImageNet(64), seed: seed);

    /// <summary>A model's weights as a file, under torchvision's names, changed by <paramref name="change"/>.</summary>
    string Save(ImageModel model, Func<string, string?>? rename = null, ElementType type = ElementType.Float32)
    {
        string path = folder["w.safetensors"];
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
        foreach (Parameter parameter in model.Parameters.All)
        {
            if ((rename is null ? parameter.Name : rename(parameter.Name)) is not { } theirs) continue;
            bool counter = parameter.Value.DType == DType.Int64;
            byte[] As<T>(Converter<float, T> convert) where T : unmanaged =>
                MemoryMarshal.AsBytes<T>(Array.ConvertAll(parameter.Value.ToArray<float>(), convert)).ToArray();
            byte[] bytes = counter ? parameter.Value.AsBytes().ToArray() : type switch
            {
                ElementType.Float16 => As(x => (Half)x),
                ElementType.BFloat16 => As(x => (ushort)(BitConverter.SingleToInt32Bits(x) >> 16)),
                ElementType.Float64 => As(x => (double)x),
                ElementType.Int32 => As(x => (int)x),
                _ => parameter.Value.AsBytes().ToArray(),
            };
            arrays.Add((new ArrayEntry(theirs, counter ? ElementType.Int64 : type, parameter.Shape), bytes));
        }
        SafetensorsWriter.Write(path, arrays, SafetensorsWriter.PyTorchMetadata);
        return path;
    }

    static Receipt Load(ImageModel into, string path, HeadPolicy head = HeadPolicy.Keep)
    {
        using ArrayFile file = WeightFile.Open(path);
        return WeightLoader.Load(into, file, Origin.TorchVision, head);
    }

    [Fact]
    public void Every_tensor_is_matched_and_said_so()
    {
        using ImageModel from = Model(seed: 1), to = Model(seed: 2);
        Receipt receipt = Load(to, Save(from));
        Assert.Equal(from.Parameters.All.Count, receipt.Count(WeightStatus.Matched));
        Assert.Equal($"{from.Parameters.All.Count} matched", receipt.Summary);
        foreach (Parameter parameter in from.Parameters.All)
            Assert.True(to.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value));
        Assert.All(to.Parameters.Weights, weight => Assert.True(weight.RequiresGrad));
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("module._orig_mod.")]
    [InlineData("backbone.")]
    public void A_prefix_that_all_share_is_taken_off(string prefix)
    {
        using ImageModel from = Model(), to = Model(seed: 2);
        Receipt receipt = Load(to, Save(from, name => prefix + name));
        Assert.Equal(prefix, receipt.Prefix);
        Assert.Equal(from.Parameters.All.Count, receipt.Count(WeightStatus.Renamed));
        Assert.Contains($"'{prefix}' was taken off", receipt.Summary);
    }

    [Theory]
    [InlineData(ElementType.Float16, 1e-3)]
    [InlineData(ElementType.BFloat16, 1e-2)]
    [InlineData(ElementType.Float64, 0)]
    public void Other_precisions_become_float32(ElementType type, double tolerance)
    {
        using ImageModel from = Model(), to = Model(seed: 2);
        Receipt receipt = Load(to, Save(from, type: type));
        Assert.Contains($"{type.TorchName()} became float32", receipt.Summary);
        using var scope = new TensorScope();
        foreach (Parameter parameter in from.Parameters.All)
        {
            float[] wanted = parameter.Value.To(DType.Float32).ToArray<float>();
            float[] found = to.Parameters.Find(parameter.Name)!.Value.To(DType.Float32).ToArray<float>();
            for (int i = 0; i < wanted.Length; i++)
                Assert.True(Math.Abs(wanted[i] - found[i]) <= tolerance * Math.Abs(wanted[i]) + 1e-7);
        }
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        using ImageModel from = Model();
        string path = Save(from, type: ElementType.Int32);
        Assert.Contains("expected real numbers, found int32", Refused(() => Load(from, path)));
    }

    [Fact]
    public void Counters_may_be_left_out()
    {
        using ImageModel from = Model(), to = Model(seed: 2);
        Receipt receipt = Load(to, Save(from, name => name.EndsWith("num_batches_tracked") ? null : name));
        int others = from.Parameters.All.Count(parameter => !parameter.Name.EndsWith("num_batches_tracked"));
        Assert.Equal(others, receipt.Entries.Count);
    }

    [Fact]
    public void An_incomplete_backbone_is_refused_by_names_and_counts()
    {
        using ImageModel from = Model();
        string path = Save(from, name => name.StartsWith("layer3") ? null : name);
        string message = Refused(() => Load(from, path));
        Assert.Contains("incomplete: 15 of the 60 tensors", message);
        Assert.Contains("layer3.0.conv1.weight, layer3.0.bn1.weight, layer3.0.bn1.bias and 12 more", message);
    }

    [Fact]
    public void A_near_miss_is_suggested()
    {
        using ImageModel from = Model();
        string path = Save(from, name => name == "layer2.0.conv1.weight" ? "layer2.0.conv_1.weight" : name);
        Assert.Contains("Did the file mean it by layer2.0.conv_1.weight?", Refused(() => Load(from, path)));
    }

    [Fact]
    public void Another_familys_file_is_named_as_such()
    {
        var config = new ConvNeXt.Config { Depths = [1, 1, 1, 1], Widths = [4, 4, 8, 8], Classes = 3 };
        using ImageModel other = ModelZoo.Create(new ConvNeXt(), config, Origin.Timm, Preprocess.ImageNet());
        using ImageModel model = Model();
        string path = Save(other);
        Assert.Contains("It looks like timm:convnext.", Refused(() => Load(model, path)));
    }

    [Fact]
    public void Sizes_that_differ_are_refused_by_the_first()
    {
        using ImageModel from = Model(), to = Model(small with { Widths = [8, 8, 16, 24] });
        string path = Save(from);
        string message = Refused(() => Load(to, path));
        Assert.Contains("layer4.0.conv1.weight: torchvision:resnet as configured expects [24, 16, 3, 3]", message);
        Assert.Contains("found [16, 16, 3, 3], and 14 more", message);
    }

    [Fact]
    public void Layers_that_the_configuration_does_not_have_are_refused()
    {
        using ImageModel from = Model(small with { Depths = [1, 1, 2, 1] }), to = Model();
        string path = Save(from);
        Assert.Contains("holds layer3.1.", Refused(() => Load(to, path)));
    }

    [Fact]
    public void What_is_no_part_of_the_network_is_reported_as_unused()
    {
        using ImageModel from = Model();
        string path = Save(from);
        using (ArrayFile file = WeightFile.Open(path))
        {
            List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
            foreach (ArrayEntry entry in file.Entries) arrays.Add((entry, file.Bytes(entry).ToArray()));
            arrays.Add((new ArrayEntry("optimizer.momentum", ElementType.Float32, [2]), new byte[8]));
            SafetensorsWriter.Write(folder["more.safetensors"], arrays);
        }
        Receipt receipt = Load(from, folder["more.safetensors"]);
        Assert.Equal("optimizer.momentum", Assert.Single(receipt.Entries, entry => entry.Status == WeightStatus.Unused).Source);
        Assert.Contains("1 unused", receipt.Summary);
    }

    [Fact]
    public void A_head_of_another_size_needs_asking_for_a_new_one()
    {
        using ImageModel from = Model(small with { Classes = 5 }), to = Model();
        string path = Save(from);
        Assert.Equal(
            $"fc.weight: expected [3, 16], found [5, 16]. {NewHead}", Refused(() => Load(to, path)));
        Receipt receipt = Load(to, path, HeadPolicy.NewWhereNeeded);
        Assert.True(receipt.HasNewHead);
        Assert.Equal(2, receipt.Count(WeightStatus.Started));
        Assert.Contains("2 new (head)", receipt.Summary);
    }

    [Fact]
    public void A_missing_head_needs_asking_for_a_new_one()
    {
        using ImageModel from = Model(), to = Model();
        string path = Save(from, name => name.StartsWith("fc.") ? null : name);
        Assert.Equal(
            $"fc.weight: expected [3, 16], but {path} has no head. {NewHead}",
            Refused(() => Load(to, path)));
        Assert.True(Load(to, path, HeadPolicy.NewWhereNeeded).HasNewHead);
    }

    [Fact]
    public void A_new_head_is_drawn_by_the_seed()
    {
        using ImageModel from = Model();
        string path = Save(from);
        float[] Head(ulong seed)
        {
            using ImageModel model = ModelZoo.Open(path, new ModelOptions { NewLabels = ["ant", "bee"], Seed = seed });
            Assert.Equal(["ant", "bee"], model.Labels);
            Assert.Equal(2, model.Classes);
            Assert.Equal(CropRounding.Floor, model.Preprocess.CropRounding); // as transformers will crop for it
            return model.Parameters.Find("fc.weight")!.Value.ToArray<float>();
        }
        Assert.Equal(Head(3), Head(3));
        Assert.NotEqual(Head(3), Head(4));
        Assert.Equal(32, Head(3).Length);
    }

    [Fact]
    public void Replacing_the_head_keeps_all_else()
    {
        using ImageModel model = Model();
        using var scope = new TensorScope();
        Tensor images = Tensor.Randn([1, 3, 64, 64]);
        long before = Tensor.LiveCount;
        float[] features = model.Features(images).ToArray<float>();
        model.ReplaceHead(["a", "b", "c", "d"], seed: 5);
        Assert.Equal(features, model.Features(images).ToArray<float>());
        Assert.Equal([1, 4], model.Forward(images).Shape);
        Assert.Equal(4, model.Classes);
        Assert.Throws<ArgumentException>(() => model.ReplaceHead(["a", "a"]));
        Assert.Throws<ArgumentException>(() => model.ReplaceHead([]));
    }

    static string Refused(Func<Receipt> load)
    {
        long before = Tensor.LiveCount;
        string message = Assert.Throws<InvalidDataException>(load).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Equal(before, Tensor.LiveCount);
        return message;
    }
}
