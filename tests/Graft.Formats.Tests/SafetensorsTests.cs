using System.Buffers.Binary;
using System.Text;

namespace Graft.Formats.Tests;

public sealed class SafetensorsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static byte[] Raw(string header, int dataBytes = 0, ulong? length = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length ?? (ulong)json.Length);
        return [.. prefix, .. json, .. Enumerable.Range(0, dataBytes).Select(i => (byte)i)];
    }

    static string Tensor(string name, string shape, long begin, long end, string type = "F32") =>
        $$"""
        "{{name}}":{"dtype":"{{type}}","shape":{{shape}},"data_offsets":[{{begin}},{{end}}]}
        """;

    SafetensorsFile Open(byte[] bytes) => SafetensorsFile.Open(folder.Write("file.safetensors", bytes));

    string Refuse<T>(byte[] bytes)
        where T : Exception
    {
        string path = folder.Write("file.safetensors", bytes);
        T error = Assert.Throws<T>(() => WeightFile.Open(path));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    [Fact]
    public void Reads_arrays_and_metadata()
    {
        string arrays = Tensor("b", "[2,1]", 4, 12) + "," + Tensor("a", "[]", 0, 4);
        string header = $$"""{"__metadata__":{"format":"pt","ü":"é"},{{arrays}}}  """;
        using SafetensorsFile file = Open(Raw(header, 12));
        Assert.Equal(["b", "a"], file.Entries.Select(entry => entry.Name));
        Assert.Equal(new ArrayEntry("b", ElementType.Float32, [2, 1]), file.Entries[0]);
        Assert.Equal("0405060708090A0B", Convert.ToHexString(file.Bytes(file.Entries[0])));
        Assert.Equal("00010203", Convert.ToHexString(file.Bytes(file.Entries[1])));
        Assert.Equal("é", file.Metadata["ü"]);
        byte[] part = new byte[3];
        file.Read(file.Entries[0], 5, part);
        Assert.Equal("090A0B", Convert.ToHexString(part));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(file.Entries[0], 6, part));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(file.Entries[0], -1, part));
    }

    [Theory]
    [InlineData(0x0280)]
    [InlineData(0x0380)]
    [InlineData(0x0580)]
    public void A_header_whose_length_looks_like_a_pickle_is_none(int length)
    {
        string header = "{" + Tensor("x", "[1]", 0, 4) + "}";
        string path = folder.Write("file.bin", Raw(header.PadRight(length), 4));
        using ArrayFile file = WeightFile.Open(path);
        Assert.IsType<SafetensorsFile>(file);
    }

    [Fact]
    public void Data_need_not_be_aligned()
    {
        string header = "{" + Tensor("odd", "[1]", 0, 1, "U8") + "," + Tensor("x", "[2]", 1, 9) + "}";
        using SafetensorsFile file = Open(Raw(header.Length % 2 == 0 ? header + " " : header, 9));
        Assert.Equal([BitConverter.ToSingle([1, 2, 3, 4]), BitConverter.ToSingle([5, 6, 7, 8])], file.ToSingles(file.Entries[1]));
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{\"__metadata__\":{}}", 0)]
    [InlineData("{\"a\":{\"dtype\":\"F64\",\"shape\":[0,5],\"data_offsets\":[0,0]}}", 0)]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"more\":{\"x\":[1]}}}", 1)]
    public void Odd_but_valid_files_open(string header, int dataBytes)
    {
        using SafetensorsFile file = Open(Raw(header, dataBytes));
        foreach (ArrayEntry entry in file.Entries) Assert.Equal(entry.ByteLength, file.Bytes(entry).Length);
    }

    public static TheoryData<string, int, string> BadHeaders => new()
    {
        { "[]", 0, "starts with" },
        { " {}", 0, "starts with" },
        { "{", 0, "JSON" },
        { "{}x", 0, "JSON" },
        { "{}{}", 0, "JSON" },
        { "{\"a\":1}", 0, "not an object" },
        { "{\"a\":{}}", 0, "no dtype" },
        { "{" + Tensor("a", "[1]", 0, 4) + ",}", 4, "JSON" },
        { "{/**/}", 0, "JSON" },
        { "{" + Tensor("a", "[1]", 0, 4) + "," + Tensor("a", "[1]", 4, 8) + "}", 8, "twice" },
        { "{" + Tensor("a", "[1]", 0, 4) + "," + Tensor("\\u0061", "[1]", 4, 8) + "}", 8, "twice" },
        { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice" },
        { "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "twice" },
        { "{\"__metadata__\":{\"a\":1}}", 0, "not a string" },
        { "{\"__metadata__\":\"a\"}", 0, "not an object" },
        { "{\"\\ud800\":{}}", 0, "JSON" },
        { "{" + Tensor("a", "[1]", 0, 4, "F33") + "}", 4, "unknown type" },
        { "{" + Tensor("a", "[1]", 0, 4, "f32") + "}", 4, "unknown type" },
        { "{\"a\":{\"dtype\":3,\"shape\":[],\"data_offsets\":[0,4]}}", 4, "not a string" },
        { "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, "two dtypes" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"shape\":[],\"data_offsets\":[0,4]}}", 4, "two shapes" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"data_offsets\":[0,4]}}", 4, "two data_offsets" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 0, "no data_offsets" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}", 0, "expected 2" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4,8]}}", 4, "expected 2" },
        { "{" + Tensor("a", "[-1]", 0, 4) + "}", 4, "at least 0" },
        { "{" + Tensor("a", "[1.0]", 0, 4) + "}", 4, "whole numbers" },
        { "{" + Tensor("a", "[1e0]", 0, 4) + "}", 4, "whole numbers" },
        { "{" + Tensor("a", "[\"1\"]", 0, 4) + "}", 4, "whole numbers" },
        { "{" + Tensor("a", "[[1]]", 0, 4) + "}", 4, "whole numbers" },
        { "{" + Tensor("a", "1", 0, 4) + "}", 4, "not an array" },
        { "{" + Tensor("a", "[9223372036854775808]", 0, 4) + "}", 4, "whole numbers" },
        { "{" + Tensor("a", "[4294967296,4294967296]", 0, 4) + "}", 4, "64 bits" },
        { "{" + Tensor("a", "[4294967296,4294967297]", 0, 4) + "}", 4, "64 bits" },
        { "{" + Tensor("a", "[2305843009213693952]", 0, 4) + "}", 4, "64 bits" },
        { "{" + Tensor("a", "[4611686018427387904,4,0]", 0, 0) + "}", 0, "64 bits" },
        { "{" + Tensor("a", "[2]", 0, 4) + "}", 4, "needs 8 bytes" },
        { "{" + Tensor("a", "[1]", 0, 8) + "}", 8, "needs 4 bytes" },
        { "{" + Tensor("a", "[1]", 4, 0) + "}", 4, "before it begins" },
        { "{" + Tensor("a", "[1]", -4, 0) + "}", 4, "at least 0" },
        { "{" + Tensor("a", "[2]", 0, 8) + "}", 7, "truncated" },
        { "{" + Tensor("a", "[2]", 0, 8) + "}", 9, "end at byte 8" },
        { "{" + Tensor("a", "[1]", 4, 8) + "}", 8, "a hole before 'a'" },
        { "{" + Tensor("a", "[1]", 0, 4) + "," + Tensor("b", "[1]", 5, 9) + "}", 9, "a hole before 'b'" },
        { "{" + Tensor("a", "[1]", 0, 4) + "," + Tensor("b", "[1]", 3, 7) + "}", 7, "'b' overlaps" },
        { "{" + Tensor("a", "[1]", 0, 4) + "," + Tensor("b", "[1]", 0, 4) + "}", 4, "overlaps" },
        { "{" + Tensor("a", "[2]", 0, 8) + "," + Tensor("b", "[0]", 4, 4) + "}", 8, "overlaps" },
        { "{" + Tensor("a", "[1]", 9223372036854775803, 9223372036854775807) + "}", 4, "a hole" },
        { "{}", 1, "end at byte 0" },
        { new string('[', 10) + "{}", 0, "starts with" },
        { "{\"a\":" + new string('[', 1000), 0, "" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Bad_headers_are_refused(string header, int dataBytes, string says)
    {
        string path = folder.Write("file.safetensors", Raw(header, dataBytes));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => WeightFile.Open(path));
        Assert.Contains(says, error.Message);
    }

    [Theory]
    [InlineData("F8_E4M3")]
    [InlineData("F8_E5M2")]
    [InlineData("F4")]
    [InlineData("C64")]
    public void Known_types_that_cannot_be_computed_with_are_named(string type) =>
        Assert.Contains(type, Refuse<NotSupportedException>(Raw("{" + Tensor("a", "[1]", 0, 1, type) + "}", 1)));

    [Fact]
    public void Lengths_that_lie_are_refused()
    {
        Assert.Contains("truncated", Refuse<InvalidDataException>(Raw("{}", length: 3)));
        Refuse<InvalidDataException>(Raw("{}", length: 1));
        Refuse<InvalidDataException>(Raw("{}", length: 0));
        Refuse<InvalidDataException>(Raw("{}", length: 100_000_001));
        Refuse<InvalidDataException>(Raw("{}", length: ulong.MaxValue));
        Refuse<InvalidDataException>(Raw("{}", length: ulong.MaxValue - 7));
        Refuse<InvalidDataException>([2, 0, 0, 0, 0]);
        byte[] latin = Raw("{\"__metadata__\":{\"a\":\"?\"}}");
        latin[Array.IndexOf(latin, (byte)'?')] = 0xe9;
        Assert.Contains("UTF-8", Refuse<InvalidDataException>(latin));
    }

    [Fact]
    public void Writes_as_the_reference_does()
    {
        // Order, spacing and padding of huggingface/safetensors: wide types first, then by name; spaces to a multiple of 8.
        string path = folder.At("out.safetensors");
        SafetensorsWriter.Write(path,
        [
            (new("b", ElementType.Float32, [1]), new byte[] { 1, 2, 3, 4 }),
            (new("flag", ElementType.Bool, [1]), new byte[] { 1 }),
            (new("a", ElementType.Float32, []), new byte[] { 5, 6, 7, 8 }),
            (new("n", ElementType.Int64, [0, 2]), ReadOnlyMemory<byte>.Empty),
        ], SafetensorsWriter.PyTorchMetadata);
        string header = """{"__metadata__":{"format":"pt"},"n":{"dtype":"I64","shape":[0,2],"data_offsets":[0,0]}"""
            + ""","a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"""
            + ""","flag":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}""";
        byte[] expected = [.. Raw(header.PadRight((header.Length + 7) / 8 * 8)), 5, 6, 7, 8, 1, 2, 3, 4, 1];
        Assert.Equal(expected, File.ReadAllBytes(path));
        Assert.Equal(["out.safetensors"], folder.Names);
    }
}
