using System.CommandLine;
using System.Globalization;

namespace Graft.Cli.Commands;

/// <summary><c>graft verify</c>: does a model give the logits that another tool recorded?</summary>
sealed class VerifyCommand : GraftCommand
{
    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name to fetch",
    };
    readonly Option<string?> against = MakeOption.Text("--against", "JSON",
        "the recording: a list of objects with image and logits, as graft predict --logits --format json writes it, or an " +
        "object with such a list as its results");
    readonly Option<string?> images = MakeOption.Text("--images", "DIR",
        "the folder of the images [beside the recording, or from here]");
    readonly Option<double?> tolerance = MakeOption.Real("--tolerance",
        "the largest difference of two logits that passes, as a share of the recorded logits' standard deviation [1e-4]", 0);
    readonly Option<string?> html = MakeOption.Text("--html", "FILE",
        "also a page with each picture, both models' likeliest classes side by side, and where they part");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");
    readonly RunningOptions running = new();

    public VerifyCommand() : base("verify",
        "Runs images of which another tool, or another machine, recorded the logits, and compares, from the image files on. " +
        "Where the recording has the mean, std, first and last of the pixels as the network saw them, it also says whether a " +
        "difference lies in the preprocessing or in the network. The exit code is 1 where a difference is too large.")
    {
        against.Required = true;
        Add(model);
        AddSection("Options", against, images, tolerance, html, format);
        AddSection("Running", running.Architecture, running.Revision, running.IgnoreOrientation, running.Device,
            running.Threads);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft verify weights/resnet50 --against expected.json", "a model against what its original code gave"),
        ("graft verify runs/bees --against laptop.json --images photos --html report.html", "as a page, with the pictures"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        RecordedLogits recorded = RecordedLogits.Read(arguments.GetValue(against)!, arguments.GetValue(images));
        RunningOptions.Preload(context);
        using SavedModel opened = running.Open(arguments.GetValue(model)!, arguments, context);
        VerificationOptions options = new() { IgnoreOrientation = running.IgnoresOrientation(arguments) };
        if (arguments.GetValue(tolerance) is { } largest) options = options with { Tolerance = largest };
        VerificationResult result = Verification.Run(opened, recorded, options, context.Cancellation);
        if (arguments.GetValue(html) is { } page) Verification.WriteReport(result, page);
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, result);
        else WriteText(context.Output, result);
        return result.Passed ? ExitCode.Success : ExitCode.Failure;
    }

    static void WriteText(TextWriter output, VerificationResult result)
    {
        TableWriter table = new("image", "difference", "of the spread", "top 1", "top 5", "");
        foreach (VerifiedImage image in result.Images)
            if (image.Error is { } error) table.Add(image.Recorded.Name, "", "", "", "", error);
            else
                table.Add(image.Recorded.Name, Number(image.Difference), Number(image.Share), Top1(image),
                    image.TopClasses > 0 ? $"{image.SameTop5} of {image.TopClasses}" : "",
                    image.Passed ? "ok" : "differs" + Where(image.Side));
        table.Write(output);
        output.WriteLine();
        output.WriteLine(result.Verdict);
    }

    /// <summary>Of a map, the share of pixels; nothing where only some logits were recorded.</summary>
    static string Top1(VerifiedImage image) =>
        image.SamePixels is { } share ? share.ToString("0.00%", CultureInfo.InvariantCulture)
        : image.Recorded.Map is not null ? "" : image.SameTop1 ? "same" : "other";

    static string Where(DifferenceSide side) => side switch
    {
        DifferenceSide.Preprocessing => " in preprocessing",
        DifferenceSide.Network => " in the network",
        _ => "",
    };

    static void WriteJson(TextWriter output, VerificationResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("model", result.Model);
        json.WriteString("architecture", result.Architecture);
        json.WriteString("against", result.Against);
        json.WriteBoolean("passed", result.Passed);
        json.WriteString("verdict", result.Verdict);
        json.WriteNumber("spread", result.Spread);
        json.WriteNumber("tolerance", result.Tolerance);
        JsonOutput.WriteFinite(json, "largest_share_of_spread", result.LargestShare);
        json.WriteStartArray("images");
        foreach (VerifiedImage image in result.Images)
        {
            json.WriteStartObject();
            json.WriteString("image", image.Recorded.Name);
            json.WriteBoolean("passed", image.Passed);
            JsonOutput.WriteFinite(json, "max_difference", image.Difference);
            JsonOutput.WriteFinite(json, "share_of_spread", image.Share);
            json.WriteBoolean("same_top1", image.SameTop1);
            if (image.SamePixels is { } pixels) json.WriteNumber("same_pixels", pixels);
            json.WriteNumber("same_top5", image.SameTop5);
            json.WriteNumber("top_classes", image.TopClasses);
            json.WriteString("side", image.Side.ToString().ToLowerInvariant());
            if (image.Error is { } error) json.WriteString("error", error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static string Number(double value) =>
        double.IsInfinity(value) ? "not a number" : value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
