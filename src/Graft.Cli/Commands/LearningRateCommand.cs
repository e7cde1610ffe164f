using System.CommandLine;
using System.Globalization;
using Graft.Cli.TrainSections;
using Graft.Formats;
using Graft.Reports;
using Graft.Training;

namespace Graft.Cli.Commands;

/// <summary><c>graft lr-find</c>: which learning rate suits a job?</summary>
sealed class LearningRateCommand : GraftCommand
{
    static readonly string[] modes = ["finetune", "probe", "full", "partial"];

    readonly Argument<string> folder = new("FOLDER")
    {
        Description = "the photos: FOLDER/<class>/*, or FOLDER/{train,val}/<class>/*; or a table with a row for each, .csv",
    };
    readonly Option<string> model = new("--model")
    {
        Description = "what to start from, as for graft train",
        HelpName = "MODEL",
        Required = true,
    };
    readonly Option<string> mode = MakeOption.Choice("--mode", modes,
        "what would be trained; the walk is through the phase that trains the most, with a new head");
    readonly Option<int?> unfreeze = MakeOption.Number("--unfreeze",
        "partial: how many layer groups are trained [1]", minimum: 0);
    readonly Option<bool> scratch = MakeOption.Flag("--from-scratch", "draw all weights anew");
    readonly Option<int?> batchSize = MakeOption.Number("--batch-size", "images a step [32]", minimum: 1);
    readonly Option<int?> imageSize = MakeOption.Number("--image-size", "side of the input in pixels", minimum: 8);
    readonly Option<double?> weightDecay = MakeOption.Real("--weight-decay", "decoupled decay [0.01]", minimum: 0);
    readonly Option<int?> seed = MakeOption.Number("--seed", "decides every draw [42]", minimum: 0);
    readonly Option<double?> lowest = MakeOption.Real("--from", "the first rate [1e-7]", 1e-30);
    readonly Option<double?> highest = MakeOption.Real("--to", "the last rate [10]", 1e-30);
    readonly Option<int?> iterations = MakeOption.Number("--iterations", "batches [100]", minimum: 6);
    readonly Option<string?> plot = MakeOption.Text("--plot", "FILE", "a picture of the curve: FILE.svg or FILE.html");
    readonly Option<string> format = MakeOption.Choice("--format", ["text", "json"], "how to print");
    readonly OptimisationSection optimisation = new();
    readonly TableArguments table = new();
    readonly RunningOptions running = new();

    public LearningRateCommand() : base("lr-find",
        "Looks for a learning rate: trains for some batches with a rate that rises, and reads four suggestions off the losses, " +
        "as fastai does. Nothing is kept of the training. graft train --lr auto does the same and takes the valley.")
    {
        Add(folder);
        AddSection("Model", model, running.Architecture, running.Preprocess, running.Revision, scratch);
        AddSection("Training", mode, unfreeze, batchSize, imageSize, weightDecay, seed);
        AddSection("Search", lowest, highest, iterations, plot, format);
        AddSection(optimisation.Title, [.. optimisation.Options]);
        AddSection("Table", [.. table.Options]);
        AddSection("Running", running.IgnoreOrientation, running.Device, running.Threads, running.Workers);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft lr-find photos --model weights/resnet50", "four suggestions"),
        ("graft lr-find photos --model weights/resnet50 --optimizer sgd --plot rates.html", "for SGD, with a picture"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string? picture = arguments.GetValue(plot);
        if (picture is not null && Path.GetExtension(picture) is not (".svg" or ".html"))
            throw new UsageException($"lr-find: --plot: expected a file that ends in .svg or .html, came {picture}.");
        (double from, double to) = (arguments.GetValue(lowest) ?? 1e-7, arguments.GetValue(highest) ?? 10);
        if (from >= to)
            throw new UsageException(
                FormattableString.Invariant($"lr-find: expected --from below --to, came {from} and {to}."));
        JobConfig config = optimisation.Apply(arguments, Settings(arguments));
        config.Validate();
        RunningOptions.Preload(context);
        ConsoleProgress progress = new(context, context.Error) { ShowsEpochs = false };
        RateCurve curve;
        try
        {
            curve = LearningRateSearch.Run(
                config,
                new LearningRateFinder { Lowest = from, Highest = to, Iterations = arguments.GetValue(iterations) ?? 100 },
                progress, context.Cancellation);
        }
        finally
        {
            progress.Finish();
        }
        if (picture is not null)
            AtomicFile.WriteText(picture, Path.GetExtension(picture) == ".svg" ? RatePlot.Svg(curve) : RatePlot.Html(curve));
        if (arguments.GetValue(format) == "json") WriteJson(context, curve);
        else WriteText(context, curve, picture);
        return ExitCode.Success;
    }

    JobConfig Settings(ParseResult arguments) => new()
    {
        Data = arguments.GetValue(folder)!,
        Model = arguments.GetValue(model)!,
        Architecture = running.ArchitectureOf(arguments),
        PreprocessPath = running.PreprocessOf(arguments),
        Revision = running.RevisionOf(arguments),
        FromScratch = arguments.GetValue(scratch),
        Mode = Enum.Parse<TrainingMode>(arguments.GetValue(mode)!, ignoreCase: true),
        UnfreezeGroups = arguments.GetValue(unfreeze) ?? 1,
        BatchSize = arguments.GetValue(batchSize) ?? 32,
        ImageSize = arguments.GetValue(imageSize),
        WeightDecay = arguments.GetValue(weightDecay) ?? 0.01,
        Seed = (ulong?)arguments.GetValue(seed) ?? 42,
        Task = new TaskSettings { Table = table.Of("lr-find", arguments, arguments.GetValue(folder)!) },
        IgnoreOrientation = running.IgnoresOrientation(arguments),
        Workers = running.WorkersOf(arguments),
        Threads = running.ThreadsOf(arguments),
        Device = running.DeviceOf(arguments),
    };

    static void WriteText(CommandContext context, RateCurve curve, string? picture)
    {
        TextWriter output = context.Output;
        double least = curve.Losses.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        output.WriteLine(FormattableString.Invariant(
            $"{curve.Rates.Count} batches, rates {curve.Rates[0]:0.0e+0} to {curve.Rates[^1]:0.0e+0}, least smoothed loss ") +
            least.ToString("0.0000", CultureInfo.InvariantCulture));
        output.WriteLine();
        foreach (RateSuggestion rule in Enum.GetValues<RateSuggestion>())
        {
            string rate = curve.Suggest(rule)?.ToString("0.00e+0", CultureInfo.InvariantCulture) ?? "none";
            output.WriteLine($"{rule.ToString().ToLowerInvariant(),-8} {rate,-9} {Meaning(rule)}");
        }
        if (curve.Suggest() is null)
            output.WriteLine("the loss ran away before there was anything to see: start lower with --from");
        if (picture is not null) output.WriteLine($"plot:    {picture}");
    }

    static string Meaning(RateSuggestion rule) => rule switch
    {
        RateSuggestion.Valley => "halfway down the longest fall of the loss: the usual choice (graft train --lr auto)",
        RateSuggestion.Slide => "where the slope settles before the loss runs away",
        RateSuggestion.Minimum => "a tenth of the rate of the least loss",
        _ => "where the loss falls fastest",
    };

    static void WriteJson(CommandContext context, RateCurve curve) => JsonOutput.Write(context.Output, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("suggestions");
        foreach (RateSuggestion rule in Enum.GetValues<RateSuggestion>())
            JsonOutput.WriteFinite(json, rule.ToString().ToLowerInvariant(), curve.Suggest(rule) ?? double.NaN);
        json.WriteEndObject();
        json.WriteStartArray("rates");
        foreach (double rate in curve.Rates) json.WriteNumberValue(rate);
        json.WriteEndArray();
        json.WriteStartArray("losses");
        foreach (double loss in curve.Losses)
        {
            if (double.IsFinite(loss)) json.WriteNumberValue(loss);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
