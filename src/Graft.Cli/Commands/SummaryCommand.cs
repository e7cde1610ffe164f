using System.CommandLine;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Cli.Commands;

/// <summary><c>graft summary</c>: the layers of a model, as torchinfo prints them.</summary>
sealed class SummaryCommand : GraftCommand
{
    /// <summary>torchinfo's names of the columns.</summary>
    static readonly Dictionary<string, SummaryColumn> columnNames = new()
    {
        ["input_size"] = SummaryColumn.InputSize,
        ["output_size"] = SummaryColumn.OutputSize,
        ["num_params"] = SummaryColumn.Parameters,
        ["params_percent"] = SummaryColumn.ParameterShare,
        ["kernel_size"] = SummaryColumn.KernelSize,
        ["mult_adds"] = SummaryColumn.MultAdds,
        ["trainable"] = SummaryColumn.Trainable,
    };

    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name of graft models",
    };
    readonly Option<NumberList?> input =
        MakeOption.Numbers("--input", "N,C,H,W", ',', "the shape of the input [one image of the model's size]", count: 4);
    readonly Option<int?> batch = MakeOption.Number("--batch", "how many images, instead of the input's N", minimum: 1);
    readonly Option<string> mode = MakeOption.Choice("--mode", ["eval", "train"], "how the model is run");
    readonly Option<int?> classes = MakeOption.Number("--classes", "give it a new head for so many classes", minimum: 1);
    readonly Option<bool> auxiliary = MakeOption.Flag("--aux", "a segmentation network with its auxiliary head, if it is named");
    readonly Option<string> decoder = MakeOption.Choice("--decoder", ["none", .. Enum.GetNames<DecoderKind>()
        .Select(name => name.ToLowerInvariant())], "put a decoder on a classifier's backbone: a class for every pixel");
    readonly Option<int?> depth = MakeOption.Number("--depth", "how deep into the tree [3]", minimum: 1);
    readonly Option<string?> columns = MakeOption.Text("--columns", "NAMES",
        "which columns, with commas between: input_size, output_size, num_params, params_percent, kernel_size, mult_adds, " +
        "trainable [all but params_percent]");
    readonly Option<string?> architecture = MakeOption.Text("--arch", "ORIGIN:NAME",
        "what a weights file holds when its names don't say, such as torchvision:resnet50");
    readonly Option<string?> revision = MakeOption.Text("--revision", "REVISION",
        "the branch, tag or commit of a model of the Hugging Face Hub [main]");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json", "html"], "how to print");
    readonly Option<string?> html = MakeOption.Text("--html", "FILE", "also write a page whose tree folds");

    public SummaryCommand() : base("summary",
        "Prints the layer tree of a model with shapes, parameters and multiply-adds, by the rules of torchinfo 1.8.")
    {
        Add(model);
        AddSection(
            "Options", input, batch, mode, classes, auxiliary, decoder, depth, columns, architecture, revision, format, html);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft summary runs/bees", "a model of one's own"),
        ("graft summary timm:resnet18 --classes 10 --input 1,3,64,64", "an architecture, at another size"),
        ("graft summary timm:mobilenetv2_100 --decoder unet --classes 12 --input 1,3,360,480", "with a decoder for masks"),
        ("graft summary resnet50 --columns output_size,num_params --html resnet50.html", "torchinfo's own columns, and a page"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        IReadOnlyList<SummaryColumn>? chosen = Columns(arguments.GetValue(columns));
        RunningOptions.Preload(context);
        using ImageModel opened = Open(
            arguments.GetValue(model)!, arguments.GetValue(architecture), arguments.GetValue(revision),
            arguments.GetValue(classes), arguments.GetValue(auxiliary), Decoder(arguments), context);
        int[] shape = Shape(arguments, opened);
        using Tensor images = Tensor.Zeros([.. shape.Select(size => (long)size)]);
        ModelSummary summary = opened.Summarize(images, training: arguments.GetValue(mode) == "train");
        int? asked = arguments.GetValue(depth);
        string title = $"{opened.FullName}, {string.Join(" x ", shape)}";
        if (arguments.GetValue(html) is { } file) File.WriteAllText(file, summary.ToHtml(title, asked ?? 2, chosen));
        switch (arguments.GetValue(format))
        {
            case "json":
                context.Output.WriteLine(summary.ToJson());
                break;
            case "html":
                context.Output.Write(summary.ToHtml(title, asked ?? 2, chosen));
                break;
            default:
                context.Output.Write(summary.ToText(asked ?? 3, columns: chosen));
                break;
        }
        return ExitCode.Success;
    }

    /// <summary>N, C, H, W as asked; else one image as the model takes it.</summary>
    int[] Shape(ParseResult arguments, ImageModel opened)
    {
        int channels = opened.Config.InputChannels;
        int[] shape = [.. arguments.GetValue(input)?.Values ?? [1, channels, opened.Preprocess.Height, opened.Preprocess.Width]];
        if (shape[1] != channels)
            throw new UsageException($"summary: --input: {opened.FullName} takes {channels} channels, got {shape[1]}.");
        if (arguments.GetValue(batch) is { } images) shape[0] = images;
        return shape;
    }

    static IReadOnlyList<SummaryColumn>? Columns(string? names)
    {
        if (names is null) return null;
        List<SummaryColumn> chosen = [];
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!columnNames.TryGetValue(name, out SummaryColumn column))
                throw new UsageException(
                    $"summary: --columns: expected some of {string.Join(", ", columnNames.Keys)}, got '{name}'." +
                    Suggest.DidYouMean(name, columnNames.Keys));
            if (chosen.Contains(column)) throw new UsageException($"summary: --columns: {name} is there twice.");
            chosen.Add(column);
        }
        return chosen;
    }

    DecoderKind? Decoder(ParseResult arguments)
    {
        if (!Enum.TryParse(arguments.GetValue(decoder), ignoreCase: true, out DecoderKind kind)) return null;
        return arguments.GetValue(classes) is not null ? kind
            : throw new UsageException("summary: --decoder: a decoder is new: say for how many classes, with --classes.");
    }

    static ImageModel Open(
        string name, string? architecture, string? revision, int? classes, bool auxiliary, DecoderKind? decoder,
        CommandContext context)
    {
        ModelOptions? fresh = decoder is null ? null : new ModelOptions
        {
            NewLabels = [.. Enumerable.Range(0, classes!.Value).Select(i => $"LABEL_{i}")],
            Decoder = decoder,
        };
        // an architecture needs no weights for its summary
        bool isVariant = ModelZoo.Variants.Any(variant => variant.FullName == name || variant.Name == name);
        bool isNamed = !Path.Exists(name) && architecture is null;
        if (isNamed && (isVariant || !ModelHub.IsName(name)))
        {
            int count = classes ?? (ModelZoo.FindVariant(name).Config.Classes is > 0 and var own ? own : 1000);
            string[] labels = [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
            fresh ??= new ModelOptions { NewLabels = labels };
            return ModelZoo.Create(name, fresh with { Auxiliary = auxiliary ? true : null });
        }
        FetchOptions? fetch = RunningOptions.FetchOf(name, revision, context);
        if (fresh is not null) return ModelZoo.Open(name, fresh with { Architecture = architecture, Fetch = fetch });
        ImageModel model = ModelZoo.Open(name, new ModelOptions { Architecture = architecture, Fetch = fetch });
        if (classes is { } replaced) model.ReplaceHead(replaced);
        return model;
    }
}
