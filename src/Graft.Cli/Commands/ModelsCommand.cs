using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft models</c>: which architectures are there?</summary>
sealed class ModelsCommand : GraftCommand
{
    static readonly string[] orders = ["name", "parameters", "multiply-adds", "accuracy", "size"];

    readonly Argument<string?> filter = new("FILTER")
    {
        Description = "only names that contain it, such as resnet or hf:convnext; * stands for anything",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string> sort =
        MakeOption.Choice("--sort", orders, "in which order; accuracy puts the best first, the others the smallest");
    readonly Option<string?> task = MakeOption.Text("--task", "TASK", "only those for classification, or for segmentation");
    readonly Option<string?> origin = MakeOption.Text("--origin", "ORIGIN", "only those of hf, timm, torchvision, ...");
    readonly Option<string?> family = MakeOption.Text("--family", "FAMILY", "only those of a family, such as convnext");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public ModelsCommand() : base("models",
        "Lists the architectures that Graft knows, by origin: size of the input, parameters, multiply-adds for one image of " +
        "that size, and what the origin publishes for its usual weights: accuracy on ImageNet-1k, or of networks for " +
        "segmentation the mean intersection over union on their own data. Every classifier can be the backbone of a " +
        "segmentation network, with a decoder of unet, fpn or deeplabv3. Graft brings no weights itself.")
    {
        Add(filter);
        AddSection("Options", sort, task, origin, family, format);
    }

    public override IReadOnlyList<CommandEntry> Verbs { get; } =
    [
        new("show", "say all about one of them: weights, preprocessing, layers", () => new ModelsShowCommand()),
        new("receipt", "say what becomes of every tensor of a file of weights", () => new ModelsReceiptCommand()),
    ];

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft models", "all of them"),
        ("graft models resnet --sort accuracy", "those with resnet in their name, the most accurate first"),
        ("graft models --origin torchvision --sort multiply-adds", "one origin's, the fastest first"),
        ("graft models --task segmentation", "those that give a class for every pixel"),
        ("graft models 'timm:convnext*' --format json", "for a program"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string wanted = arguments.GetValue(filter) ?? "";
        IEnumerable<ZooEntry> entries = ZooEntry.All().Where(entry => Matches(entry.Variant.FullName, wanted));
        if (arguments.GetValue(task) is { } ofTask) entries = OfTask(entries, ofTask);
        if (arguments.GetValue(origin) is { } ofOrigin) entries = OfOrigin(entries, ofOrigin);
        if (arguments.GetValue(family) is { } ofFamily) entries = OfFamily(entries, ofFamily);
        List<ZooEntry> found = [.. Sorted(entries, arguments.GetValue(sort)!)];
        if (found.Count == 0)
        {
            IEnumerable<string> names = ModelZoo.Variants.Select(variant => variant.Name).Concat(Verbs.Select(verb => verb.Name));
            throw new ArgumentException(wanted.Length == 0 ? "no model is of that origin and family."
                : $"no model is named like {wanted}.{Suggest.DidYouMean(wanted, names)}");
        }
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, found);
        else WriteTable(context.Output, found);
        return ExitCode.Success;
    }

    static IEnumerable<ZooEntry> OfTask(IEnumerable<ZooEntry> entries, string name)
    {
        string[] known = ["classification", "segmentation"];
        if (!known.Contains(name))
            throw new ArgumentException(
                $"--task: expected one of {string.Join(", ", known)}, got '{name}'.{Suggest.DidYouMean(name, known)}");
        return entries.Where(entry => entry.Task == name);
    }

    static IEnumerable<ZooEntry> OfOrigin(IEnumerable<ZooEntry> entries, string name)
    {
        string[] known = [.. ModelZoo.Variants.Select(variant => variant.Origin.ShortName()).Distinct()];
        if (!Origins.TryParse(name, out Origin origin) || !known.Contains(origin.ShortName()))
            throw new ArgumentException(
                $"--origin: expected one of {string.Join(", ", known)}, got '{name}'.{Suggest.DidYouMean(name, known)}");
        return entries.Where(entry => entry.Variant.Origin == origin);
    }

    static IEnumerable<ZooEntry> OfFamily(IEnumerable<ZooEntry> entries, string name)
    {
        string[] known = [.. ModelZoo.Families.Select(one => one.Name)];
        if (!known.Contains(name))
            throw new ArgumentException(
                $"--family: expected one of {string.Join(", ", known)}, got '{name}'.{Suggest.DidYouMean(name, known)}");
        return entries.Where(entry => entry.Variant.Family.Name == name);
    }

    /// <summary>In that order, then by name; what has no such figure comes last.</summary>
    internal static IEnumerable<ZooEntry> Sorted(IEnumerable<ZooEntry> entries, string order)
    {
        IEnumerable<ZooEntry> named = entries.OrderBy(entry => entry.Variant.FullName, NaturalOrder.Instance);
        return order switch
        {
            "parameters" => named.OrderBy(entry => entry.Variant.Parameters),
            "multiply-adds" => named.OrderBy(entry => entry.MultiplyAdds ?? long.MaxValue),
            "accuracy" => named.OrderByDescending(entry => entry.Main?.Top1 ?? -1)
                .ThenByDescending(entry => entry.Main?.MeanIou ?? -1),
            "size" => named.OrderBy(entry => entry.Height * entry.Width),
            _ => named,
        };
    }

    static void WriteTable(TextWriter output, List<ZooEntry> found)
    {
        bool segment = found.Exists(entry => entry.Variant.Segments);
        bool classify = !found.TrueForAll(entry => entry.Variant.Segments);
        string[] scores = [.. classify ? ["top-1"] : (string[])[], .. segment ? ["mean IoU"] : (string[])[]];
        TableWriter table = new(
        [
            "model", "task", "family", "input", "million parameters", "billion multiply-adds", .. scores, "licence",
        ]);
        foreach (ZooEntry entry in found)
        {
            string[] measured =
            [
                .. classify ? [Number(entry.Main?.Top1, "0.00")] : (string[])[],
                .. segment ? [Number(entry.Main?.MeanIou, "0.00")] : (string[])[],
            ];
            table.Add(
            [
                entry.Variant.FullName, entry.Task, entry.Variant.Family.Name, $"{entry.Width}x{entry.Height}",
                Number(entry.Variant.Parameters / 1e6, "0.0"), Number(entry.MultiplyAdds / 1e9, "0.00"), .. measured,
                entry.Licence,
            ]);
        }
        table.Write(output);
    }

    static void WriteJson(TextWriter output, List<ZooEntry> found) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (ZooEntry entry in found)
        {
            json.WriteStartObject();
            WriteFigures(json, entry, entry.MultiplyAdds);
            json.WriteStartArray("weights");
            foreach (PublishedWeights weights in entry.Weights) json.WriteStringValue(weights.FullName);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>The figures that the list and the full account share; absent where they are not known.</summary>
    internal static void WriteFigures(Utf8JsonWriter json, ZooEntry entry, long? multiplyAdds)
    {
        json.WriteString("model", entry.Variant.FullName);
        json.WriteString("task", entry.Task);
        json.WriteString("family", entry.Variant.Family.Name);
        json.WriteString("origin", entry.Variant.Origin.ShortName());
        json.WriteString("licence", entry.Licence);
        json.WriteNumber("height", entry.Height);
        json.WriteNumber("width", entry.Width);
        json.WriteNumber("parameters", entry.Variant.Parameters);
        if (multiplyAdds is { } count) json.WriteNumber("multiply_adds", count);
        if (entry.Main is not { } main) return;
        if (main.Top1 is { } top1) json.WriteNumber("top1", top1);
        if (main.Top5 is { } top5) json.WriteNumber("top5", top5);
        if (main.MeanIou is { } iou) json.WriteNumber("mean_iou", iou);
        if (main.PixelAccuracy is { } pixels) json.WriteNumber("pixel_accuracy", pixels);
        if (main.AccuracySource is { } source) json.WriteString("accuracy_source", source);
    }

    static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

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
