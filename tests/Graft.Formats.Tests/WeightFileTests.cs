using System.Text;

namespace Graft.Formats.Tests;

public sealed class WeightFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Refuse<T>(ReadOnlySpan<byte> bytes, string name = "model.safetensors")
        where T : Exception
    {
        string path = folder.Write(name, bytes);
        T error = Assert.Throws<T>(() => WeightFile.Open(path));
        Assert.StartsWith(path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "run git lfs pull")]
    [InlineData("<!DOCTYPE html>\n<html><head>", "web page")]
    [InlineData("\uFEFF  <html>", "web page")]
    [InlineData("<?xml version=\"1.0\"?><Error>AccessDenied</Error>", "web page")]
    [InlineData("Entry not found", "text file, not weights; it begins with: Entry not found")]
    [InlineData("{\"error\": \"Repository not found\"}", "text file")]
    [InlineData("{\"weight_map\": [", "text file")]
    [InlineData("größe, länge\n1, 2\n", "text file")]
    [InlineData("{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{", "text file")]
    [InlineData("", "empty")]
    public void Texts_are_told_from_weights(string text, string says) =>
        Assert.Contains(says, Refuse<InvalidDataException>(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("1f8b0800", "gzip")]
    [InlineData("fd377a585a00", "xz")]
    [InlineData("28b52ffd0000", "zstd")]
    [InlineData("ffd8ffe000104a464946", "JPEG")]
    [InlineData("89504e470d0a1a0a", "PNG")]
    [InlineData("00000000000000000000000000000000", "zeros")]
    [InlineData("ffeeddccbbaa99887766", "begins with ffeeddccbbaa9988")]
    [InlineData("00", "zeros")]
    public void Other_files_are_named(string hex, string says) =>
        Assert.Contains(says, Refuse<InvalidDataException>(Convert.FromHexString(hex), "weights.bin"));

    [Theory]
    [InlineData("894844460d0a1a0a", "Keras")]
    [InlineData("934e554d50590100", ".npy")]
    [InlineData("47475546", "GGUF")]
    [InlineData("1c00000054464c33", "TensorFlow Lite")]
    public void Other_weights_are_named(string hex, string says)
    {
        byte[] bytes = [.. Convert.FromHexString(hex), 0, 1, 2, 0xff];
        Assert.Contains(says, Refuse<NotSupportedException>(bytes));
    }

    [Fact]
    public void The_extension_does_not_matter()
    {
        ArrayEntry entry = new("w", ElementType.Float32, [1]);
        SafetensorsWriter.Write(folder.At("a.bin"), [(entry, new byte[4])]);
        using (ArrayFile file = WeightFile.Open(folder.At("a.bin"))) Assert.IsType<SafetensorsFile>(file);
        TorchFileWriter.Write(folder.At("a.safetensors"), [(entry, new byte[4])]);
        using (ArrayFile file = WeightFile.Open(folder.At("a.safetensors"))) Assert.IsType<TorchFile>(file);
    }

    [Fact]
    public void Missing_files_and_folders_are_said_to_be_that()
    {
        Assert.Throws<FileNotFoundException>(() => WeightFile.Open(folder.At("none")));
        Assert.Throws<IOException>(() => WeightFile.Open(folder.At(".")));
        Assert.Null(WeightFile.FindIn(folder.At(".")));
        folder.Write("pytorch_model.bin", [1]);
        folder.Write("model.safetensors.index.json", [1]);
        Assert.Equal("model.safetensors.index.json", Path.GetFileName(WeightFile.FindIn(folder.At("."))));
    }

    [Fact]
    public void Split_weights_look_like_one_file()
    {
        ArrayEntry a = new("a", ElementType.UInt8, [2]), b = new("b", ElementType.UInt8, [1]);
        ArrayEntry unused = new("c", ElementType.UInt8, [1]);
        SafetensorsWriter.Write(folder.At("model-1.safetensors"), [(a, new byte[] { 1, 2 })], SafetensorsWriter.PyTorchMetadata);
        TorchFileWriter.Write(folder.At("model-2.bin"), [(unused, new byte[] { 9 }), (b, new byte[] { 3 })]);
        string index = folder.At("model.safetensors.index.json");
        File.WriteAllText(index, """
            {"metadata": {"total_size": 3}, "weight_map": {"b": "model-2.bin", "a": "model-1.safetensors"}}
            """);
        using (ArrayFile file = WeightFile.Open(index))
        {
            Assert.Equal([b, a], file.Entries);
            Assert.Equal([1, 2], file.Bytes(a).ToArray());
            Assert.Equal([3], file.Bytes(b).ToArray());
            Assert.Equal("3", file.Metadata["total_size"]);
            Assert.Equal(2, Assert.IsType<ShardedFile>(file).Parts.Count);
            byte[] one = new byte[1];
            file.Read(a, 1, one);
            Assert.Equal([2], one);
        }
        File.Delete(folder.At("model-2.bin"));
        Assert.Contains("model-2.bin", Assert.Throws<FileNotFoundException>(() => WeightFile.Open(index)).Message);
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "../other.safetensors"}}""", "beside")]
    [InlineData("""{"weight_map": {"a": "/etc/passwd"}}""", "beside")]
    [InlineData("""{"weight_map": {"a": ".."}}""", "beside")]
    [InlineData("""{"weight_map": {"a": 3}}""", "beside")]
    [InlineData("""{"weight_map": {"a": "file.index.json"}}""", "an index too")]
    [InlineData("""{"weight_map": {}}""", "empty")]
    [InlineData("""{"weight_map": {"a": "x", "a": "y"}}""", "JSON")]
    [InlineData("""{"weight_map": {"a": """, "JSON")]
    [InlineData("""{"weight_map": {"b": "good.safetensors"}}""", "no array 'b'")]
    [InlineData("""{"weight_map": {"\ud800": "good.safetensors"}}""", "")]
    [InlineData("""{"weight_map": {"a": "\ud800"}}""", "")]
    public void Bad_indexes_are_refused(string json, string says)
    {
        SafetensorsWriter.Write(folder.At("good.safetensors"), [(new("a", ElementType.UInt8, [1]), new byte[1])]);
        Assert.Contains(says, Refuse<InvalidDataException>(Encoding.UTF8.GetBytes(json), "file.index.json"));
    }
}
