using System.Text.Json;

namespace Graft.Reports;

/// <summary>One line of a run's <c>.jsonl</c> file: whatever was recorded, by name.</summary>
sealed class RunLine
{
    readonly Dictionary<string, double> numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    readonly List<string> names = [];

    /// <summary>The names of its numbers, in their order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether it is marked as the best.</summary>
    public bool IsBest { get; private set; }

    /// <summary>A number; NaN where there is none.</summary>
    public double this[string name] => numbers.GetValueOrDefault(name, double.NaN);

    /// <summary>A text; empty where there is none.</summary>
    public string Text(string name) => texts.GetValueOrDefault(name, "");

    /// <summary>A line; null where it is no JSON object.</summary>
    public static RunLine? Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var read = new RunLine();
            read.Add("", document.RootElement);
            return read;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // what is nested is named by its path: metrics.val_auc becomes val_auc
    void Add(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject()) Add(member.Name, member.Value);
                break;
            case JsonValueKind.Number when !numbers.ContainsKey(name):
                numbers[name] = value.GetDouble();
                names.Add(name);
                break;
            case JsonValueKind.Null when !numbers.ContainsKey(name):
                numbers[name] = double.NaN; // JSON has no word for it
                names.Add(name);
                break;
            case JsonValueKind.String:
                texts.TryAdd(name, value.GetString()!);
                break;
            case JsonValueKind.True when name is "best":
                IsBest = true;
                break;
        }
    }
}
