using System.CommandLine;
using System.Globalization;
using Graft.Formats;
using Graft.Imaging;
using Graft.Models;

namespace Graft.Cli.Commands;

/// <summary><c>graft explain</c>: where in a picture did the model look?</summary>
sealed class ExplainCommand : GraftCommand
{
    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name to fetch " +
            "(facebook/convnext-tiny-224, resnet50:IMAGENET1K_V2)",
    };
    readonly Argument<string> image = new("IMAGE") { Description = "the picture" };
    readonly Option<string?> output = MakeOption.Text("--out", "FILE",
        "the PNG to write; an older one is replaced [IMAGE's name with .explained.png, in this folder]");
    readonly Option<string?> label =
        MakeOption.Text("--class", "NAME|N", "the class to explain, by name or by number from 0 [the most probable]");
    readonly Option<string> method = MakeOption.Choice("--method", ["auto", "gradcam", "rollout"],
        "how: gradcam shows what of the network's last map speaks for the class; rollout, for transformers, which patches " +
        "attention carries to the result, whatever the class; auto takes the one that suits the network");
    readonly Option<double?> opacity = MakeOption.Real("--opacity", "of the hottest colour [0.65]", 0, 1);
    readonly Option<string> view = MakeOption.Choice("--view", ["both", "overlay"],
        "what the PNG shows: the picture as the network saw it with the overlay beside it, or the overlay alone");
    readonly Option<string> format = MakeOption.Choice("--format", ["text", "json"], "how to print");
    readonly RunningOptions running = new();

    public ExplainCommand() : base("explain",
        "Shows where in a picture a model looked, as colours over the picture as the network saw it: red counts most, blue " +
        "little, and where nothing counts the picture stays as it is. An explanation shows what the network used, which need " +
        "not be what makes it right.")
    {
        Add(model);
        Add(image);
        AddSection("Explanation", label, method);
        AddSection("Output", output, view, opacity, format);
        AddSection("Running", running.Architecture, running.Preprocess, running.Revision, running.IgnoreOrientation,
            running.Device, running.Threads);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft explain runs/bees photo.jpg", "what speaks for the class that it sees"),
        ("graft explain runs/bees photo.jpg --class ants --out why-not-ants.png", "what would speak for another one"),
        ("graft explain google/vit-base-patch16-224 photo.jpg --format json", "a transformer, with the heat as numbers"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        RunningOptions.Preload(context);
        string path = arguments.GetValue(image)!;
        string target = arguments.GetValue(output) ?? Path.GetFileNameWithoutExtension(path) + ".explained.png";
        using SavedModel opened = running.Open(arguments.GetValue(model)!, arguments, context);
        Explainer explainer = new(opened.Network)
        {
            Method = arguments.GetValue(method) switch
            {
                "gradcam" => ExplainMethod.GradCam,
                "rollout" => ExplainMethod.Rollout,
                _ => null,
            },
            IgnoreOrientation = running.IgnoresOrientation(arguments),
        };
        using Explanation found = explainer.Explain(path, IndexOf(arguments.GetValue(label), opened.Labels));
        double cover = arguments.GetValue(opacity) ?? HeatOverlay.DefaultOpacity;
        using Image picture = arguments.GetValue(view) == "overlay"
            ? HeatOverlay.Paint(found.Seen, found.Heat, cover) : HeatOverlay.SideBySide(found.Seen, found.Heat, cover);
        byte[] png = ImageCodec.EncodePng(picture);
        AtomicFile.Write(target, stream => stream.Write(png), png.Length);
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, found, target);
        else WriteText(context.Output, found, target);
        return ExitCode.Success;
    }

    /// <summary>A class by its name or, where none has that name, by its number.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal static int? IndexOf(string? given, IReadOnlyList<string> labels)
    {
        if (given is null) return null;
        for (int k = 0; k < labels.Count; k++)
            if (labels[k] == given) return k;
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < labels.Count)
            return number;
        throw new UsageException(
            $"--class: expected one of the model's {labels.Count} classes or a number below that, got '{given}'." +
            Suggest.DidYouMean(given, labels));
    }

    static void WriteText(TextWriter output, Explanation found, string target)
    {
        output.WriteLine($"class      {found.Class.Label} ({Share(found.Class.Probability)})");
        if (found.Class.Index != found.Predicted.Index)
            output.WriteLine($"predicted  {found.Predicted.Label} ({Share(found.Predicted.Probability)})");
        output.WriteLine($"method     {NameOf(found.Heat.Method)}");
        if (found.Heat.IsEmpty) output.WriteLine("heat       none: nothing of the last map speaks for this class");
        output.WriteLine($"written    {target}");
    }

    static void WriteJson(TextWriter output, Explanation found, string target) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("image", found.File);
        json.WriteString("out", target);
        json.WriteString("method", found.Heat.Method == ExplainMethod.GradCam ? "gradcam" : "rollout");
        json.WriteString("class", found.Class.Label);
        json.WriteNumber("index", found.Class.Index);
        JsonOutput.WriteFinite(json, "probability", (float)found.Class.Probability);
        json.WriteString("predicted", found.Predicted.Label);
        JsonOutput.WriteFinite(json, "predicted_probability", (float)found.Predicted.Probability);
        json.WriteNumber("width", found.Seen.Width);
        json.WriteNumber("height", found.Seen.Height);
        json.WriteStartArray("heat"); // rows of regions, from the top
        for (int y = 0; y < found.Heat.Rows; y++)
        {
            json.WriteStartArray();
            for (int x = 0; x < found.Heat.Columns; x++)
                JsonOutput.WriteFinite(json, found.Heat.Values[y * found.Heat.Columns + x]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static string NameOf(ExplainMethod method) => method == ExplainMethod.GradCam ? "Grad-CAM" : "attention rollout";

    static string Share(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
