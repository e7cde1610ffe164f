namespace Graft.Training;

/// <summary>The <c>parameters</c> of a sweep's file.</summary>
static class ParameterReader
{
    static readonly string[] keys =
        ["value", "values", "probabilities", "distribution", "min", "max", "mu", "sigma", "a", "b", "q", "parameters"];

    // what W&B's grammar calls the distributions, and the keys that each takes
    static readonly Dictionary<string, string[]> distributions = new()
    {
        ["constant"] = ["value"],
        ["categorical"] = ["values", "probabilities"],
        ["categorical_w_probabilities"] = ["values", "probabilities"],
        ["int_uniform"] = ["min", "max"],
        ["uniform"] = ["min", "max"],
        ["q_uniform"] = ["min", "max", "q"],
        ["log_uniform"] = ["min", "max"],
        ["log_uniform_values"] = ["min", "max"],
        ["q_log_uniform"] = ["min", "max", "q"],
        ["q_log_uniform_values"] = ["min", "max", "q"],
        ["inv_log_uniform"] = ["min", "max"],
        ["inv_log_uniform_values"] = ["min", "max"],
        ["normal"] = ["mu", "sigma"],
        ["q_normal"] = ["mu", "sigma", "q"],
        ["log_normal"] = ["mu", "sigma"],
        ["q_log_normal"] = ["mu", "sigma", "q"],
        ["beta"] = ["a", "b"],
        ["q_beta"] = ["a", "b", "q"],
    };

    public static IReadOnlyList<SweepParameter> Read(YamlPlace place, SweepMethod method)
    {
        List<SweepParameter> found = [];
        Add(place, "", method, found);
        return found;
    }

    static void Add(YamlPlace place, string prefix, SweepMethod method, List<SweepParameter> found)
    {
        int before = found.Count;
        foreach ((string name, YamlPlace at, YamlPlace value) in place.Entries("lr: {min: 0.001, max: 0.1}"))
        {
            if (!(char.IsAsciiLetter(name[0]) || name[0] == '_')
                || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
                throw at.Wrong(
                    $"'{name}' is no name of a parameter; expected letters, digits, _, - and dots, a letter or _ first");
            Dictionary<string, YamlPlace> map = value.Map(keys, "value: 1, values: [1, 2] or min: 0, max: 1");
            string full = prefix + name;
            if (map.TryGetValue("parameters", out YamlPlace? within))
            {
                if (map.Count > 1) throw value.Wrong($"parameters within a parameter stand alone, without {Others(map)}");
                Add(within, full + "/", method, found);
                continue;
            }
            SweepParameter parameter = value.Checked(() => One(full, map, value));
            if (method == SweepMethod.Grid) value.Checked(() => GridSampler.ValuesOf(parameter));
            found.Add(parameter);
        }
        if (found.Count == before) throw place.Wrong("expected at least one parameter");
    }

    static SweepParameter One(string name, Dictionary<string, YamlPlace> map, YamlPlace place)
    {
        string distribution = map.TryGetValue("distribution", out YamlPlace? its)
            ? its.Word(distributions.Keys) : Usual(map, place);
        string[] takes = distributions[distribution];
        foreach ((string key, YamlPlace value) in map)
            if (key != "distribution" && !takes.Contains(key))
                throw value.Wrong($"has no meaning for {distribution}, which takes {string.Join(" and ", takes)}");
        if (distribution == "constant") return new SweepConstant(name, Need("value").Value());
        if (takes[0] == "values")
        {
            List<YamlPlace> values = Need("values").List();
            if (values.Count == 0) throw map["values"].Wrong("expected at least one value");
            double[]? probabilities = map.TryGetValue("probabilities", out YamlPlace? weights)
                ? [.. weights.List().Select(one => one.Number())] : null;
            return (weights ?? place).Checked(() => new SweepChoice(name, [.. values.Select(one => one.Value())], probabilities));
        }
        SweepDistribution kind = Enum.Parse<SweepDistribution>(distribution.Replace("_", ""), ignoreCase: true);
        double q = Or("q", 1);
        return takes[0] switch
        {
            "min" => SweepRange.Between(name, kind, Need("min").Number(), Need("max").Number(), q),
            "mu" => SweepRange.Around(name, kind, Or("mu", 0), Or("sigma", 1), q),
            _ => SweepRange.Shaped(name, kind, Or("a", 1), Or("b", 1), q),
        };

        YamlPlace Need(string key) => map.GetValueOrDefault(key)
            ?? throw place.Wrong($"{key} is missing; {distribution} takes {string.Join(" and ", takes)}");
        double Or(string key, double otherwise) => map.GetValueOrDefault(key)?.Number() ?? otherwise;
    }

    /// <summary>The distribution where none is named.</summary>
    static string Usual(Dictionary<string, YamlPlace> map, YamlPlace place)
    {
        if (map.ContainsKey("value")) return "constant";
        if (map.ContainsKey("values")) return "categorical";
        if (!map.TryGetValue("min", out YamlPlace? min) || !map.TryGetValue("max", out YamlPlace? max))
            throw place.Wrong(map.Count == 0 ? "expected value, values, min and max, or distribution; found nothing"
                : $"expected value, values, min and max, or distribution; found {Others(map)}");
        return min.IsWrittenWhole && max.IsWrittenWhole ? "int_uniform" : "uniform";
    }

    static string Others(Dictionary<string, YamlPlace> map) => string.Join(" and ", map.Keys.Where(key => key != "parameters"));
}
