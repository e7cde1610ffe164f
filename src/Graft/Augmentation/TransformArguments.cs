using System.Globalization;
using Graft.Imaging;
using Graft.Models;

namespace Graft;

/// <summary>The checked arguments of a transform.</summary>
sealed class TransformArguments
{
    readonly Dictionary<string, double[]> numbers = [];
    readonly Dictionary<string, string> words = [];

    /// <exception cref="ArgumentException">A parameter that there is not, or a value out of its range.</exception>
    public TransformArguments(
        string owner, IReadOnlyList<TransformParameter> parameters, IReadOnlyDictionary<string, string> given, Preprocess target)
    {
        Target = target;
        string[] known = [.. parameters.Select(parameter => parameter.Name)];
        foreach (string name in given.Keys)
        {
            if (known.Contains(name)) continue;
            string allowed = known.Length == 0 ? "it has none" : "expected " + string.Join(", ", known);
            throw new ArgumentException($"{owner}: no parameter is named '{name}'; {allowed}.{Suggest.DidYouMean(name, known)}");
        }
        foreach (TransformParameter parameter in parameters)
        {
            string text = given.TryGetValue(parameter.Name, out string? value) ? value : parameter.Default;
            if (parameter.Choices.Count > 0) words[parameter.Name] = Word(owner, parameter, text);
            else numbers[parameter.Name] = Numbers(owner, parameter, text);
        }
    }

    /// <summary>The network's preprocessing: its size, filter and filling.</summary>
    public Preprocess Target { get; }

    public double Number(string name) => numbers[name][0];

    public int Whole(string name) => (int)numbers[name][0];

    public bool Flag(string name) => words[name] == "true";

    public string Word(string name) => words[name];

    public (double Low, double High) Range(string name) => (numbers[name][0], numbers[name][1]);

    static string Word(string owner, TransformParameter parameter, string text)
    {
        if (parameter.Choices.Contains(text)) return text;
        throw new ArgumentException($"{owner}: {parameter.Name}: expected one of {string.Join(", ", parameter.Choices)}, " +
            $"came '{text}'.{Suggest.DidYouMean(text, parameter.Choices)}");
    }

    static double[] Numbers(string owner, TransformParameter parameter, string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length == 1 && parameter.IsSymmetric) parts = ["-" + parts[0].TrimStart('-'), parts[0]];
        double[] values = new double[parts.Length];
        bool fits = parts.Length == parameter.Count;
        for (int i = 0; i < parts.Length && fits; i++)
            fits = double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) &&
                values[i] >= parameter.Minimum && values[i] <= parameter.Maximum &&
                (!parameter.IsWhole || double.IsInteger(values[i]));
        if (fits && parameter.Count == 2) fits = values[0] <= values[1];
        if (fits) return values;
        string what = parameter.Count == 2 ? "a range LOW,HIGH" : parameter.IsWhole ? "a whole number" : "a number";
        string limits = double.IsInfinity(parameter.Minimum) ? "" : FormattableString.Invariant($" from {parameter.Minimum}") +
            (double.IsInfinity(parameter.Maximum) ? " on" : FormattableString.Invariant($" to {parameter.Maximum}"));
        throw new ArgumentException($"{owner}: {parameter.Name}: expected {what}{limits}, came '{text}'.");
    }
}
