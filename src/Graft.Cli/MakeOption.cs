using System.CommandLine.Parsing;
using System.CommandLine;
using System.Globalization;
using Graft.Models;

namespace Graft.Cli;

/// <summary>Makes options whose mistakes read well: what was expected and what came.</summary>
static class MakeOption
{
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    /// <summary>One of several words; the first is the default. A value name stands for them where they are many.</summary>
    public static Option<string> Choice(
        string name, IReadOnlyList<string> choices, string description, string? valueName = null) => new(name)
        {
            Description = valueName is null ? description : $"{description}: {string.Join(", ", choices)}",
            HelpName = valueName ?? string.Join('|', choices),
            DefaultValueFactory = _ => choices[0],
            CustomParser = result => Parse(result, $"one of {string.Join(", ", choices)}", (string word, out string value) =>
            {
                value = word;
                return choices.Contains(word);
            }, choices)!,
        };

    /// <summary>A whole number, null when it isn't given.</summary>
    public static Option<int?> Number(string name, string description, int minimum = int.MinValue, string valueName = "N") =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => Parse(result, Range("a whole number", minimum, int.MinValue),
                (string word, out int? value) =>
                {
                    bool parsed = int.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number);
                    value = number;
                    return parsed && number >= minimum;
                }),
        };

    /// <summary>A number, null when it isn't given.</summary>
    public static Option<double?> Real(
        string name, string description, double minimum = double.MinValue, double maximum = double.MaxValue,
        string valueName = "X") =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => Parse(result, Range("a number", minimum, double.MinValue, maximum),
                (string word, out double? value) =>
                {
                    bool parsed = double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
                    value = number;
                    return parsed && number >= minimum && number <= maximum;
                }),
        };

    /// <summary>A time such as <c>90s</c>, <c>10m</c> or <c>1.5h</c>, in seconds; null when it isn't given.</summary>
    public static Option<double?> Duration(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "TIME",
            CustomParser = result => Parse(result, "a time above 0 such as 90s, 10m or 2h", (string word, out double? value) =>
            {
                ReadOnlySpan<char> digits = word.AsSpan(0, Math.Max(0, word.Length - 1));
                bool parsed = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
                value = number * word[digits.Length..] switch { "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
                return parsed && value is > 0 and < 1e9;
            }),
        };

    /// <summary>A number above 0, or a word that leaves it open, for which NaN comes; null when it isn't given.</summary>
    public static Option<double?> RealOrWord(string name, string word, string description) =>
        new(name)
        {
            Description = description,
            HelpName = $"X|{word}",
            CustomParser = result => Parse(result, $"a number above 0, or {word}", (string given, out double? value) =>
            {
                bool parsed = double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
                value = given == word ? double.NaN : number;
                return given == word || (parsed && number is > 0 and < double.PositiveInfinity);
            }),
        };

    /// <summary>Several numbers joined by commas, such as <c>0.9,0.99</c>; null when it isn't given.</summary>
    public static Option<RealList?> Reals(string name, string valueName, string description, int count) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, $"{count} numbers joined by commas", (string word, out RealList? value) =>
            {
                string[] parts = word.Split(',');
                double[] numbers = new double[parts.Length];
                value = new RealList(numbers);
                for (int i = 0; i < parts.Length; i++)
                {
                    bool parsed = double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
                    if (!parsed) return false;
                }
                return parts.Length == count;
            }),
        };

    /// <summary>Several whole numbers above 0 joined by a sign, such as <c>224x224</c>; null when it isn't given.</summary>
    public static Option<NumberList?> Numbers(
        string name, string valueName, char separator, string description, int? count = null) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, $"{valueName}, such as {valueName.Example(separator)}",
                (string word, out NumberList? value) =>
                {
                    string[] parts = word.Split(separator);
                    int[] numbers = new int[parts.Length];
                    value = new NumberList(numbers);
                    if (count is { } wanted && parts.Length != wanted) return false;
                    for (int i = 0; i < parts.Length; i++)
                    {
                        bool parsed = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
                        if (!parsed || numbers[i] < 1) return false;
                    }
                    return true;
                }),
        };

    delegate bool TryParse<T>(string word, out T value);

    static T? Parse<T>(ArgumentResult result, string expected, TryParse<T> parse, IReadOnlyList<string>? choices = null)
    {
        string word = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (parse(word, out T value)) return value;
        string option = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
        string suggestion = choices is null ? "" : Suggest.DidYouMean(word, choices);
        result.AddError($"{option}: expected {expected}, got '{word}'.{suggestion}");
        return default;
    }

    static string Range(string what, double minimum, double none, double maximum = double.MaxValue) =>
        minimum == none ? what
        : maximum == double.MaxValue ? FormattableString.Invariant($"{what} of at least {minimum}")
        : FormattableString.Invariant($"{what} from {minimum} to {maximum}");

    static string Example(this string name, char separator) =>
        separator == 'x' ? "224x224" : name == "H,W" ? "480,480" : "1,3,224,224";
}
