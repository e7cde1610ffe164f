using System.CommandLine;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft download</c>: brings a named model here and says where it lies.</summary>
sealed class DownloadCommand : GraftCommand
{
    readonly Argument<string> name = new("NAME")
    {
        Description = "a repository of the Hugging Face Hub (facebook/convnext-tiny-224, timm/resnet18.a1_in1k@REVISION), or " +
            "weights of torchvision (resnet50:IMAGENET1K_V2, torchvision:resnet50)",
    };
    readonly Option<string?> revision = MakeOption.Text("--revision", "REVISION", "a branch, tag or commit [main]");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public DownloadCommand() : base("download",
        "Fetches a model, or what of it is missing, and prints where it lies: in the folders of Python's huggingface_hub and " +
        "torch (HF_HOME, TORCH_HOME), so that what either has fetched the other finds. HF_TOKEN opens what is private, " +
        "HF_ENDPOINT names a mirror (GRAFT_TORCH_ENDPOINT torchvision's), HF_HUB_OFFLINE=1 asks nobody.")
    {
        Add(name);
        AddSection("Options", revision, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft download facebook/convnext-tiny-224", "configuration and weights, never code"),
        ("graft download resnet50:IMAGENET1K_V2", "torchvision's second weights"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        FetchOptions options = new()
        {
            Revision = arguments.GetValue(revision),
            Progress = new DownloadProgress(context),
            Cancellation = context.Cancellation,
        };
        FetchedModel model = ModelHub.Fetch(arguments.GetValue(name)!, options);
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, model);
        else context.Output.WriteLine(model.Path);
        return ExitCode.Success;
    }

    static void WriteJson(TextWriter output, FetchedModel model) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("path", model.Path);
        json.WriteStartArray("files");
        foreach (string file in model.Files) json.WriteStringValue(file);
        json.WriteEndArray();
        json.WriteString("source", model.Source);
        if (model.Commit is { } commit) json.WriteString("commit", commit);
        json.WriteNumber("fetched_bytes", model.FetchedBytes);
        json.WriteEndObject();
    });
}
