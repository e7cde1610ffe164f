using System.CommandLine;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft convert</c>: any origin's model, or one's own, in another origin's files.</summary>
sealed class ConvertCommand : GraftCommand
{
    static readonly string[] targets = ["huggingface", "timm", "torchvision"];

    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name to fetch",
    };
    readonly Option<string?> target = MakeOption.Text("--to", "huggingface|timm|torchvision", "whose files to write");
    readonly Option<string?> output = MakeOption.Text("--out", "DIR", "the folder to write; must not hold anything yet");
    readonly Option<bool> force = MakeOption.Flag("--force", "replace the model's files in a folder that holds something");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");
    readonly Option<string?> architecture = MakeOption.Text("--arch", "ORIGIN:NAME",
        "what a weights file holds when its names don't say, such as torchvision:resnet50");
    readonly Option<string?> revision = MakeOption.Text("--revision", "REVISION",
        "the branch, tag or commit of a model of the Hugging Face Hub [main]");

    public ConvertCommand() : base("convert",
        "Writes a model as another origin's tools open it: safetensors with config.json and preprocessor_config.json for " +
        "transformers, the same with timm's names and words for timm, a state dict (.pth) for torchvision. Fine-tuned models, " +
        "too. There and back gives the same bytes of weights. Where the target cannot build the network, nothing is written.")
    {
        target.Required = true;
        output.Required = true;
        Add(model);
        AddSection("Options", target, output, force, architecture, revision, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft convert runs/bees --to timm --out bees-timm", "a model of one's own for timm"),
        ("graft convert facebook/convnext-tiny-224 --to torchvision --out convnext", "fetched from the Hub, for torchvision"),
        ("graft convert resnet50.pth --arch torchvision:resnet50 --to huggingface --out resnet50", "a bare weights file"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string word = arguments.GetValue(target)!;
        if (!Origins.TryParse(word, out Origin to) || !ModelConverter.Targets.Contains(to))
            throw new UsageException(
                $"convert: --to: expected one of {string.Join(", ", targets)}, got '{word}'." +
                Suggest.DidYouMean(word, targets) + " See graft convert --help.");
        RunningOptions.Preload(context);
        string path = arguments.GetValue(model)!;
        using ImageModel opened = ModelZoo.Open(path, new ModelOptions
        {
            Architecture = arguments.GetValue(architecture),
            Fetch = RunningOptions.FetchOf(path, arguments.GetValue(revision), context),
        });
        Conversion conversion = ModelConverter.Convert(opened, to, arguments.GetValue(output)!, arguments.GetValue(force));
        foreach (string note in conversion.Notes) context.Error.WriteLine("graft: " + note + ".");
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, opened, conversion);
        else WriteText(context.Output, opened, conversion);
        return ExitCode.Success;
    }

    static void WriteText(TextWriter output, ImageModel opened, Conversion conversion)
    {
        output.WriteLine($"{opened.FullName} as {conversion.Target.ShortName()}:{conversion.Architecture}");
        foreach (string file in conversion.Files) output.WriteLine(Path.Combine(conversion.Folder, file));
        output.WriteLine(HowToOpen(opened, conversion));
    }

    static void WriteJson(TextWriter output, ImageModel opened, Conversion conversion) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("model", opened.FullName);
        json.WriteString("to", conversion.Target.ShortName());
        json.WriteString("architecture", conversion.Architecture);
        json.WriteNumber("classes", opened.Classes);
        json.WriteString("folder", conversion.Folder);
        WriteList("files", conversion.Files);
        WriteList("notes", conversion.Notes);
        json.WriteString("open", HowToOpen(opened, conversion));
        json.WriteEndObject();

        void WriteList(string key, IReadOnlyList<string> texts)
        {
            json.WriteStartArray(key);
            foreach (string text in texts) json.WriteStringValue(text);
            json.WriteEndArray();
        }
    });

    /// <summary>What a user of the target's tool writes.</summary>
    static string HowToOpen(ImageModel opened, Conversion conversion) => conversion.Target switch
    {
        Origin.HuggingFace => $"AutoModelForImageClassification.from_pretrained('{conversion.Folder}')",
        Origin.Timm => $"timm.create_model('local-dir:{conversion.Folder}', pretrained=True)",
        _ => $"torchvision.models.{conversion.Architecture}(num_classes={opened.Classes}).load_state_dict(torch.load(" +
            $"'{Path.Combine(conversion.Folder, conversion.Files[0])}'))",
    };
}
