using System.CommandLine;
using System.Text.Json;
using Graft.Formats;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft models receipt</c>: what becomes of every tensor of a file?</summary>
sealed class ModelsReceiptCommand : GraftCommand
{
    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name to fetch",
    };
    readonly Option<string?> architecture = MakeOption.Text("--arch", "ORIGIN:NAME",
        "what a weights file holds when its names don't say, such as torchvision:resnet50");
    readonly Option<string?> revision = MakeOption.Text("--revision", "REVISION",
        "the branch, tag or commit of a model of the Hugging Face Hub [main]");
    readonly Option<bool> all = MakeOption.Flag("--all",
        "also the tensors that are taken under their own name [the others only]");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print; json has every tensor");

    public ModelsReceiptCommand() : base("receipt",
        "Says what becomes of every tensor when a model is opened: matched, renamed (from what), reshaped, joined or split, " +
        "adapted, unused, ignored, missing. A file that makes no whole network gets its receipt, too, with what may be meant " +
        "by near names; the exit code is then 1.",
        parent: "models")
    {
        Add(model);
        AddSection("Options", architecture, revision, all, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft models receipt weights/vit", "what is renamed, joined, unused"),
        ("graft models receipt resnet50.pth --arch torchvision:resnet50 --all", "every tensor of a bare weights file"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        RunningOptions.Preload(context);
        string path = arguments.GetValue(model)!;
        Receipt receipt = ModelZoo.Inspect(path, new ModelOptions
        {
            Architecture = arguments.GetValue(architecture),
            Fetch = RunningOptions.FetchOf(path, arguments.GetValue(revision), context),
        });
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, receipt);
        else WriteText(context.Output, receipt, arguments.GetValue(all));
        if (receipt.Refusal is null) return ExitCode.Success;
        context.Error.WriteLine("graft: " + receipt.Refusal);
        return ExitCode.Failure;
    }

    static void WriteText(TextWriter output, Receipt receipt, bool all)
    {
        output.WriteLine($"{receipt.Path} ({receipt.Kind}) as {receipt.RecognisedAs}");
        output.WriteLine(receipt.Summary);
        foreach (ReceiptEntry entry in receipt.Entries)
            if (all || entry.Status != WeightStatus.Matched) output.WriteLine(entry);
    }

    static void WriteJson(TextWriter output, Receipt receipt) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", receipt.Path);
        json.WriteString("kind", receipt.Kind);
        json.WriteString("model", receipt.RecognisedAs);
        json.WriteBoolean("complete", receipt.Refusal is null);
        if (receipt.Refusal is { } refusal) json.WriteString("refusal", refusal);
        json.WriteString("prefix", receipt.Prefix);
        json.WriteStartObject("counts");
        foreach (WeightStatus status in Enum.GetValues<WeightStatus>())
            if (receipt.Count(status) is > 0 and var count) json.WriteNumber(Word(status), count);
        json.WriteEndObject();
        json.WriteStartArray("tensors");
        foreach (ReceiptEntry entry in receipt.Entries) Write(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void Write(Utf8JsonWriter json, ReceiptEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("status", Word(entry.Status));
        if (entry.Name is { } name) json.WriteString("name", name);
        WriteShape("shape", entry.Shape);
        if (entry.Source is { } source) json.WriteString("source", source);
        if (entry.SourceShape is { } shape) WriteShape("source_shape", shape);
        if (entry.SourceType is { } type) json.WriteString("source_type", type.TorchName());
        if (entry.Wanted is { } wanted) json.WriteString("wanted", wanted);
        if (entry.Nearest.Count > 0)
        {
            json.WriteStartArray("did_you_mean");
            foreach (string near in entry.Nearest) json.WriteStringValue(near);
            json.WriteEndArray();
        }
        json.WriteEndObject();

        void WriteShape(string key, IReadOnlyList<long> sizes)
        {
            json.WriteStartArray(key);
            foreach (long size in sizes) json.WriteNumberValue(size);
            json.WriteEndArray();
        }
    }

    static string Word(WeightStatus status) => status == WeightStatus.Started ? "new" : status.ToString().ToLowerInvariant();
}
