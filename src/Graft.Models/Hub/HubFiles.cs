using System.Text.Json;

namespace Graft.Models;

/// <summary>Which of a repository's files make a model: configurations and weights, never code.</summary>
static class HubFiles
{
    const int MaximumParts = 1024;
    const long MaximumIndexBytes = 64 << 20;

    /// <summary>Weights by their usual names, the safest and fastest to load first.</summary>
    public static IReadOnlyList<string> Weights { get; } =
    [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
        "flax_model.msgpack", "flax_model.msgpack.index.json",
    ];

    /// <summary>The weights to take: a usual name, else the one safetensors file; null where there are none.</summary>
    public static string? Choose(IReadOnlySet<string> files)
    {
        foreach (string name in Weights)
            if (files.Contains(name)) return name;
        List<string> others = [.. files.Where(file => file.EndsWith(".safetensors", StringComparison.Ordinal))];
        others.RemoveAll(file => file.Contains('/'));
        return others.Count == 1 ? others[0] : null;
    }

    public static bool IsIndex(string file) => file.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The parts that an index names, each once, in its order.</summary>
    /// <exception cref="InvalidDataException">It is no index, or names what is no part.</exception>
    public static IReadOnlyList<string> PartsOf(string index)
    {
        if (new FileInfo(index).Length > MaximumIndexBytes)
            throw new InvalidDataException($"{index}: expected an index of at most {MaximumIndexBytes} bytes");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(index));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out JsonElement map)
                || map.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"{index}: expected a weight_map, found none");
            List<string> parts = [];
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (JsonProperty item in map.EnumerateObject())
            {
                string part = item.Value.ValueKind == JsonValueKind.String ? item.Value.GetString()! : "";
                if (!HubCache.IsFileName(part) || IsIndex(part) || Path.GetExtension(part) is not (".safetensors" or ".bin"))
                    throw new InvalidDataException($"{index}: weight_map: expected names of parts, found '{item.Value}'");
                if (seen.Add(part)) parts.Add(part);
                if (parts.Count > MaximumParts) throw new InvalidDataException($"{index}: expected at most {MaximumParts} parts");
            }
            return parts;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{index}: not valid JSON: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
