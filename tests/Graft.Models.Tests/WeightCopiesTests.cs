using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Large weights lie in the file's own pages; nobody can tell but by the memory that it takes.</summary>
public sealed class WeightCopiesTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly long before = Tensor.LiveCount;

    public void Dispose()
    {
        folder.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    static ImageModel Large()
    {
        var config = new ConvNeXt.Config { Depths = [1, 1, 2, 1], Widths = [16, 32, 256, 512] };
        return ModelZoo.Create(new ConvNeXt(), config, Origin.HuggingFace, Preprocess.ImageNet(64), ["a", "b"], seed: 3);
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float16)]
    public void Values_are_the_files_and_the_file_stays_as_it_is(ElementType type)
    {
        using ImageModel model = Large();
        ModelSaver.SaveHuggingFace(model, folder["m"]);
        string path = Path.Combine(folder["m"], "model.safetensors");
        if (type == ElementType.Float16)
        {
            (ArrayEntry, ReadOnlyMemory<byte>)[] halves;
            using (ArrayFile file = WeightFile.Open(path))
                halves = [.. file.Entries.Select(entry => (entry with { Type = type }, (ReadOnlyMemory<byte>)file.ToSingles(entry)
                    .SelectMany(value => BitConverter.GetBytes((Half)value)).ToArray()))];
            SafetensorsWriter.Write(path, halves);
        }
        byte[] written = File.ReadAllBytes(path);
        using (ImageModel opened = ModelZoo.Open(folder["m"]))
        {
            foreach (Parameter parameter in model.Parameters.All)
            {
                float[] wanted = parameter.Value.ToArray<float>();
                if (type == ElementType.Float16) wanted = [.. wanted.Select(value => (float)(Half)value)];
                Assert.Equal(wanted, opened.Parameters.Find(parameter.Name)!.Value.ToArray<float>());
                Assert.True(opened.Parameters.Find(parameter.Name)!.RequiresGrad);
            }
            using var scope = new TensorScope();
            using (Autograd.NoGrad())
                foreach (Parameter parameter in opened.Parameters.All) parameter.Value.Fill_(0.25);
            Assert.Equal(written, File.ReadAllBytes(path));

            // saved over and deleted while it is open
            ModelSaver.SaveHuggingFace(opened, folder["m"]);
            File.Delete(path);
            foreach (Parameter parameter in opened.Parameters.All)
                Assert.All(parameter.Value.ToArray<float>(), value => Assert.Equal(0.25f, value));
            opened.Parameters.SetMemoryFormat(MemoryFormat.ChannelsLast);
            Assert.True(float.IsFinite(opened.Forward(Tensor.Zeros([1, 3, 64, 64])).Sum().Item<float>()));
        }
    }

    [Fact]
    public void Stacked_weights_come_from_their_parts()
    {
        ModelVariant variant = ModelZoo.FindVariant("hf:vit-base-patch16-224");
        using ImageModel model = ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), Origin.HuggingFace, variant.Preprocess, ["a", "b"], seed: 3);
        ModelSaver.SaveHuggingFace(model, folder["m"]);
        using ImageModel opened = ModelZoo.Open(folder["m"]);
        Assert.True(opened.Receipt!.Count(WeightStatus.Joined) > 0);
        foreach (Parameter parameter in model.Parameters.All)
            Assert.True(opened.Parameters.Find(parameter.Name)!.Value.ValuesEqual(parameter.Value), parameter.Name);
    }
}
