using System.Text;
using System.Text.Json;

namespace Graft.Formats.Tests;

public sealed class FlaxTests : IDisposable
{
    static readonly JsonElement golden =
        JsonDocument.Parse(File.ReadAllText(GoldenFiles.At("flax.json"))).RootElement;

    readonly TemporaryFolder folder = new();

    public static TheoryData<string> Readable => [.. golden.EnumerateObject().Select(file => file.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Readable))]
    public void Holds_what_was_saved(string name)
    {
        JsonElement expected = golden.GetProperty(name);
        using FlaxFile file = Assert.IsType<FlaxFile>(WeightFile.Open(GoldenFiles.At(name)));
        Assert.Equal(expected.GetProperty("entries").EnumerateObject().Select(entry => entry.Name).Order(),
            file.Entries.Select(entry => entry.Name).Order());
        foreach (JsonProperty one in expected.GetProperty("entries").EnumerateObject())
        {
            Assert.True(file.TryFind(one.Name, out ArrayEntry entry));
            Assert.Equal(one.Value.GetProperty("type").GetString(), entry.Type.TorchName());
            Assert.Equal(one.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), entry.Shape);
            string hex = one.Value.GetProperty("hex").GetString()!;
            Assert.Equal(hex, Convert.ToHexString(file.Bytes(entry)).ToLowerInvariant());
            for (int from = 0; from <= entry.ByteLength; from += 7)
            {
                byte[] middle = new byte[Math.Min(11, entry.ByteLength - from)];
                file.Read(entry, from, middle);
                Assert.Equal(hex.Substring(2 * from, 2 * middle.Length), Convert.ToHexString(middle).ToLowerInvariant());
            }
        }
        Assert.Equal(
            expected.GetProperty("metadata").EnumerateObject().Select(one => $"{one.Name}={one.Value.GetString()}").Order(),
            file.Metadata.Select(one => $"{one.Key}={one.Value}").Order());
    }

    [Fact]
    public void Parts_look_like_one_file_under_dotted_names()
    {
        using ArrayFile file = WeightFile.Open(GoldenFiles.At("flax_parts.msgpack.index.json"));
        Assert.Equal("Flax (msgpack), 2 parts", file.Kind);
        Assert.Equal(["params.a.kernel", "params.a.bias", "params.b.x"], file.Entries.Select(entry => entry.Name));
        using FlaxFile whole = FlaxFile.Open(GoldenFiles.At("flax_net.msgpack"));
        Assert.True(whole.TryFind("params.classifier.kernel", out ArrayEntry kernel));
        Assert.Equal(whole.Bytes(kernel).ToArray(), file.Bytes(file.Entries[0]).ToArray());
    }

    [Fact]
    public void A_folder_s_Flax_file_comes_last()
    {
        folder.Write("flax_model.msgpack", [1]);
        Assert.Equal("flax_model.msgpack", Path.GetFileName(WeightFile.FindIn(folder.At("."))));
        folder.Write("pytorch_model.bin", [1]);
        Assert.Equal("pytorch_model.bin", Path.GetFileName(WeightFile.FindIn(folder.At("."))));
    }

    [Theory]
    [InlineData("flax_complex.msgpack", "'z' is a complex number")]
    [InlineData("flax_complex_array.msgpack", "'w' is of type complex64")]
    public void Complex_numbers_are_refused(string name, string says) => Assert.Contains(
        says, Assert.Throws<NotSupportedException>(() => WeightFile.Open(GoldenFiles.At(name))).Message);

    [Fact]
    public void Files_come_back_bit_for_bit()
    {
        Random random = new(3);
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = [];
        foreach (ElementType type in ElementTypes.All)
            foreach (long[] shape in (long[][])[[], [0], [3, 2], [300], [70_000]])
            {
                ArrayEntry entry = new($"größe.{type.TorchName()}.{shape.Length}.{shape.FirstOrDefault()}", type, shape);
                byte[] bytes = new byte[entry.ByteLength];
                random.NextBytes(bytes);
                arrays.Add((entry, bytes));
            }
        foreach (int pieceBytes in (int[])[int.MaxValue, 1000])
        {
            string path = folder.At($"{pieceBytes}.msgpack");
            FlaxWriter.Write(path, arrays, pieceBytes);
            using ArrayFile file = Assert.IsType<FlaxFile>(WeightFile.Open(path));
            Assert.Equal(arrays.Select(one => one.Entry).OrderBy(entry => entry.Name), file.Entries.OrderBy(entry => entry.Name));
            foreach ((ArrayEntry entry, ReadOnlyMemory<byte> bytes) in arrays)
                Assert.True(file.Bytes(entry).SequenceEqual(bytes.Span), entry.ToString());
        }
    }

    [Theory]
    [InlineData("flax_net.msgpack")]
    [InlineData("flax_types.msgpack")]
    public void The_same_bytes_as_Flax_writes(string name)
    {
        using ArrayFile file = WeightFile.Open(GoldenFiles.At(name));
        string path = folder.At(name);
        FlaxWriter.Write(path,
            [.. file.Entries.Select(entry => (entry, new ReadOnlyMemory<byte>(file.Bytes(entry).ToArray())))]);
        byte[] ours = File.ReadAllBytes(path), theirs = GoldenFiles.Bytes(name);
        // msgpack has a shorter head for extensions of 1, 2, 4, 8 and 16 bytes, which only the smallest arrays have
        Assert.InRange(ours.Length - theirs.Length, 0, 8);
        if (ours.Length == theirs.Length) Assert.Equal(theirs, ours);
        using ArrayFile again = WeightFile.Open(path);
        Assert.Equal(file.Entries, again.Entries);
    }

    [Fact]
    public void Names_that_maps_cannot_hold_are_refused()
    {
        ArrayEntry above = new("a", ElementType.UInt8, [1]), below = new("a.b", ElementType.UInt8, [1]);
        byte[] one = [1];
        Assert.Throws<ArgumentException>(() => FlaxWriter.Write(folder.At("x"), [(above, one), (below, one)]));
        Assert.Throws<ArgumentException>(() => FlaxWriter.Write(folder.At("x"), [(below, one), (above, one)]));
        Assert.Empty(folder.Names);
    }

    const string Array = "c71101 93 91 01 a7 666c6f61743332 c404 0000803f"; // float32 [1]: a head, then 17 bytes

    /// <summary>Hex with spaces; a text in quotes stands for a msgpack text.</summary>
    static byte[] Bytes(string text)
    {
        List<byte> bytes = [];
        foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (part.StartsWith('\'')) bytes.AddRange([(byte)(0xa0 | (part.Length - 2)), .. Encoding.UTF8.GetBytes(part[1..^1])]);
            else bytes.AddRange(Convert.FromHexString(part));
        return [.. bytes];
    }

    [Theory]
    [InlineData("81 'a' " + Array)]
    [InlineData("de0001 'a' " + Array)]
    [InlineData("df00000001 d90161 " + Array)]
    [InlineData("82 'x' dc0000 'a' c8001d01 93 dd00000001 ce00000001 c407 666c6f61743332 c600000004 0000803f")] // long heads
    [InlineData("81 'a' c900000012 01 93 91 cf0000000000000001 da0003 693332 c40400000000", "unknown type 'i32'")]
    [InlineData("82 'a' " + Array + " 'b' d401ff", "not an array of shape")]
    [InlineData("82 'a' " + Array + " 'a' " + Array, "twice")]
    [InlineData("82 'a' 81 'b' " + Array + " 'a.b' " + Array, "two arrays are named 'a.b'")]
    [InlineData("81 'a' " + Array + " c0", "1 bytes after its end")]
    [InlineData("82 'a' " + Array, "over the end")]
    [InlineData("81 'a' c71201 93 91 01 a7 666c6f61743332 c404 0000803f", "over the end")]
    [InlineData("81 'a' c71201 93 91 01 a7 666c6f61743332 c404 0000803f c0", "after its bytes")]
    [InlineData("81 'a' c71001 93 91 01 a7 666c6f61743332 c404 0000803f", "over the end")]
    [InlineData("81 'a' c71101 93 91 02 a7 666c6f61743332 c404 0000803f", "needs 8 bytes, found 4")]
    [InlineData("81 'a' c71101 93 91 ff a7 666c6f61743332 c404 0000803f", "whole number")]
    [InlineData("81 'a' c71a01 93 92 ce00ffffff ceffffffff a7 666c6f61743332 c404 0000803f", "needs")]
    [InlineData("81 'a' c72201 93 92 cf7fffffffffffffff cf7fffffffffffffff a7 666c6f61743332 c404 0000803f", "64 bits")]
    [InlineData("81 'a' c71201 93 91 cfffffffffffffffff", "over the end")]
    [InlineData("81 'a' c71901 93 91 cfffffffffffffffff a7 666c6f61743332 c404 0000803f", "63 bits")]
    [InlineData("df7fffffff 'a' " + Array, "over the end")]
    [InlineData("81 'a' dd7fffffff", "over the end")]
    [InlineData("81 'a' c67fffffff", "over the end")]
    [InlineData("81 'a' c97fffffff01", "over the end")]
    [InlineData("81 'a' c1", "begins no value")]
    [InlineData("81 'a' 'b'", "holds no arrays")]
    [InlineData("82 'a' " + Array + " c0 c0", "a key is of kind Nil")]
    [InlineData("82 'a' " + Array + " a1ff c0", "not UTF-8")]
    [InlineData("81 '__msgpack_chunked_array__' c3", "without a shape")]
    [InlineData("83 '__msgpack_chunked_array__' c3 'shape' 80 'chunks' 80", "without pieces")]
    [InlineData("83 '__msgpack_chunked_array__' c3 'shape' 81 '1' 01 'chunks' 80", "not numbered")]
    [InlineData("83 '__msgpack_chunked_array__' c3 'shape' 91 02 'chunks' 91 " + Array, "needs 8 bytes")]
    [InlineData("82 'x' c0 '__msgpack_chunked_array__' c3", "not the first key")]
    public void Hostile_files_are_refused(string content, string? says = null)
    {
        string path = folder.Write("x.msgpack", Bytes(content));
        if (says is null)
        {
            using ArrayFile file = WeightFile.Open(path);
            Assert.Equal([1f], file.ToSingles(Assert.Single(file.Entries)));
            return;
        }
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => WeightFile.Open(path));
        Assert.Contains(says, error.Message);
        Assert.StartsWith(path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Neither_depth_nor_long_names_nor_many_values_take_memory()
    {
        byte[] deep = [.. Enumerable.Repeat("81a161", 100_000).SelectMany(Convert.FromHexString)];
        byte[] lists = [.. Bytes("81 'a'"), .. Enumerable.Repeat((byte)0x91, 1 << 20)];
        // a map of 9,000 arrays below a key of 4,000 letters
        List<byte> named = [0x81, 0xda, 0x0f, 0xa0, .. Enumerable.Repeat((byte)'k', 4000), 0xde, 0x23, 0x28];
        for (int i = 0; i < 9000; i++) named.AddRange([0xcd, (byte)(i >> 8), (byte)i, .. Bytes(Array)]);
        byte[] remarks = [.. Bytes("82 'a' " + Array + " 'b'"), 0xdd, 0, 0x20, 0, 0, .. new byte[1 << 21]]; // two million zeros
        byte[] keys = [0xdf, 0x7f, 0xff, 0xff, 0xff, .. Bytes("'a'")];
        foreach ((byte[] bytes, bool opens) in ((byte[], bool)[])
            [(deep, false), (lists, false), ([.. named], false), (remarks, true), (keys, false)])
        {
            string path = folder.Write("x.msgpack", bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (opens) WeightFile.Open(path).Dispose();
            else Assert.Throws<InvalidDataException>(() => WeightFile.Open(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    [Theory]
    [InlineData("flax_net.msgpack")]
    [InlineData("flax_types.msgpack")]
    [InlineData("flax_pieces.msgpack")]
    public void Every_truncation_is_refused(string name)
    {
        byte[] whole = GoldenFiles.Bytes(name);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("cut.msgpack", whole.AsSpan(0, length));
            Assert.Throws<InvalidDataException>(() => WeightFile.Open(path));
        }
    }
}
