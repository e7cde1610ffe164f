using System.Globalization;
using System.Text.Json;
using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// The classes of masks as a file names them. JSON: <c>{"classes": [{"index", "name", "color", "ignore", "mask_value"}],
/// "ignore_index"}</c>; a list of such entries or of names; <c>{"name": [r, g, b]}</c>; <c>{"0": "name"}</c>. Text: a name a
/// line. A table with the columns name, r, g, b.
/// </summary>
/// <param name="Path">the file</param>
/// <param name="Labels">its entries, by value</param>
/// <param name="IgnoreValue">the ignored value that it names, or null</param>
/// <param name="HasValues">whether it says which values the classes have, rather than their order alone</param>
sealed record ClassList(string Path, IReadOnlyList<MaskLabel> Labels, int? IgnoreValue, bool HasValues)
{
    static readonly string[] names =
    [
        "classes.json", "class_list.json", "label_map.json", "id2label.json", "classes.txt", "codes.txt", "labels.txt",
        "class_names.txt", "class_dict.csv", "classes.csv", "class_dict_seg.csv",
    ];
    static readonly string[] ignoredNames = ["void", "ignore", "ignored", "unlabeled", "unlabelled"];

    /// <summary>The class list of a folder, or null.</summary>
    /// <exception cref="InvalidDataException">It can't be used; the message says why.</exception>
    public static ClassList? Find(string folder, Action<string> note) =>
        names.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path
            ? Read(path, note) : null;

    /// <summary>Reads a class list.</summary>
    /// <exception cref="InvalidDataException">It can't be used; the message says why.</exception>
    public static ClassList Read(string path, Action<string> note)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path}: no such class list.");
        ClassList list = System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".json" => Json(path),
            ".csv" => Table(path),
            _ => Text(path, note),
        };
        if (list.Labels.Count(label => !label.IsIgnored) == 0)
            throw new InvalidDataException($"{path}: expected names of classes, found none.");
        if (list.Labels.Any(label => string.IsNullOrWhiteSpace(label.Name)))
            throw new InvalidDataException($"{path}: expected a name for each class, found an empty one.");
        return list with { Labels = [.. list.Labels.OrderBy(label => label.Value)] };
    }

    static ClassList Text(string path, Action<string> note)
    {
        string[] lines = [.. File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        List<MaskLabel> labels = [];
        foreach (string line in lines)
        {
            bool ignored = ignoredNames.Contains(line, StringComparer.OrdinalIgnoreCase);
            if (ignored) note($"{path}: pixels of '{line}', value {labels.Count}, are ignored");
            labels.Add(new MaskLabel(line, labels.Count, IsIgnored: ignored));
        }
        return new ClassList(path, labels, null, HasValues: false);
    }

    static ClassList Table(string path)
    {
        string[][] rows = [.. TextTable.Read(path)];
        string[] columns = TextTable.Columns(path);
        int Column(params string[] wanted) =>
            Array.FindIndex(columns, name => wanted.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase));
        int name = Column("name", "class", "label", "class_name"), value = Column("index", "id", "value", "label_value");
        int red = Column("r", "red"), green = Column("g", "green"), blue = Column("b", "blue");
        if (name < 0)
            throw new InvalidDataException(
                $"{path}: expected a column 'name' beside r, g, b, found {string.Join(", ", columns)}.");
        List<MaskLabel> labels = [];
        foreach (string[] row in rows)
        {
            RgbColor? color = red < 0 || green < 0 || blue < 0 ? null
                : new RgbColor(Byte(path, row[red]), Byte(path, row[green]), Byte(path, row[blue]));
            labels.Add(new MaskLabel(row[name].Trim(), value < 0 ? labels.Count : Whole(path, row[value]), color));
        }
        return new ClassList(path, labels, null, value >= 0);
    }

    static ClassList Json(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
            });
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array) return Entries(path, root, null);
            if (root.ValueKind != JsonValueKind.Object) throw Unexpected(path, root);
            if (root.TryGetProperty("classes", out JsonElement classes)
                && classes.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            {
                int? ignored = root.TryGetProperty("ignore_index", out JsonElement its) && its.ValueKind == JsonValueKind.Number
                    ? Whole(path, its) : null;
                return classes.ValueKind == JsonValueKind.Array ? Entries(path, classes, ignored)
                    : Pairs(path, classes) with { IgnoreValue = ignored };
            }
            return Pairs(path, root.TryGetProperty("id2label", out JsonElement map) ? map : root);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected JSON, found an error in line {error.LineNumber + 1}.", error);
        }
    }

    // [{"name": ...}, ...] or ["name", ...]
    static ClassList Entries(string path, JsonElement list, int? ignoreValue)
    {
        List<MaskLabel> labels = [];
        bool hasValues = false;
        foreach (JsonElement entry in list.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.String)
            {
                labels.Add(new MaskLabel(entry.GetString()!, labels.Count));
                continue;
            }
            if (entry.ValueKind != JsonValueKind.Object) throw Unexpected(path, entry);
            if (Member(entry, "name", "label", "class", "title") is not { ValueKind: JsonValueKind.String } text)
                throw new InvalidDataException($"{path}: expected a name in each entry, found {Short(entry)}.");
            string name = text.GetString()!;
            JsonElement? color = Member(entry, "color", "colour", "rgb"), own = Member(entry, "mask_value", "value");
            JsonElement? index = Member(entry, "index", "id");
            int value = (own ?? index) is { } number ? Whole(path, number) : labels.Count;
            hasValues |= own is not null;
            bool ignored = Member(entry, "ignore", "ignored") is { ValueKind: JsonValueKind.True };
            labels.Add(new MaskLabel(name, value, color is { } its ? Color(path, its) : null, ignored || value == ignoreValue));
        }
        return new ClassList(path, labels, ignoreValue, hasValues);
    }

    // {"name": [r, g, b]}, {"name": "#rrggbb"}, {"name": index} or {"index": "name"}
    static ClassList Pairs(string path, JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object) throw Unexpected(path, map);
        List<MaskLabel> labels = [];
        bool hasValues = false;
        foreach (JsonProperty pair in map.EnumerateObject())
        {
            JsonElement its = pair.Value;
            if (its.ValueKind == JsonValueKind.String
                && int.TryParse(pair.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
                labels.Add(new MaskLabel(its.GetString()!, value));
            else if (its.ValueKind == JsonValueKind.Number)
            {
                labels.Add(new MaskLabel(pair.Name, Whole(path, its)));
                hasValues = true;
            }
            else labels.Add(new MaskLabel(pair.Name, labels.Count, Color(path, its)));
        }
        return new ClassList(path, labels, null, hasValues);
    }

    static JsonElement? Member(JsonElement entry, params string[] names)
    {
        foreach (string name in names)
            if (entry.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null) return value;
        return null;
    }

    static RgbColor Color(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is ['#', .. { Length: 6 } digits]
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb))
            return new RgbColor((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is 3 or 4)
        {
            int[] parts = [.. value.EnumerateArray().Take(3).Select(part => Whole(path, part))];
            if (parts.All(part => part is >= 0 and <= 255))
                return new RgbColor((byte)parts[0], (byte)parts[1], (byte)parts[2]);
        }
        throw new InvalidDataException(
            $"{path}: expected a colour such as [128, 64, 128] or \"#804080\", found {Short(value)}.");
    }

    static int Whole(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole) ? whole
            : throw new InvalidDataException($"{path}: expected a whole number, found {Short(value)}.");

    static int Whole(string path, string cell) =>
        int.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out int whole) ? whole
            : throw new InvalidDataException($"{path}: expected a whole number, found '{cell}'.");

    static byte Byte(string path, string cell) => Whole(path, cell) is >= 0 and <= 255 and var value ? (byte)value
        : throw new InvalidDataException($"{path}: expected a part of a colour from 0 to 255, found '{cell}'.");

    static InvalidDataException Unexpected(string path, JsonElement found) => new(
        $"{path}: expected {{\"classes\": [...]}}, a list of classes or {{\"name\": [r, g, b]}}, found {Short(found)}.");

    static string Short(JsonElement element)
    {
        string text = element.GetRawText().ReplaceLineEndings(" ");
        return text.Length > 40 ? text[..40] + "..." : text;
    }
}
