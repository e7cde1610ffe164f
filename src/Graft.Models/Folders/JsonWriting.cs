using System.Globalization;
using System.Text.Json;

namespace Graft.Models;

/// <summary>Lists and names in JSON.</summary>
static class JsonWriting
{
    public static void WriteNumbers(this Utf8JsonWriter writer, string key, IEnumerable<int> values)
    {
        writer.WriteStartArray(key);
        foreach (int value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    public static void WriteNumbers(this Utf8JsonWriter writer, string key, IEnumerable<float> values)
    {
        writer.WriteStartArray(key);
        foreach (float value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    /// <summary>A number that Python reads as a float: 1 is written as 1.0. Strict configurations refuse whole numbers.</summary>
    public static void WriteReal(this Utf8JsonWriter writer, string key, double value)
    {
        writer.WritePropertyName(key);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
    }

    /// <summary>One of an enumeration's names.</summary>
    /// <exception cref="InvalidDataException">Another text.</exception>
    public static T Name<T>(this ConfigReader reader, string key, T fallback) where T : struct, Enum
    {
        string text = reader.Text(key, fallback.ToString());
        return Enum.TryParse(text, out T value) && Enum.IsDefined(value) && !char.IsDigit(text.Length > 0 ? text[0] : '0') ? value
            : throw new InvalidDataException(
                $"{reader.Where}: {key}: expected one of {string.Join(", ", Enum.GetNames<T>())}, found '{text}'");
    }
}
