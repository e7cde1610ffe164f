using System.Security.Cryptography;
using Graft.Tests;

namespace Graft.Formats.Tests;

/// <summary>Weights that others made. They lie beside the repository; without them these tests are skipped.</summary>
public class RealFilesTests
{
    [Theory]
    [InlineData("data/weights/mobilenetv2_035_timm")]
    [InlineData("cases/timm/test_efficientnet")]
    public void The_same_tensors_in_two_formats_are_equal_bit_for_bit(string folder)
    {
        using ArrayFile torch = WeightFile.Open(SharedFiles.Require($"{folder}/pytorch_model.bin"));
        using ArrayFile safe = WeightFile.Open(SharedFiles.Require($"{folder}/model.safetensors"));
        Assert.IsType<TorchFile>(torch);
        Assert.IsType<SafetensorsFile>(safe);
        Assert.Equal(safe.Entries.OrderBy(entry => entry.Name), torch.Entries.OrderBy(entry => entry.Name));
        foreach (ArrayEntry entry in safe.Entries) Assert.True(safe.Bytes(entry).SequenceEqual(torch.Bytes(entry)), entry.Name);
    }

    [Theory]
    [InlineData("resnet20-12fca82f.th", 269_722, "91.78", "module.conv1.weight", "module.linear.bias")]
    [InlineData("resnet32-d509ac18.th", 464_154, "92.78", "module.conv1.weight", "module.linear.bias")]
    public void Legacy_files_with_a_state_dict_inside_open(string name, long parameters, string best, string first, string last)
    {
        using TorchFile file = Assert.IsType<TorchFile>(WeightFile.Open(SharedFiles.Require($"data/weights/cifar/{name}")));
        Assert.True(file.IsLegacy);
        Assert.Equal("state_dict", file.StateDictPath);
        Assert.Equal(first, file.Entries[0].Name);
        Assert.Equal(last, file.Entries[^1].Name);
        Assert.StartsWith(best, file.Metadata["best_prec1"]);
        string[] buffers = ["running_mean", "running_var", "num_batches_tracked"];
        Assert.Equal(parameters, file.Entries.Where(entry => !buffers.Any(entry.Name.EndsWith)).Sum(entry => entry.ElementCount));
        IReadOnlyList<string> names = WeightNames.StripWrappers([.. file.Entries.Select(entry => entry.Name)], out string prefix);
        Assert.Equal("module.", prefix);
        Assert.Equal("conv1.weight", names[0]);
        foreach (ArrayEntry entry in file.Entries)
            Assert.All(file.ToSingles(entry), value => Assert.InRange(value, -1000f, 1000f));
    }

    [Fact]
    public void Every_safetensors_file_opens_and_is_written_again_byte_for_byte()
    {
        using TemporaryFolder folder = new();
        string[] paths = [.. Directory.EnumerateFiles(SharedFiles.Require("."), "*.safetensors", SearchOption.AllDirectories)];
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            string again = folder.At("again.safetensors");
            using ArrayFile file = WeightFile.Open(path);
            SafetensorsWriter.Write(
                again, [.. file.Entries.Select(entry =>
                    (entry, new ReadOnlyMemory<byte>(file.Bytes(entry).ToArray())))], file.Metadata);
            using ArrayFile copy = WeightFile.Open(again);
            Assert.Equal(file.Entries.Select(entry => entry.Name).Order(), copy.Entries.Select(entry => entry.Name).Order());
            foreach (ArrayEntry entry in file.Entries)
                Assert.True(file.Bytes(entry).SequenceEqual(copy.Bytes(entry)), $"{path}: {entry}");
            Assert.Equal(SHA256.HashData(File.ReadAllBytes(path)), SHA256.HashData(File.ReadAllBytes(again)));
        }
    }
}
