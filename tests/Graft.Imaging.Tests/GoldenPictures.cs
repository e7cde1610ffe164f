using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Graft.Tests;

namespace Graft.Imaging.Tests;

/// <summary>One picture of <c>Golden/pictures.json</c>, with what Pillow made of it.</summary>
sealed record GoldenPicture
{
    [JsonPropertyName("name")] public required string Name { get; init; }
    [JsonPropertyName("format")] public required string Format { get; init; }
    [JsonPropertyName("mode")] public required string Mode { get; init; }
    [JsonPropertyName("size")] public required int[] Size { get; init; }
    [JsonPropertyName("orientation")] public required int Orientation { get; init; }
    [JsonPropertyName("crc")] public required uint Crc { get; init; }

    /// <summary>CRC of the picture turned upright, where it has an orientation.</summary>
    [JsonPropertyName("upright")] public uint? Upright { get; init; }

    /// <summary>The shortest beginning of the file that Pillow still reads, and the CRC of that.</summary>
    [JsonPropertyName("needs")] public int? Needs { get; init; }
    [JsonPropertyName("needs_crc")] public uint? NeedsCrc { get; init; }
    [JsonPropertyName("data")] public required byte[] Packed { get; init; }

    public byte[] Data
    {
        get
        {
            using ZLibStream stream = new(new MemoryStream(Packed), CompressionMode.Decompress);
            using MemoryStream result = new();
            stream.CopyTo(result);
            return result.ToArray();
        }
    }

    public static IReadOnlyList<GoldenPicture> All { get; } = Load();

    static List<GoldenPicture> Load()
    {
        string path = Path.Combine(SharedFiles.Repository, "tests/Graft.Imaging.Tests/Golden/pictures.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.GetProperty("pictures").Deserialize<List<GoldenPicture>>()!;
    }
}
