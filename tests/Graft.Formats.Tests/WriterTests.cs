using System.Diagnostics;

namespace Graft.Formats.Tests;

public sealed class WriterTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> Arrays(IEnumerable<ElementType> types)
    {
        Random random = new(7);
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
        long[][] shapes = [[], [0], [3], [2, 3], [1, 2, 1, 3], [300]];
        foreach (ElementType type in types)
            foreach (long[] shape in shapes)
            {
                ArrayEntry entry = new($"größe.{type.TorchName()}.\"{string.Join('x', shape)}\"", type, shape);
                byte[] bytes = new byte[entry.ByteLength];
                random.NextBytes(bytes);
                if (type == ElementType.Bool)
                    for (int i = 0; i < bytes.Length; i++) bytes[i] &= 1;
                arrays.Add((entry, bytes));
            }
        return arrays;
    }

    static IEnumerable<ElementType> TorchTypes => ElementTypes.All.Where(type =>
        type is not (ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64));

    static void AssertHolds(List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> expected, ArrayFile file)
    {
        Assert.Equal(expected.Select(one => one.Entry.Name).Order(), file.Entries.Select(entry => entry.Name).Order());
        foreach ((ArrayEntry entry, ReadOnlyMemory<byte> bytes) in expected)
            Assert.True(file.Bytes(entry).SequenceEqual(bytes.Span), entry.ToString());
    }

    [Fact]
    public void Safetensors_come_back_bit_for_bit()
    {
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = Arrays(ElementTypes.All);
        string path = folder.At("a.safetensors");
        SafetensorsWriter.Write(path, arrays, new Dictionary<string, string> { ["a\n\"b"] = "é\u2028😀", ["empty"] = "" });
        using ArrayFile file = Assert.IsType<SafetensorsFile>(WeightFile.Open(path));
        AssertHolds(arrays, file);
        Assert.Equal("é\u2028😀", file.Metadata["a\n\"b"]);
        Assert.Equal(2, file.Metadata.Count);
    }

    [Fact]
    public void PyTorch_files_come_back_bit_for_bit_and_in_order()
    {
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = Arrays(TorchTypes);
        string path = folder.At("a.pth");
        TorchFileWriter.Write(path, arrays);
        using (TorchFile file = Assert.IsType<TorchFile>(WeightFile.Open(path)))
        {
            AssertHolds(arrays, file);
            Assert.Equal(arrays.Select(one => one.Entry), file.Entries);
            Assert.Equal("", file.StateDictPath);
            Assert.False(file.IsLegacy);
        }
        TorchFileWriter.Write(path, arrays, new Dictionary<string, string> { ["epoch"] = "3" });
        using TorchFile wrapped = TorchFile.Open(path);
        AssertHolds(arrays, wrapped);
        Assert.Equal("state_dict", wrapped.StateDictPath);
        Assert.Equal("3", wrapped.Metadata["epoch"]);
    }

    [Fact]
    public void More_than_65535_arrays_need_the_64_bit_directory_and_get_it()
    {
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
        for (int i = 0; i < 66_000; i++) arrays.Add((new($"n{i}", ElementType.UInt8, [1]), new[] { (byte)i }));
        string path = folder.At("many.pth");
        TorchFileWriter.Write(path, arrays);
        using TorchFile file = TorchFile.Open(path);
        Assert.Equal(66_000, file.Entries.Count);
        Assert.Equal((byte)(65_999 & 255), file.Bytes(file.Entries[65_999])[0]);
        Assert.Equal(file.Bytes(file.Entries[256])[0], file.Bytes(file.Entries[0])[0]);
    }

    [Fact]
    public async Task PyTorch_itself_opens_what_is_written()
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python)) Assert.Skip("no system Python");
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = Arrays(TorchTypes);
        string path = folder.At("a.pth"), wrapped = folder.At("b.pth"), script = folder.At("check.py");
        TorchFileWriter.Write(path, arrays);
        TorchFileWriter.Write(wrapped, arrays, new Dictionary<string, string> { ["epoch"] = "3" });
        // Prints every tensor's type, shape and bytes, and saves them again by PyTorch, in both layouts.
        File.WriteAllText(script, """
            import sys
            try:
                import torch
            except ImportError:
                sys.exit(77)
            import zipfile
            assert zipfile.ZipFile(sys.argv[1]).testzip() is None
            both = torch.load(sys.argv[2], weights_only=True)
            assert both["epoch"] == "3" and list(both) == ["state_dict", "epoch"], both.keys()
            state = torch.load(sys.argv[1], weights_only=True)
            assert type(state).__name__ == "OrderedDict" and list(state) == list(both["state_dict"])
            for name, tensor in state.items():
                flat = tensor.reshape(-1)
                flat = flat.view(torch.int16) if tensor.dtype == torch.bfloat16 else flat
                print(name, str(tensor.dtype)[6:], list(tensor.shape), flat.numpy().tobytes().hex(), sep="|")
            torch.save(state, sys.argv[3])
            torch.save(state, sys.argv[4], _use_new_zipfile_serialization=False)
            """);
        string zip = folder.At("zip.pth"), legacy = folder.At("legacy.pth");
        ProcessStartInfo start = new(python, [script, path, wrapped, zip, legacy])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        if (process.ExitCode == 77) Assert.Skip("the system Python has no torch");
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal(arrays.Select(one =>
            $"{one.Entry.Name}|{one.Entry.Type.TorchName()}|[{string.Join(", ", one.Entry.Shape)}]|"
            + Convert.ToHexString(one.Bytes.Span).ToLowerInvariant()), lines);
        foreach (string again in (string[])[zip, legacy])
        {
            using ArrayFile file = WeightFile.Open(again);
            AssertHolds(arrays, file);
        }
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        string path = folder.At("a.out");
        ArrayEntry entry = new("w", ElementType.Float32, [2]);
        byte[] bytes = new byte[8];
        foreach (Action<IReadOnlyList<(ArrayEntry, ReadOnlyMemory<byte>)>> write in
            (Action<IReadOnlyList<(ArrayEntry, ReadOnlyMemory<byte>)>>[])
            [arrays => SafetensorsWriter.Write(path, arrays), arrays => TorchFileWriter.Write(path, arrays)])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => write([(entry, bytes), (entry, bytes)]));
            Assert.Contains("two arrays", error.Message);
            Assert.Contains("7 given", Assert.Throws<ArgumentException>(() => write([(entry, bytes.AsMemory(1))])).Message);
            Assert.Throws<ArgumentException>(() => write([(entry with { Shape = [-2] }, bytes)]));
            Assert.Throws<ArgumentException>(() => write([(entry with { Shape = [long.MaxValue, 8] }, bytes)]));
        }
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [(entry with { Name = "__metadata__" }, bytes)]));
        Assert.Throws<NotSupportedException>(() => TorchFileWriter.Write(path, [(new("w", ElementType.UInt32, [2]), bytes)]));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_failed_write_keeps_the_old_file()
    {
        string path = folder.Write("a.txt", "old"u8);
        IOException full = new("No space left on device");
        Assert.Same(full, Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw full;
        }, expectedLength: 2 << 20)));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.txt"], folder.Names);

        AtomicFile.WriteText(path, "new é");
        Assert.Equal("new é"u8.ToArray(), File.ReadAllBytes(path));
        AtomicFile.Write(path, stream => stream.Write("short"u8), expectedLength: 1 << 20); // reserving does not lengthen
        Assert.Equal("short", File.ReadAllText(path));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(folder.At("no/such/a.txt"), ""));
        Assert.Throws<IOException>(() => AtomicFile.WriteText(folder.At("."), ""));
    }

    [Fact]
    public void A_file_can_be_saved_over_while_it_is_open()
    {
        string path = folder.At("a.safetensors");
        ArrayEntry entry = new("w", ElementType.UInt8, [3]);
        SafetensorsWriter.Write(path, [(entry, new byte[] { 1, 2, 3 })]);
        using ArrayFile old = WeightFile.Open(path);
        SafetensorsWriter.Write(path, [(entry, new byte[] { 4, 5, 6 })]);
        Assert.Equal([1, 2, 3], old.Bytes(entry).ToArray());
        using ArrayFile renewed = WeightFile.Open(path);
        Assert.Equal([4, 5, 6], renewed.Bytes(entry).ToArray());
    }

    [Theory]
    [InlineData("safetensors")]
    [InlineData("torch")]
    [InlineData("flax")]
    public unsafe void Mapped_arrays_can_be_written_to_and_outlive_the_file(string kind)
    {
        string path = folder.At("a");
        ArrayEntry entry = new("w", ElementType.UInt8, [5000]);
        byte[] bytes = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        if (kind == "torch") TorchFileWriter.Write(path, [(entry, bytes)]);
        else if (kind == "flax") FlaxWriter.Write(path, [(entry, bytes)]);
        else SafetensorsWriter.Write(path, [(entry, bytes)]);
        byte[] written = File.ReadAllBytes(path);
        MappedArray mapped;
        using (ArrayFile file = WeightFile.Open(path))
        {
            mapped = Assert.NotNull(file.Map(entry));
            Assert.Equal(mapped, file.Map(entry));
            mapped.Mapping.Hold();
        }
        Span<byte> memory = new((void*)mapped.Address, 5000);
        Assert.True(memory.SequenceEqual(bytes));
        memory.Fill(7);
        Assert.Equal(written, File.ReadAllBytes(path));
        File.Delete(path);
        Assert.True(memory.IndexOfAnyExcept((byte)7) < 0);
        mapped.Mapping.Release();
    }

    [Fact]
    public void What_is_not_laid_out_so_is_not_mapped()
    {
        using ArrayFile views = WeightFile.Open(GoldenFiles.At("views.zip.pth"));
        Assert.True(views.TryFind("transposed", out ArrayEntry transposed));
        Assert.Null(views.Map(transposed));
        using ArrayFile pieces = WeightFile.Open(GoldenFiles.At("flax_pieces.msgpack"));
        Assert.True(pieces.TryFind("a", out ArrayEntry joined));
        Assert.Null(pieces.Map(joined));
        Assert.True(pieces.TryFind("e", out ArrayEntry whole));
        Assert.NotNull(pieces.Map(whole));
        Assert.Throws<ArgumentException>(() => pieces.Map(transposed));
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)] // the check value of CRC-32/ISO-HDLC
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_is_that_of_zip(string text, uint crc) =>
        Assert.Equal(crc, Crc32.Of(System.Text.Encoding.ASCII.GetBytes(text)));
}
