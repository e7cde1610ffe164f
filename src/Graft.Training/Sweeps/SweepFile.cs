using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Graft.Training;

/// <summary>
/// Reads a sweep in the YAML grammar of Weights &amp; Biases (docs/sweeps.md has every key). What is not known, of the wrong type
/// or out of range is an error in one line that names the file's line: <c>sweep.yaml line 12: ...</c>
/// </summary>
public static class SweepFile
{
    static readonly string[] top =
    [
        "program", "name", "description", "project", "entity", "method", "metric", "parameters", "early_terminate",
        "run_cap", "command",
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not YAML, or no sweep; the message names the line.</exception>
    public static SweepConfig Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file.", path);
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">the YAML</param>
    /// <param name="name">what messages call it</param>
    /// <exception cref="InvalidDataException">It is not YAML, or no sweep; the message names the line.</exception>
    public static SweepConfig Parse(string text, string name = "sweep.yaml")
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new InvalidDataException($"{name} line {error.Start.Line}: not YAML: {error.Message.TrimEnd('.')}.", error);
        }
        if (stream.Documents.Count == 0) throw new InvalidDataException($"{name}: expected a sweep, found nothing.");
        YamlPlace root = new(name, "", stream.Documents[0].RootNode);
        return Read(root);
    }

    static SweepConfig Read(YamlPlace root)
    {
        Dictionary<string, YamlPlace> map = root.Map(top, "method: bayes");
        if (!map.TryGetValue("method", out YamlPlace? method))
            throw root.Wrong("method is missing; expected grid, random, bayes or tpe");
        SweepMethod how = Enum.Parse<SweepMethod>(method.Word("grid", "random", "bayes", "tpe"), ignoreCase: true);
        if (!map.TryGetValue("parameters", out YamlPlace? parameters))
            throw root.Wrong("parameters are missing; expected such as parameters: {lr: {min: 0.001, max: 0.1}}");
        SweepConfig config = new(how, new(ParameterReader.Read(parameters, how)))
        {
            Program = Text("program"),
            Name = Text("name"),
            Description = Text("description"),
            Project = Text("project"),
            Entity = Text("entity"),
            Metric = map.TryGetValue("metric", out YamlPlace? metric) ? Metric(metric) : null,
            RunCap = map.TryGetValue("run_cap", out YamlPlace? cap) ? cap.Whole(1) : null,
            Command = map.TryGetValue("command", out YamlPlace? command) ? Command(command) : null,
            EarlyTermination = map.TryGetValue("early_terminate", out YamlPlace? early) ? Early(early) : null,
        };
        if (config.Metric is null && how is SweepMethod.Bayes or SweepMethod.Tpe)
            throw method.Wrong($"{how.ToString().ToLowerInvariant()} needs a metric, such as metric: {{name: valid_loss}}");
        if (config.Metric is null && early is not null)
            throw early.Wrong("needs a metric, such as metric: {name: valid_loss}");
        return config;

        string? Text(string key) => map.TryGetValue(key, out YamlPlace? value) ? value.Text() : null;
    }

    static SweepMetric Metric(YamlPlace place)
    {
        Dictionary<string, YamlPlace> map = place.Map(["name", "goal", "target"], "name: valid_loss");
        if (!map.TryGetValue("name", out YamlPlace? name)) throw place.Wrong("name is missing, such as name: valid_loss");
        return new(name.Text())
        {
            Goal = map.TryGetValue("goal", out YamlPlace? goal)
                ? Enum.Parse<SweepGoal>(goal.Word("minimize", "maximize"), ignoreCase: true) : SweepGoal.Minimize,
            Target = map.TryGetValue("target", out YamlPlace? target) ? target.Number() : null,
        };
    }

    static List<string> Command(YamlPlace place)
    {
        List<string> words = [];
        foreach (YamlPlace item in place.List())
        {
            string word = item.Text();
            item.Checked(() => SweepCommand.Check(word));
            words.Add(word);
        }
        return words.Count > 0 ? words : throw place.Wrong("expected at least one word");
    }

    static EarlyTermination Early(YamlPlace place)
    {
        Dictionary<string, YamlPlace> map =
            place.Map(["type", "min_iter", "max_iter", "s", "eta", "strict"], "type: hyperband");
        if (!map.TryGetValue("type", out YamlPlace? type)) throw place.Wrong("type is missing; expected hyperband or asha");
        bool asha = type.Word("hyperband", "asha") == "asha";
        int? first = map.TryGetValue("min_iter", out YamlPlace? min) ? min.Whole(1) : null;
        int? last = map.TryGetValue("max_iter", out YamlPlace? max) ? max.Whole(1) : null;
        double eta = map.TryGetValue("eta", out YamlPlace? by) ? by.Number() : 3;
        if (eta <= 1) throw by!.Wrong($"expected more than 1, found '{eta}'");
        EarlyTermination rule;
        if (asha)
        {
            foreach (string key in (string[])["s", "strict"])
                if (map.TryGetValue(key, out YamlPlace? other)) throw other.Wrong("has no meaning for asha");
            rule = new Asha { Eta = eta, MinIterations = first ?? 1, MaxIterations = last };
        }
        else
        {
            bool hasBrackets = map.TryGetValue("s", out YamlPlace? s);
            if (first is null && last is null) throw place.Wrong("hyperband: expected min_iter, or max_iter and s");
            if (first is not null && last is not null) throw max!.Wrong("hyperband takes min_iter or max_iter, not both");
            if (last is not null && !hasBrackets) throw max!.Wrong("hyperband with max_iter needs s, the number of bands");
            if (first is not null && hasBrackets) throw s!.Wrong("has no meaning with min_iter");
            rule = new Hyperband
            {
                Eta = eta,
                MinIterations = first,
                MaxIterations = last,
                Brackets = s?.Whole(1) ?? 0,
                Strict = map.TryGetValue("strict", out YamlPlace? strict) && strict.Truth(),
            };
        }
        place.Checked(() => rule.Bands(int.MaxValue));
        return rule;
    }
}
