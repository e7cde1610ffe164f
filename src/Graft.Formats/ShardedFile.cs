using System.Text.Json;

namespace Graft.Formats;

/// <summary>
/// Weights that Hugging Face split into several files, presented as one: <c>model.safetensors.index.json</c>,
/// <c>pytorch_model.bin.index.json</c> or <c>flax_model.msgpack.index.json</c>, whose <c>weight_map</c> says which file beside it
/// has which array.
/// </summary>
public sealed class ShardedFile : ArrayFile
{
    const int MaxIndexBytes = 64 << 20, MaxShards = 4096;

    readonly List<ArrayFile> shards;
    readonly int[] shardOf;

    ShardedFile(
        string path, List<ArrayEntry> entries, IReadOnlyDictionary<string, string> metadata, List<ArrayFile> shards,
        int[] shardOf)
        : base(path, entries, metadata)
    {
        this.shards = shards;
        this.shardOf = shardOf;
    }

    /// <inheritdoc/>
    public override string Kind => $"{(shards.Count == 0 ? "weights" : shards[0].Kind)}, {shards.Count} parts";

    /// <inheritdoc/>
    public override long FileBytes => shards.Sum(shard => shard.FileBytes);

    /// <summary>The files that it consists of.</summary>
    public IReadOnlyList<string> Parts => [.. shards.Select(shard => shard.Path)];

    /// <summary>Opens an index and all the files that it names.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or a part is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// The index or a part is damaged, or a part lacks an array that the index promises.
    /// </exception>
    /// <exception cref="NotSupportedException">A part holds weights that Graft cannot read.</exception>
    public static ShardedFile Open(string path)
    {
        using JsonDocument index = Parse(path)
            ?? throw new InvalidDataException($"{path}: is not an index of weights (no weight_map)");
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        List<ArrayFile> shards = [];
        try
        {
            Dictionary<string, int> opened = new(StringComparer.Ordinal);
            List<ArrayEntry> entries = [];
            List<int> shardOf = [];
            foreach (JsonProperty item in index.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                string? name = item.Value.ValueKind == JsonValueKind.String ? item.Value.GetString() : null;
                if (string.IsNullOrEmpty(name) || name is "." or ".." || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
                    throw new InvalidDataException($"{path}: the part of '{item.Name}' is not the name of a file beside it");
                if (!opened.TryGetValue(name, out int shard))
                {
                    if (shards.Count == MaxShards)
                        throw new InvalidDataException($"{path}: it has more than {MaxShards} parts");
                    string part = System.IO.Path.Combine(folder, name);
                    if (!File.Exists(part))
                        throw new FileNotFoundException($"{path}: its part {name} is missing: download it too", part);
                    if (IsIndex(part)) throw new InvalidDataException($"{path}: its part {name} is an index too");
                    shards.Add(WeightFile.Open(part));
                    opened.Add(name, shard = shards.Count - 1);
                }
                string array = shards[shard] is FlaxFile ? item.Name.Replace('/', '.') : item.Name; // Flax joins by slashes
                if (!shards[shard].TryFind(array, out ArrayEntry entry))
                    throw new InvalidDataException($"{path}: its part {name} has no array '{item.Name}'");
                entries.Add(entry);
                shardOf.Add(shard);
            }
            if (entries.Count == 0) throw new InvalidDataException($"{path}: its weight_map is empty");

            Dictionary<string, string> metadata = new(shards[0].Metadata, StringComparer.Ordinal);
            if (index.RootElement.TryGetProperty("metadata", out JsonElement more) && more.ValueKind == JsonValueKind.Object)
                foreach (JsonProperty item in more.EnumerateObject())
                    if (item.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                        metadata[item.Name] = item.Value.ToString();
            return new(path, entries, metadata, shards, [.. shardOf]);
        }
        catch (Exception error)
        {
            foreach (ArrayFile shard in shards) shard.Dispose();
            if (error is InvalidOperationException) throw BadJson(path, error); // a name with half a surrogate pair
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(ArrayEntry entry) => shards[shardOf[PositionOf(entry)]].Bytes(entry);

    /// <inheritdoc/>
    public override void Read(ArrayEntry entry, long offset, Span<byte> destination) =>
        shards[shardOf[PositionOf(entry)]].Read(entry, offset, destination);

    /// <inheritdoc/>
    public override MappedArray? Map(ArrayEntry entry) => shards[shardOf[PositionOf(entry)]].Map(entry);

    /// <summary>True for a JSON object with a weight_map.</summary>
    internal static bool IsIndex(string path)
    {
        using JsonDocument? index = Parse(path);
        return index is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (ArrayFile shard in shards) shard.Dispose();
    }

    static JsonDocument? Parse(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        int first = stream.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n') first = stream.ReadByte();
        if (first != '{') return null;
        if (stream.Length > MaxIndexBytes)
            throw new InvalidDataException($"{path}: is a JSON file of {stream.Length} bytes, not weights");
        stream.Position = 0;
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 });
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("weight_map", out JsonElement map)
                && map.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            if (path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase)) throw BadJson(path, error);
            return null;
        }
    }

    static InvalidDataException BadJson(string path, Exception error) =>
        new($"{path}: is not valid JSON, or names something twice: download it again", error);
}
