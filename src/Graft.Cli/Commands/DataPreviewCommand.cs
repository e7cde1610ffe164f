using System.CommandLine;
using Graft.Imaging;

namespace Graft.Cli.Commands;

/// <summary><c>graft data preview</c>: what will the model see?</summary>
sealed class DataPreviewCommand : GraftCommand
{
    const int DefaultSize = 224;
    static readonly PreviewOptions defaults = new();

    readonly Argument<string> folder = new("FOLDER")
    {
        Description = "the photos: FOLDER/<class>/*, or FOLDER/{train,val}/<class>/*; images with masks; or a table, .csv",
    };
    readonly Option<string?> output = new("--out")
    {
        Description = "the sheet: a .png, a .jpg, or an .html that needs no other file",
        HelpName = "FILE",
        Required = true,
    };
    readonly Option<string?> model = MakeOption.Text("--model", "MODEL",
        $"whose size and preprocessing are used [{DefaultSize}x{DefaultSize}, ImageNet's]");
    readonly Option<int?> imageSize = MakeOption.Number("--image-size", "side of the input in pixels [the model's]", minimum: 8);
    readonly Option<int?> count = MakeOption.Number("--count", $"images, of all classes in turn [{defaults.Images}]", minimum: 1);
    readonly Option<int?> versions =
        MakeOption.Number("--versions", $"augmented versions of each [{defaults.Versions}]", minimum: 1);
    readonly Option<int?> seed = MakeOption.Number("--seed", $"decides every draw [{defaults.Seed}]", minimum: 0);
    readonly AugmentationOptions augmentation = new();
    readonly MaskOptions masks = new();
    readonly TableArguments table = new();
    readonly RunningOptions running = new();

    public DataPreviewCommand() : base("preview",
        "Draws a contact sheet of what a model sees in training: each image as it is, then versions of it after augmentation, " +
        "resize and mixing, from the very bytes that go into the network, with normalisation undone. Of images with masks, " +
        "each with its classes laid over it, then crops of it.", "data")
    {
        Add(folder);
        AddSection("Sheet", output, count, versions, seed);
        AddSection("Model", model, imageSize, running.Architecture, running.Preprocess, running.Revision);
        AddSection("Augmentation", augmentation.All);
        AddSection("Images with masks", masks.All);
        AddSection("Table", [.. table.Options]);
        AddSection("Running", running.IgnoreOrientation);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft data preview photos --out sheet.png", "the default of fine-tuning"),
        ("graft data preview photos --out sheet.html --augment randaugment:n=2,m=9 --model weights/resnet50", "a policy"),
        ("graft data preview camvid --out sheet.png --crop 352,480", "images with masks: their classes laid over them"),
        ("graft data preview photos --out sheet.png --augmentation mine.yaml --mixup 0.4", "one's own list, and MixUp"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        AugmentationSettings its = augmentation.Read(arguments, new AugmentationSettings(), FullName);
        if (augmentation.Augment(arguments) == false) its = its with { Preset = "none" };
        string path = arguments.GetValue(output)!;
        if (its.MixUp > 0 || its.CutMix > 0) RunningOptions.Preload(context);
        Preprocess preprocess = Preprocess(arguments, context);
        int shown = AugmentationPreview.Write(arguments.GetValue(folder)!, preprocess, path, new PreviewOptions
        {
            Augmentation = its,
            Segmentation = masks.Read(arguments, new SegmentationSettings(), FullName),
            ImageSize = arguments.GetValue(imageSize),
            Table = table.Of(FullName, arguments, arguments.GetValue(folder)),
            Images = arguments.GetValue(count) ?? defaults.Images,
            Versions = arguments.GetValue(versions) ?? defaults.Versions,
            Seed = (ulong?)arguments.GetValue(seed) ?? defaults.Seed,
            IgnoreOrientation = running.IgnoresOrientation(arguments),
        });
        context.Output.WriteLine($"{path}: {shown} images");
        return ExitCode.Success;
    }

    Preprocess Preprocess(ParseResult arguments, CommandContext context)
    {
        int? size = arguments.GetValue(imageSize);
        if (arguments.GetValue(model) is not { } path) return Imaging.Preprocess.ImageNet(size ?? DefaultSize);
        RunningOptions.Preload(context);
        using SavedModel opened = running.Open(path, arguments, context);
        return size is { } side ? opened.Preprocess.AtSize(side) : opened.Preprocess;
    }
}
