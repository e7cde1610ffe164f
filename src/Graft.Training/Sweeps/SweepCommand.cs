using System.Text;
using System.Text.Json;

namespace Graft.Training;

/// <summary>
/// The <c>command</c> of a sweep's file made a command line, with W&amp;B's words: <c>${env}</c>, <c>${interpreter}</c>,
/// <c>${program}</c>, <c>${args}</c>, <c>${args_no_boolean_flags}</c>, <c>${args_no_hyphens}</c>, <c>${args_json}</c>,
/// <c>${args_json_file}</c> and <c>${envvar:NAME}</c>.
/// </summary>
public static class SweepCommand
{
    static readonly string[] macros =
    [
        "env", "interpreter", "program", "args", "args_no_boolean_flags", "args_no_hyphens", "args_json", "args_json_file",
    ];

    /// <summary>W&amp;B's own command, where a file has none.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["${env}", "${interpreter}", "${program}", "${args}"];

    /// <summary>The command line of a trial, program first.</summary>
    /// <param name="config">the sweep</param>
    /// <param name="values">the trial's values; those of parameters within others are joined to JSON</param>
    /// <param name="argumentsFile">the path for <c>${args_json_file}</c>, where <see cref="Json"/> has been written</param>
    /// <exception cref="ArgumentException">A word that is not known, or that has nothing to stand for.</exception>
    public static IReadOnlyList<string> Expand(
        SweepConfig config, IReadOnlyDictionary<string, SweepValue> values, string? argumentsFile = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        List<(string Name, SweepValue Value)> flags = Nested(values);
        List<string> words = [];
        foreach (string word in config.Command ?? Usual)
        {
            switch (word)
            {
                case "${args}":
                    words.AddRange(flags.Select(flag => $"--{flag.Name}={flag.Value}"));
                    break;
                case "${args_no_hyphens}":
                    words.AddRange(flags.Select(flag => $"{flag.Name}={flag.Value}"));
                    break;
                case "${args_no_boolean_flags}":
                    foreach ((string name, SweepValue value) in flags)
                        if (value.Kind != SweepValueKind.Boolean) words.Add($"--{name}={value}");
                        else if (value.ToString() == "true") words.Add("--" + name);
                    break;
                case "${env}":
                    words.Add("/usr/bin/env");
                    break;
                default:
                    words.Add(Replace(word, config, values, argumentsFile));
                    break;
            }
        }
        return words;
    }

    /// <summary>The values as one JSON object, parameters within others as objects in it.</summary>
    public static string Json(IReadOnlyDictionary<string, SweepValue> values)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            foreach ((string name, SweepValue value) in Nested(values))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Refuses what looks like one of the words but is none.</summary>
    internal static bool Check(string word)
    {
        foreach (string name in Names(word))
            if (!macros.Contains(name) && !name.StartsWith("envvar:", StringComparison.Ordinal))
                throw new ArgumentException($"no word is named '${{{name}}}'; expected one of "
                    + string.Join(", ", macros.Select(one => $"${{{one}}}")) + ", ${envvar:NAME}"
                    + (NearestName.DidYouMean(name, macros) is { Length: > 0 } near ? "." + near.TrimEnd('?') : ""));
        return true;
    }

    static string Replace(string word, SweepConfig config, IReadOnlyDictionary<string, SweepValue> values, string? argumentsFile)
    {
        Check(word);
        foreach (string name in Names(word).ToList())
            word = word.Replace($"${{{name}}}", name switch
            {
                "env" => "/usr/bin/env",
                "interpreter" => "python",
                "program" => config.Program ?? throw new ArgumentException("${program}: the sweep has no program"),
                "args_json" => Json(values),
                "args_json_file" => argumentsFile ?? throw new ArgumentException("${args_json_file}: no file has been written"),
                _ when name.StartsWith("envvar:", StringComparison.Ordinal) =>
                    Environment.GetEnvironmentVariable(name["envvar:".Length..]) ?? "",
                _ => throw new ArgumentException($"${{{name}}}: stands for several words, so it must be a word of its own"),
            }, StringComparison.Ordinal);
        return word;
    }

    static IEnumerable<string> Names(string word)
    {
        for (int from = word.IndexOf("${", StringComparison.Ordinal); from >= 0;
            from = word.IndexOf("${", from + 2, StringComparison.Ordinal))
            if (word.IndexOf('}', from) is > 0 and int to) yield return word[(from + 2)..to];
    }

    /// <summary>The values with those of parameters within others joined.</summary>
    static List<(string Name, SweepValue Value)> Nested(IReadOnlyDictionary<string, SweepValue> values)
    {
        List<(string, SweepValue)> joined = [];
        foreach (IGrouping<string, KeyValuePair<string, SweepValue>> group in values.GroupBy(pair => pair.Key.Split('/')[0]))
        {
            if (group.First().Key == group.Key)
            {
                joined.Add((group.Key, group.First().Value));
                continue;
            }
            string inner = Json(group.ToDictionary(pair => pair.Key[(group.Key.Length + 1)..], pair => pair.Value));
            using JsonDocument document = JsonDocument.Parse(inner);
            joined.Add((group.Key, SweepValue.Of(document.RootElement)));
        }
        return joined;
    }
}
