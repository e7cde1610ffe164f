using System.Globalization;

namespace Graft.Nn;

/// <summary>One of the losses that are added up, as it was written: <c>0.5*tversky:alpha=0.3,beta=0.7</c>.</summary>
/// <param name="Weight">what it is multiplied by</param>
/// <param name="Name">its name in <see cref="LossList"/></param>
/// <param name="Values">its parameters</param>
readonly record struct LossTerm(double Weight, string Name, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>What each loss takes after a colon.</summary>
    static readonly Dictionary<string, string[]> known = new(StringComparer.Ordinal)
    {
        ["focal"] = ["gamma"],
        ["dice"] = ["smooth"],
        ["tversky"] = ["alpha", "beta", "smooth"],
    };

    /// <summary>The terms of a sum.</summary>
    /// <exception cref="ArgumentException">It can't be read, or there is no such loss.</exception>
    public static IReadOnlyList<LossTerm> Parse(string text)
    {
        List<LossTerm> terms = [];
        foreach (string part in text.Split('+', StringSplitOptions.TrimEntries)) terms.Add(ParseOne(part, text));
        return terms;
    }

    /// <summary>A parameter, or what it is without one.</summary>
    public double Or(string key, double fallback) => Values.TryGetValue(key, out double value) ? value : fallback;

    static LossTerm ParseOne(string part, string text)
    {
        double weight = 1;
        int star = part.IndexOf('*');
        if (star >= 0)
        {
            if (!IsNumber(part.AsSpan(0, star), out weight) || weight <= 0)
                throw new ArgumentException(
                    $"loss {text}: expected a weight above 0 before *, as in ce+0.5*dice, came '{part[..star]}'.");
            part = part[(star + 1)..].Trim();
        }
        string[] words = part.Split(':', 2, StringSplitOptions.TrimEntries);
        string name = words[0] == "ce" ? "crossentropy" : words[0];
        if (!LossList.Names.Contains(name) && !LossList.MaskNames.Contains(name))
            throw new ArgumentException(
                $"loss: expected one of {string.Join(", ", LossList.Names.Union(LossList.MaskNames))}, or a sum such as " +
                $"ce+0.5*dice, came '{text}'.", nameof(text));
        return new LossTerm(weight, name, words.Length > 1 ? Parameters(words[1], name, text) : new Dictionary<string, double>());
    }

    static Dictionary<string, double> Parameters(string words, string name, string text)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        string[] allowed = known.GetValueOrDefault(name) ?? throw new ArgumentException(
            $"loss {text}: {name} takes no parameters, came '{words}'.");
        foreach (string word in words.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = word.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length < 2 || !allowed.Contains(pair[0]) || !IsNumber(pair[1], out double value))
                throw new ArgumentException(
                    $"loss {text}: expected {string.Join(", ", allowed.Select(key => key + "=NUMBER"))} after {name}:, came "
                    + $"'{word}'.");
            values[pair[0]] = value;
        }
        return values;
    }

    static bool IsNumber(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
