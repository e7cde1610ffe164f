using System.Text.Json;

namespace Graft;

/// <summary>
/// Logits of every pixel as a recording has them: all, as <c>{"shape": [C, H, W], "data": [...]}</c>, or some, as
/// <c>{"shape": [C, H, W], "samples": [{"c": 0, "y": 0, "x": 0, "value": 0}, ...]}</c>.
/// </summary>
public sealed record RecordedMap
{
    /// <summary>C, H and W.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Which of the C x H x W logits were recorded, counted row by row, plane by plane.</summary>
    /// <value>null: all of them</value>
    public IReadOnlyList<int>? Places { get; init; }

    /// <summary>The recorded ones among all logits of a map of that shape.</summary>
    internal float[] Of(float[] logits) => Places is null ? logits : [.. Places.Select(place => logits[place])];

    /// <summary>Reads a map and its values.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static (RecordedMap Map, float[] Values) Read(JsonElement map, string where)
    {
        InvalidDataException Wrong() => new(
            $"{where}: logits_map: expected {{\"shape\": [C, H, W], \"data\": [...]}} with so many numbers, or samples.");
        int[] shape = Numbers(map, "shape") is { Length: 3 } sizes ? [.. sizes.Select(size => (int)size)] : throw Wrong();
        if (shape.Any(size => size is < 1 or > 1 << 16)) throw Wrong();
        long count = (long)shape[0] * shape[1] * shape[2];
        if (Numbers(map, "data") is { } all)
            return all.Length == count
                ? (new RecordedMap { Shape = shape }, [.. all.Select(value => (float)value)]) : throw Wrong();
        if (!map.TryGetProperty("samples", out JsonElement samples) || samples.ValueKind != JsonValueKind.Array ||
            samples.GetArrayLength() == 0)
            throw Wrong();
        List<int> places = [];
        List<float> values = [];
        foreach (JsonElement sample in samples.EnumerateArray())
        {
            int[] place = [.. ((string[])["c", "y", "x"]).Select((key, i) => At(sample, key) is >= 0 and var at && at < shape[i]
                ? (int)at : throw Wrong())];
            places.Add((place[0] * shape[1] + place[1]) * shape[2] + place[2]);
            values.Add((float)(At(sample, "value") ?? throw Wrong()));
        }
        return (new RecordedMap { Shape = shape, Places = places }, [.. values]);
    }

    static double? At(JsonElement sample, string key) =>
        sample.ValueKind == JsonValueKind.Object && sample.TryGetProperty(key, out JsonElement value) &&
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static double[]? Numbers(JsonElement map, string key) =>
        map.ValueKind == JsonValueKind.Object && map.TryGetProperty(key, out JsonElement list) &&
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(item => item.GetDouble())] : null;
}
