using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft models show</c>: all about one architecture.</summary>
sealed class ModelsShowCommand : GraftCommand
{
    readonly Argument<string> name = new("NAME")
    {
        Description = "an architecture (torchvision:resnet50, or resnet50 where one origin's will do) or weights of one " +
            "(resnet50:IMAGENET1K_V2)",
    };
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public ModelsShowCommand() : base("show",
        "Says all about an architecture: origin, licence, sizes, the weights that its origin publishes with their accuracy and " +
        "who measured it, preprocessing, layer groups. Multiply-adds that nobody states are counted by running it once.",
        parent: "models")
    {
        Add(name);
        AddSection("Options", format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft models show torchvision:resnet50", "an architecture"),
        ("graft models show resnet50:IMAGENET1K_V2 --format json", "that of some weights, for a program"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string wanted = arguments.GetValue(name)!;
        PublishedWeights? weights = PublishedWeights.Find(wanted);
        ModelVariant? variant = weights is null ? null
            : ModelZoo.Variants.FirstOrDefault(one => one.Origin == weights.Origin && one.Name == weights.Model);
        ZooEntry entry = ZooEntry.Of(variant ?? ModelZoo.FindVariant(wanted));
        RunningOptions.Preload(context);
        ZooDetails details = new(entry);
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, entry, details);
        else WriteText(context.Output, entry, details);
        return ExitCode.Success;
    }

    static void WriteText(TextWriter output, ZooEntry entry, ZooDetails details)
    {
        ModelVariant variant = entry.Variant;
        output.WriteLine(variant.FullName);
        Line("task", entry.Task);
        Line("family", variant.Family.Name);
        Line("origin", variant.Origin.ShortName());
        Line("licence", entry.Licence);
        string least = entry.Main is { LeastSize: > 1 and var side } ? $", at least {side}x{side}" : "";
        Line("input", $"{entry.Width}x{entry.Height}{least}");
        Line("parameters", Grouped(variant.Parameters) + $", of which {Grouped(details.HeadParameters)} in the head");
        Line("multiply-adds", Grouped(details.MultiplyAdds) + " for one image");
        Line("features", Grouped(details.Features) + $", then {Grouped(details.Classes)} classes");
        Line("preprocessing", (entry.Main?.Preprocess ?? variant.Preprocess).Describe());
        string[] groups = [.. details.LayerGroups.Select(group => $"{group.Name} ({Grouped(group.Parameters)})")];
        Line("layer groups", string.Join(", ", groups));
        output.WriteLine();
        WriteWeights(output, entry);
        output.WriteLine();
        if (Fetch(entry) is { } fetch) output.WriteLine("  " + fetch);
        output.WriteLine("  " + Use(entry));

        void Line(string title, string value) => output.WriteLine($"  {title,-14}{value}");
    }

    static void WriteWeights(TextWriter output, ZooEntry entry)
    {
        if (entry.Weights.Count == 0)
        {
            output.WriteLine("No weights of it are known by name; any file or folder with its weights can be opened.");
            return;
        }
        bool segments = entry.Variant.Segments;
        TableWriter table = segments ? new("weights", "mean IoU", "pixel accuracy", "input", "licence", "measured by")
            : new("weights", "top-1", "top-5", "input", "licence", "measured by");
        foreach (PublishedWeights one in entry.Weights)
            table.Add(one.FullName, Percent(segments ? one.MeanIou : one.Top1), Percent(segments ? one.PixelAccuracy : one.Top5),
                $"{one.InputSize}x{one.InputSize}", one.Licence, one.AccuracySource ?? "");
        table.Write(output);
    }

    static void WriteJson(TextWriter output, ZooEntry entry, ZooDetails details) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        ModelsCommand.WriteFigures(json, entry, details.MultiplyAdds);
        json.WriteNumber("head_parameters", details.HeadParameters);
        json.WriteNumber("features", details.Features);
        json.WriteNumber("classes", details.Classes);
        json.WriteString("preprocessing", (entry.Main?.Preprocess ?? entry.Variant.Preprocess).Describe());
        json.WriteStartArray("layer_groups");
        foreach ((string group, long parameters) in details.LayerGroups)
        {
            json.WriteStartObject();
            json.WriteString("name", group);
            json.WriteNumber("parameters", parameters);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (PublishedWeights one in entry.Weights) WriteWeights(json, one);
        json.WriteEndArray();
        if (Fetch(entry) is { } fetch) json.WriteString("fetch", fetch);
        json.WriteString("use", Use(entry));
        json.WriteEndObject();
    });

    static void WriteWeights(Utf8JsonWriter json, PublishedWeights one)
    {
        json.WriteStartObject();
        json.WriteString("name", one.FullName);
        json.WriteString("tag", one.Tag);
        json.WriteString("location", one.Location);
        json.WriteBoolean("default", one.IsDefault);
        json.WriteNumber("input_size", one.InputSize);
        if (one.Top1 is { } top1) json.WriteNumber("top1", top1);
        if (one.Top5 is { } top5) json.WriteNumber("top5", top5);
        if (one.MeanIou is { } iou) json.WriteNumber("mean_iou", iou);
        if (one.PixelAccuracy is { } pixels) json.WriteNumber("pixel_accuracy", pixels);
        if (one.AccuracySource is { } source) json.WriteString("accuracy_source", source);
        if (one.MultiplyAdds is { } count) json.WriteNumber("published_multiply_adds", count);
        json.WriteString("licence", one.Licence);
        if (one.Recipe is { } recipe) json.WriteString("recipe", recipe);
        if (one.Preprocess is { } preprocess) json.WriteString("preprocessing", preprocess.Describe());
        json.WriteEndObject();
    }

    /// <summary>The command that fetches its main weights; null where none are known by name.</summary>
    static string? Fetch(ZooEntry entry) => entry.Main is { } main ? $"graft download {main.FullName}" : null;

    /// <summary>The command that trains on them, or on a file of them.</summary>
    static string Use(ZooEntry entry) => entry.Main is { } main ? $"graft train FOLDER --model {main.FullName}"
        : $"graft train FOLDER --model WEIGHTS --arch {entry.Variant.FullName}";

    static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Percent(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
