using System.CommandLine;

namespace Graft.Cli.Commands;

/// <summary><c>graft data augmentations</c>: what can be chosen by name?</summary>
sealed class DataAugmentationsCommand : GraftCommand
{
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public DataAugmentationsCommand() : base("augmentations",
        "Lists the presets of --augment, and the transforms that a file of --augmentation names, with their parameters and " +
        "what these are when they are not given.", "data") => AddSection("Options", format);

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft data augmentations", "all of them"),
        ("graft data augmentations --format json", "for a program"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        if (arguments.GetValue(format) == "json") WriteJson(context.Output);
        else WriteText(context.Output);
        return ExitCode.Success;
    }

    static void WriteText(TextWriter output)
    {
        output.WriteLine("presets: --augment NAME, arguments after a colon");
        TableWriter presets = new("name", "what it does");
        foreach (AugmentationPreset preset in AugmentationPresets.All) presets.Add(preset.Name, preset.Summary);
        presets.Write(output);
        output.WriteLine();
        output.WriteLine("transforms: the lines of a file, --augmentation FILE");
        foreach (TransformEntry entry in AugmentationList.All)
        {
            output.WriteLine();
            output.WriteLine($"- {entry.Name}: {entry.Summary}");
            TableWriter parameters = new("  parameter", "default", "meaning");
            foreach (TransformParameter one in entry.Parameters)
                parameters.Add("  " + one.Name, Default(one), Meaning(one));
            if (entry.Parameters.Count > 0) parameters.Write(output);
        }
    }

    static string Default(TransformParameter one) => one.Count == 2 ? $"[{one.Default.Replace(",", ", ")}]" : one.Default;

    static string Meaning(TransformParameter one) =>
        one.Choices.Count > 0 ? $"{one.Meaning}: {string.Join(", ", one.Choices)}" : one.Meaning;

    static void WriteJson(TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("presets");
        foreach (AugmentationPreset preset in AugmentationPresets.All)
        {
            json.WriteStartObject();
            json.WriteString("name", preset.Name);
            json.WriteString("summary", preset.Summary);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("transforms");
        foreach (TransformEntry entry in AugmentationList.All)
        {
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            json.WriteString("summary", entry.Summary);
            json.WriteStartArray("parameters");
            foreach (TransformParameter one in entry.Parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", one.Name);
                json.WriteString("default", one.Default);
                json.WriteString("meaning", one.Meaning);
                if (double.IsFinite(one.Minimum)) json.WriteNumber("minimum", one.Minimum);
                if (double.IsFinite(one.Maximum)) json.WriteNumber("maximum", one.Maximum);
                json.WriteStartArray("choices");
                foreach (string choice in one.Choices) json.WriteStringValue(choice);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
