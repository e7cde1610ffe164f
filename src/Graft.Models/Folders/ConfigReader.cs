using System.Globalization;
using System.Text.Json;

namespace Graft.Models;

/// <summary>
/// Reads a JSON object whose values may be wrong or hostile; each error says where, what was expected and what came.
/// </summary>
sealed class ConfigReader
{
    readonly JsonElement element;
    readonly string where;
    readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <param name="element">the object</param>
    /// <param name="where">how errors name it: <c>config.json</c></param>
    /// <exception cref="InvalidDataException">It is no object.</exception>
    public ConfigReader(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{where}: expected a JSON object, found {Show(element)}");
        this.element = element;
        this.where = where;
    }

    /// <summary>How errors name this object.</summary>
    public string Where => where;

    /// <summary>The object itself.</summary>
    public JsonElement Element => element;

    /// <summary>Whether there is a value that is not null.</summary>
    public bool Has(string key) => Find(key, out _);

    /// <summary>Whether there is a number.</summary>
    public bool IsNumber(string key) => Find(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number;

    /// <summary>Whether the key is there, with null.</summary>
    public bool IsNull(string key)
    {
        asked.Add(key);
        return element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;
    }

    /// <summary>A whole number within bounds.</summary>
    public int Int(string key, int fallback, int min = 1, int max = 65536) =>
        Find(key, out JsonElement value) ? ToInt(value, key, min, max) : fallback;

    /// <summary>A list of whole numbers within bounds.</summary>
    /// <param name="count">how many there must be; 0 for any number up to 64</param>
    public int[] Ints(string key, int[] fallback, int count = 0, int min = 1, int max = 65536)
    {
        if (!Find(key, out JsonElement value)) return fallback;
        int length = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : -1;
        if (length < 1 || length > 64 || (count > 0 && length != count))
            throw Wrong(key, count > 0 ? $"{count} whole numbers" : "a list of whole numbers", value);
        int[] result = new int[length];
        for (int i = 0; i < length; i++) result[i] = ToInt(value[i], key, min, max);
        return result;
    }

    /// <summary>A number within bounds.</summary>
    public double Number(string key, double fallback, double min = double.MinValue, double max = double.MaxValue)
    {
        if (!Find(key, out JsonElement value)) return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= min && number <= max)
            return number;
        throw Wrong(key, $"a number from {Show(min)} to {Show(max)}", value);
    }

    /// <summary>true or false.</summary>
    public bool Flag(string key, bool fallback)
    {
        if (!Find(key, out JsonElement value)) return fallback;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(key, "true or false", value),
        };
    }

    /// <summary>A text.</summary>
    public string Text(string key, string fallback)
    {
        if (!Find(key, out JsonElement value)) return fallback;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, "a text", value);
    }

    /// <summary>An object within this one; null where there is none.</summary>
    public ConfigReader? Section(string key) =>
        Find(key, out JsonElement value) ? new ConfigReader(value, $"{where}: {key}") : null;

    /// <summary>Says that a key is known and makes no difference here.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys) asked.Add(key);
    }

    /// <summary>Refuses a value other than the one that can be built.</summary>
    /// <exception cref="NotSupportedException">It has another value.</exception>
    public void Require(string key, params ReadOnlySpan<string> allowed)
    {
        if (!Find(key, out JsonElement value)) return;
        string found = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        foreach (string candidate in allowed)
            if (found == candidate) return;
        throw new NotSupportedException(
            $"{where}: {key}: Graft knows {string.Join(" or ", allowed.ToArray())} for this family, found {Show(value)}");
    }

    /// <summary>Refuses keys that nobody asked for: an argument that changes the network must not be passed over.</summary>
    /// <exception cref="NotSupportedException">There is one.</exception>
    public void RefuseUnknown()
    {
        foreach (JsonProperty property in element.EnumerateObject())
            if (!asked.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null)
                throw new NotSupportedException(
                    $"{where}: Graft does not know the argument {property.Name} (found {Show(property.Value)})");
    }

    /// <summary>The error for a value that makes no sense.</summary>
    public InvalidDataException Wrong(string key, string expected, JsonElement found) =>
        new($"{where}: {key}: expected {expected}, found {Show(found)}");

    bool Find(string key, out JsonElement value)
    {
        asked.Add(key);
        return element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
    }

    int ToInt(JsonElement value, string key, int min, int max)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= min && number <= max &&
            number == Math.Floor(number))
            return (int)number;
        throw Wrong(key, $"a whole number from {min} to {max}", value);
    }

    static string Show(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    static string Show(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) return "nothing";
        string text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 60 ? text : text[..60] + "...";
    }
}
