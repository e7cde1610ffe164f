using System.CommandLine;
using System.Globalization;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft models</c>: which architectures are there?</summary>
sealed class ModelsCommand : GraftCommand
{
    readonly Argument<string?> filter = new("FILTER")
    {
        Description = "only names that contain it, such as resnet or hf:convnext; * stands for anything",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public ModelsCommand() : base("models",
        "Lists the architectures that Graft knows, by origin. Weights of any of them can be opened by graft train, predict and " +
        "evaluate; Graft brings no weights itself.")
    {
        Add(filter);
        AddSection("Options", format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft models", "all of them"),
        ("graft models resnet", "those with resnet in their name"),
        ("graft models 'timm:convnext*' --format json", "by origin, for a program"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string wanted = arguments.GetValue(filter) ?? "";
        List<ModelVariant> found = [.. ModelZoo.Variants.Where(variant => Matches(variant.FullName, wanted))];
        if (found.Count == 0)
        {
            IEnumerable<string> names = ModelZoo.Variants.Select(variant => variant.Name);
            throw new ArgumentException($"no model is named like {wanted}.{NearestName.Suggest(wanted, names)}");
        }
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, found);
        else WriteTable(context.Output, found);
        return ExitCode.Success;
    }

    static void WriteTable(TextWriter output, List<ModelVariant> found)
    {
        bool counted = found.Any(variant => variant.Parameters > 0);
        TableWriter table = counted ? new("model", "family", "input", "million parameters", "licence")
            : new("model", "family", "input", "licence");
        foreach (ModelVariant variant in found)
        {
            string millions = (variant.Parameters / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
            string input = $"{variant.Preprocess.Height}x{variant.Preprocess.Width}";
            if (counted) table.Add(variant.FullName, variant.Family.Name, input, millions, variant.Licence);
            else table.Add(variant.FullName, variant.Family.Name, input, variant.Licence);
        }
        table.Write(output);
    }

    static void WriteJson(TextWriter output, List<ModelVariant> found) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (ModelVariant variant in found)
        {
            json.WriteStartObject();
            json.WriteString("model", variant.FullName);
            json.WriteString("family", variant.Family.Name);
            json.WriteNumber("height", variant.Preprocess.Height);
            json.WriteNumber("width", variant.Preprocess.Width);
            if (variant.Parameters > 0) json.WriteNumber("parameters", variant.Parameters);
            json.WriteString("licence", variant.Licence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>Whether the words between the stars of a filter come in the name one after another.</summary>
    internal static bool Matches(string name, string filter)
    {
        int at = 0;
        foreach (string word in filter.Split('*'))
        {
            int found = name.IndexOf(word, at, StringComparison.OrdinalIgnoreCase);
            if (found < 0) return false;
            at = found + word.Length;
        }
        return true;
    }
}
