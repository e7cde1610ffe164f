using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Graft.Training;

/// <summary>
/// One node of a sweep's file and where it stands: reads it as what is expected, or says what is wrong in one line.
/// </summary>
sealed class YamlPlace(string file, string path, YamlNode node)
{
    /// <summary>The names of the keys from the root on, with dots between; empty at the root.</summary>
    public string Path => path;

    /// <summary>An error that names the line.</summary>
    public InvalidDataException Wrong(string problem) =>
        new($"{file} line {node.Start.Line}: {(path.Length > 0 ? path + ": " : "")}{problem}.");

    /// <summary>Runs what checks its arguments; its message gets the line.</summary>
    public T Checked<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw Wrong(error.Message.TrimEnd('.'));
        }
    }

    /// <summary>The value of each key, which all must be known.</summary>
    public Dictionary<string, YamlPlace> Map(IReadOnlyCollection<string> known, string example)
    {
        Dictionary<string, YamlPlace> map = [];
        foreach ((string key, YamlPlace at, YamlPlace value) in Entries(example))
        {
            if (!known.Contains(key))
                throw at.Wrong($"no key is named '{key}'; expected one of {string.Join(", ", known)}"
                    + (NearestName.DidYouMean(key, known) is { Length: > 0 } near ? "." + near.TrimEnd('?') : ""));
            map[key] = value;
        }
        return map;
    }

    /// <summary>Keys, where they stand, and their values.</summary>
    public IEnumerable<(string Key, YamlPlace At, YamlPlace Value)> Entries(string example)
    {
        if (node is not YamlMappingNode map) throw Wrong($"expected keys and values, such as {example}; found {Found()}");
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } word })
                throw new YamlPlace(file, path, key).Wrong("expected a key that is a single word");
            yield return (word, new(file, path, key), new(file, path.Length > 0 ? $"{path}.{word}" : word, value));
        }
    }

    /// <summary>The items of a list.</summary>
    public List<YamlPlace> List() => node is YamlSequenceNode list
        ? [.. list.Children.Select(item => new YamlPlace(file, path, item))]
        : throw Wrong($"expected a list, such as [1, 2]; found {Found()}");

    /// <summary>A text; a number is one too.</summary>
    public string Text() => node is YamlScalarNode { Value: { Length: > 0 } text } ? text
        : throw Wrong($"expected a text, found {Found()}");

    /// <summary>One of several words.</summary>
    public string Word(params IReadOnlyCollection<string> known)
    {
        string word = Text();
        if (known.Contains(word)) return word;
        throw Wrong($"expected one of {string.Join(", ", known)}, found '{word}'"
            + (NearestName.DidYouMean(word, known) is { Length: > 0 } near ? "." + near.TrimEnd('?') : ""));
    }

    /// <summary>A finite number; <c>1e-5</c> is one.</summary>
    public double Number() => Value().Number ?? throw Wrong($"expected a number, found {Found()}");

    /// <summary>A whole number of at least some other.</summary>
    public int Whole(int least)
    {
        double value = Number();
        if (value != Math.Floor(value) || Math.Abs(value) > int.MaxValue)
            throw Wrong($"expected a whole number, found {Found()}");
        return value >= least ? (int)value : throw Wrong($"expected at least {least}, found {Found()}");
    }

    /// <summary>True or false.</summary>
    public bool Truth() => Value() is { Kind: SweepValueKind.Boolean } value ? value.ToString() == "true"
        : throw Wrong($"expected true or false, found {Found()}");

    /// <summary>Whether it is written as a whole number: 10, not 10.0 or 1e1.</summary>
    public bool IsWrittenWhole => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text }
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>Any value. Texts in quotes stay texts; lists and mappings become JSON.</summary>
    public SweepValue Value()
    {
        if (node is YamlScalarNode scalar)
        {
            string text = scalar.Value ?? "";
            if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) return SweepValue.Of(text);
            if (text is "" or "~" or "null" or "Null" or "NULL") return SweepValue.Null;
            if (text is "true" or "True" or "TRUE") return SweepValue.Of(true);
            if (text is "false" or "False" or "FALSE") return SweepValue.Of(false);
            string digits = text.Replace("_", "");
            bool begins = char.IsAsciiDigit(digits.TrimStart('+', '-', '.').FirstOrDefault());
            return begins && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? double.IsFinite(number) ? SweepValue.Of(number) : throw Wrong($"'{text}' is too large a number")
                : SweepValue.Of(text);
        }
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes)) Write(json);
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        return SweepValue.Of(document.RootElement);
    }

    void Write(Utf8JsonWriter json)
    {
        switch (node)
        {
            case YamlSequenceNode:
                json.WriteStartArray();
                foreach (YamlPlace item in List()) item.Write(json);
                json.WriteEndArray();
                break;
            case YamlMappingNode:
                json.WriteStartObject();
                foreach ((string key, _, YamlPlace value) in Entries("a: 1"))
                {
                    json.WritePropertyName(key);
                    value.Write(json);
                }
                json.WriteEndObject();
                break;
            default:
                Value().WriteTo(json);
                break;
        }
    }

    string Found() => node switch
    {
        YamlScalarNode { Value: null or "" } => "nothing",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        YamlSequenceNode => "a list",
        YamlMappingNode => "keys and values",
        _ => "an alias",
    };
}
