using System.CommandLine;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Cli.Commands;

/// <summary><c>graft summary</c>: the layers of a model, as torchinfo prints them.</summary>
sealed class SummaryCommand : GraftCommand
{
    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name of graft models",
    };
    readonly Option<NumberList?> input =
        MakeOption.Numbers("--input", "N,C,H,W", ',', "the shape of the input [one image of the model's size]", count: 4);
    readonly Option<int?> classes = MakeOption.Number("--classes", "give it a new head for so many classes", minimum: 1);
    readonly Option<int?> depth = MakeOption.Number("--depth", "how deep into the tree [3]", minimum: 1);
    readonly Option<string?> architecture = MakeOption.Text("--arch", "ORIGIN:NAME",
        "what a weights file holds when its names don't say, such as torchvision:resnet50");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public SummaryCommand() : base("summary",
        "Prints the layer tree of a model with shapes, parameters and multiply-adds, by the rules of torchinfo.")
    {
        Add(model);
        AddSection("Options", input, classes, depth, architecture, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft summary runs/bees", "a model of one's own"),
        ("graft summary timm:resnet18 --classes 10 --input 1,3,64,64", "an architecture, at another size"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        RunningOptions.Preload(context);
        using ImageModel opened = Open(
            arguments.GetValue(model)!, arguments.GetValue(architecture), arguments.GetValue(classes));
        IReadOnlyList<int> shape = arguments.GetValue(input)?.Values
            ?? [1, 3, opened.Preprocess.Height, opened.Preprocess.Width];
        using Tensor images = Tensor.Zeros([.. shape.Select(size => (long)size)]);
        ModelSummary summary = ModelSummary.Of(new WholeModel(opened), images);
        if (arguments.GetValue(format) == "json") context.Output.WriteLine(summary.ToJson());
        else context.Output.Write(summary.ToText(arguments.GetValue(depth) ?? 3));
        return ExitCode.Success;
    }

    static ImageModel Open(string name, string? architecture, int? classes)
    {
        bool isVariant = !Path.Exists(name) && architecture is null;
        if (isVariant) return ModelZoo.Create(name, classes ?? 1000);
        ImageModel model = ModelZoo.Open(name, new ModelOptions { Architecture = architecture });
        if (classes is { } count) model.ReplaceHead(count);
        return model;
    }

    /// <summary>Backbone and head as one layer, the root of the tree.</summary>
    sealed class WholeModel(ImageModel model) : Module(ModulePath.Root(model.Parameters))
    {
        public override string Kind => model.Name;

        protected override Tensor Compute(Tensor x) => model.Forward(x);
    }
}
