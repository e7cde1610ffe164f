using System.Text.Json;

namespace Graft.Formats.Tests;

public class TorchGoldenTests
{
    public static TheoryData<string> Readable => [.. GoldenFiles.With("entries")];

    public static TheoryData<string> Refused => [.. GoldenFiles.With("refused")];

    public static TheoryData<string> Unsupported => [.. GoldenFiles.With("unsupported")];

    [Theory]
    [MemberData(nameof(Readable))]
    public void Holds_what_PyTorch_saved(string name)
    {
        JsonElement expected = GoldenFiles.Expected.GetProperty(name);
        using TorchFile file = Assert.IsType<TorchFile>(WeightFile.Open(GoldenFiles.At(name)));

        Assert.Equal(expected.GetProperty("legacy").GetBoolean(), file.IsLegacy);
        Assert.Equal(expected.GetProperty("path").GetString(), file.StateDictPath);
        JsonProperty[] entries = [.. expected.GetProperty("entries").EnumerateObject()];
        Assert.Equal(entries.Select(entry => entry.Name), file.Entries.Select(entry => entry.Name));
        foreach (JsonProperty one in entries)
        {
            Assert.True(file.TryFind(one.Name, out ArrayEntry entry));
            Assert.Equal(one.Value.GetProperty("type").GetString(), entry.Type.TorchName());
            Assert.Equal(one.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), entry.Shape);
            string hex = one.Value.GetProperty("hex").GetString()!;
            Assert.Equal(hex, Convert.ToHexString(file.Bytes(entry)).ToLowerInvariant());
            Assert.Equal(hex.Length / 2, entry.ByteLength);
            byte[] middle = new byte[entry.ByteLength / 2];
            file.Read(entry, entry.ByteLength - middle.Length, middle);
            Assert.Equal(hex[^(2 * middle.Length)..], Convert.ToHexString(middle).ToLowerInvariant());
        }
        foreach (JsonProperty one in expected.GetProperty("metadata").EnumerateObject())
        {
            Assert.True(file.Metadata.TryGetValue(one.Name, out string? value), $"no metadata {one.Name}");
            Assert.Equal(one.Value.GetString(), value);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_other_globals_by_name(string name)
    {
        string global = GoldenFiles.Expected.GetProperty(name).GetProperty("refused").GetString()!;
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => WeightFile.Open(GoldenFiles.At(name)));
        Assert.Contains($"'{global}'", error.Message);
        Assert.Contains(name, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(File.Exists("graft-was-here"));
    }

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void Says_so_when_it_cannot_read_a_real_tensor(string name) =>
        Assert.Throws<NotSupportedException>(() => WeightFile.Open(GoldenFiles.At(name)));

    [Fact]
    public void A_checkpoint_without_tensors_is_described()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            WeightFile.Open(GoldenFiles.At("no_tensors.zip.pth")));
        Assert.Contains("a dict of epoch", error.Message);
    }

    [Theory]
    [InlineData("ema.zip.pth")]
    [InlineData("ema.legacy.pth")]
    public void Another_state_dict_can_be_chosen(string name)
    {
        using TorchFile file = TorchFile.Open(GoldenFiles.At(name), at: "model_ema");
        Assert.Equal(["model_ema", "model.module"], file.StateDictPaths);
        Assert.Equal([2f], file.ToSingles(Assert.Single(file.Entries)));
        ArgumentException error = Assert.Throws<ArgumentException>(() => TorchFile.Open(GoldenFiles.At(name), at: "teacher"));
        Assert.Contains("'model_ema', 'model.module'", error.Message);
    }

    [Fact]
    public void Only_views_are_copied()
    {
        using TorchFile file = TorchFile.Open(GoldenFiles.At("views.zip.pth"));
        Assert.True(file.TryFind("shared_all", out ArrayEntry all));
        Assert.True(file.TryFind("shared_part", out ArrayEntry part));
        Assert.True(file.Bytes(all).Slice(20, 16) == file.Bytes(part)); // the same memory, not just the same values
        Assert.True(file.TryFind("transposed", out ArrayEntry transposed));
        Assert.False(file.Bytes(transposed) == file.Bytes(transposed));
    }

    [Fact]
    public void A_closed_file_and_a_foreign_entry_are_refused()
    {
        TorchFile file = TorchFile.Open(GoldenFiles.At("dtypes.zip.pth"));
        Assert.Throws<ArgumentException>(() => file.Bytes(new("layer.bool", ElementType.Bool, [3, 2])).Length);
        ArrayEntry entry = file.Entries[0];
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(entry, 1, new byte[entry.ByteLength]));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Bytes(entry).Length);
    }

    [Theory]
    [InlineData("dtypes.zip.pth")]
    [InlineData("dtypes.legacy.pth")]
    [InlineData("checkpoint.zip.pth")]
    public void Every_truncation_is_refused(string name)
    {
        using TemporaryFolder folder = new();
        byte[] whole = GoldenFiles.Bytes(name);
        for (int length = 0; length < whole.Length; length += 23)
        {
            string path = folder.Write("cut.pth", whole.AsSpan(0, length));
            Assert.Throws<InvalidDataException>(() => WeightFile.Open(path));
        }
    }
}
