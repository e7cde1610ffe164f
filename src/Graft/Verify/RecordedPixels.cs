using System.Text.Json;

namespace Graft;

/// <summary>What another tool noted of an image as its model saw it, <c>[C, H, W]</c>, normalised.</summary>
public sealed record RecordedPixels
{
    /// <summary>Differences of mean and deviation that rounding explains.</summary>
    const double Rounding = 1e-5;

    /// <summary>Differences of single values that rounding explains: one level of 255 is a hundred times more.</summary>
    const double ValueRounding = 1e-4;

    /// <summary>C, H, W.</summary>
    /// <value>null: not noted</value>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>The mean over everything.</summary>
    /// <value>null: not noted</value>
    public double? Mean { get; init; }

    /// <summary>The standard deviation over everything.</summary>
    /// <value>null: not noted</value>
    public double? Std { get; init; }

    /// <summary>The first values of the first row of the first channel.</summary>
    public IReadOnlyList<float> First { get; init; } = [];

    /// <summary>The last values of the last row of the last channel.</summary>
    public IReadOnlyList<float> Last { get; init; } = [];

    /// <summary>The same figures of pixels.</summary>
    public static RecordedPixels Of(ReadOnlySpan<float> pixels, int channels, int height, int width, int values)
    {
        double sum = 0, squares = 0;
        foreach (float value in pixels) sum += value;
        double mean = sum / Math.Max(1, pixels.Length);
        foreach (float value in pixels) squares += (value - mean) * (value - mean);
        values = Math.Min(values, pixels.Length);
        return new RecordedPixels
        {
            Shape = [channels, height, width],
            Mean = mean,
            Std = Math.Sqrt(squares / Math.Max(1, pixels.Length)),
            First = pixels[..values].ToArray(),
            Last = pixels[^values..].ToArray(),
        };
    }

    /// <summary>Whether everything that was noted is the same but for rounding.</summary>
    public bool Agrees(RecordedPixels ours)
    {
        ArgumentNullException.ThrowIfNull(ours);
        return (Shape is null || ours.Shape is null || Shape.SequenceEqual(ours.Shape))
            && Near(Mean, ours.Mean) && Near(Std, ours.Std) && Near(First, ours.First) && Near(Last, ours.Last);
    }

    static bool Near(double? one, double? other) =>
        one is not { } left || other is not { } right || Math.Abs(left - right) <= Rounding * Math.Max(1, Math.Abs(left));

    static bool Near(IReadOnlyList<float> one, IReadOnlyList<float> other)
    {
        for (int i = 0; i < Math.Min(one.Count, other.Count); i++)
            if (!(Math.Abs(one[i] - other[i]) <= ValueRounding * Math.Max(1, Math.Abs(one[i])))) return false;
        return true;
    }

    /// <summary>
    /// Reads <c>{"shape": ..., "mean": ..., "std": ..., "first": ..., "last": ...}</c>; null where there is none.
    /// </summary>
    internal static RecordedPixels? Read(JsonElement image)
    {
        foreach (string key in (ReadOnlySpan<string>)["pixels", "pixel_values", "pixel_values_sha_like"])
        {
            if (!image.TryGetProperty(key, out JsonElement noted) || noted.ValueKind != JsonValueKind.Object) continue;
            float[] shape = Numbers(noted, "shape");
            return new RecordedPixels
            {
                Shape = shape.Length == 3 ? [.. shape.Select(side => (int)side)] : null,
                Mean = Number(noted, "mean"),
                Std = Number(noted, "std"),
                First = Numbers(noted, "first", "first8"),
                Last = Numbers(noted, "last", "last8"),
            };
        }
        return null;
    }

    static double? Number(JsonElement from, string key) =>
        from.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static float[] Numbers(JsonElement from, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            if (from.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array &&
                list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number))
                return [.. list.EnumerateArray().Select(item => item.GetSingle())];
        return [];
    }
}
