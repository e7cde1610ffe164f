using System.Text;
using System.Text.Json;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>A book of golden numbers: NAME.json with the cases, NAME.safetensors with their arrays, each named
/// CASE.KEY.</summary>
sealed class GoldenFile
{
    static readonly Dictionary<string, GoldenFile> opened = [];
    readonly byte[] bytes;
    readonly int start;
    readonly JsonElement header;

    GoldenFile(string name)
    {
        string path = Path.Combine(SharedFiles.Repository, "tests", "Graft.Nn.Tests", "Golden", name);
        Cases = [.. JsonDocument.Parse(File.ReadAllText(path + ".json")).RootElement.EnumerateArray()];
        string arrays = path + ".safetensors";
        bytes = File.Exists(arrays) ? File.ReadAllBytes(arrays) : [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8];
        start = 8 + (int)BitConverter.ToInt64(bytes);
        header = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, start - 8)).RootElement;
    }

    public IReadOnlyList<JsonElement> Cases { get; }

    public static GoldenFile Open(string name)
    {
        if (!opened.TryGetValue(name, out GoldenFile? file)) opened[name] = file = new GoldenFile(name);
        return file;
    }

    public JsonElement Case(string name) => Cases.Single(item => item.GetProperty("name").GetString() == name);

    public bool Has(string name) => header.TryGetProperty(name, out _);

    public Tensor? Find(string name) => Has(name) ? Read(name) : null;

    public Tensor Read(string name)
    {
        JsonElement entry = header.GetProperty(name);
        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        int[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
        DType dtype = entry.GetProperty("dtype").GetString() switch
        {
            "F32" => DType.Float32,
            "F64" => DType.Float64,
            "I64" => DType.Int64,
            string other => throw new NotSupportedException(other),
            null => throw new InvalidDataException(name),
        };
        return Tensor.FromBytes(bytes.AsSpan(start + offsets[0], offsets[1] - offsets[0]), shape, dtype);
    }
}
