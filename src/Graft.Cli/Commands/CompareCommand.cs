using System.CommandLine;
using static System.FormattableString;

namespace Graft.Cli.Commands;

/// <summary><c>graft compare</c>: which model for these photos?</summary>
sealed class CompareCommand : GraftCommand
{
    static readonly ComparisonSettings defaults = new() { Data = "", Models = [] };

    readonly Argument<string> data = new("DATA")
    {
        Description = "the photos: DATA/<class>/*, or DATA/{train,val}/<class>/*",
    };
    readonly Option<string?> models = new("--models")
    {
        Description = "what to compare, with commas between: models' folders, weights files, or names to fetch",
        HelpName = "A,B,C",
        Required = true,
    };
    readonly Option<double?> budget = MakeOption.Duration("--budget",
        "time for everything, such as 90s, 10m or 2h: the best ones are fine-tuned while it lasts [no fine-tuning]");
    readonly Option<int?> top = MakeOption.Number("--top",
        "how many of the best are fine-tuned [with --budget as many as it lasts for, else none]", minimum: 0);
    readonly Option<int?> folds =
        MakeOption.Number("--folds", $"parts of the cross-validation [{defaults.Folds}]", minimum: 2);
    readonly Option<int?> epochs = MakeOption.Number("--epochs", "epochs of a fine-tuning [as graft train]", minimum: 1);
    readonly Option<int?> seed = MakeOption.Number("--seed", $"decides the folds, and fine-tuning [{defaults.Seed}]", minimum: 0);
    readonly Option<string?> output = MakeOption.Text("--out", "DIR",
        "the folder for report, numbers and models; must not hold anything yet [runs/compare-DATA-N]");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print the outcome");
    readonly Option<int?> batchSize =
        MakeOption.Number("--batch-size", $"images at once [{defaults.BatchSize}]", minimum: 1);
    readonly RunningOptions running = new();

    public CompareCommand() : base("compare",
        "Says which model suits your photos: looks at them once with each backbone, ranks these by a nearest-neighbour and a " +
        "linear classifier on their features (cross-validated, with 95% intervals), says which differences are within noise, " +
        "and fine-tunes the best ones while the budget lasts. Ctrl-C stops and keeps what is known.")
    {
        Add(data);
        AddSection("Comparison", models, budget, top, folds, epochs, seed);
        AddSection("Output", output, format);
        AddSection("Running", running.IgnoreOrientation, running.Device, batchSize, running.Threads, running.Workers);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft compare photos --models weights/resnet50,weights/mobilenet_v2", "which backbone tells the classes apart best"),
        ("graft compare photos --models timm/resnet18.a1_in1k,facebook/convnext-tiny-224 --budget 10m",
            "and fine-tune the best for as long as ten minutes last"),
        ("graft compare photos --models a,b,c --top 1 --format json", "fine-tune the winner; for a program"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string[] names = [.. arguments.GetValue(models)!.Split(',').Select(name => name.Trim()).Where(name => name.Length > 0)];
        var settings = new ComparisonSettings
        {
            Data = arguments.GetValue(data)!,
            Models = names,
            BudgetSeconds = arguments.GetValue(budget),
            Top = arguments.GetValue(top),
            Folds = arguments.GetValue(folds) ?? defaults.Folds,
            Epochs = arguments.GetValue(epochs),
            Seed = (ulong?)arguments.GetValue(seed) ?? defaults.Seed,
            Output = arguments.GetValue(output),
            BatchSize = arguments.GetValue(batchSize) ?? defaults.BatchSize,
            IgnoreOrientation = running.IgnoresOrientation(arguments),
            Device = running.DeviceOf(arguments),
            Threads = running.ThreadsOf(arguments),
            Workers = running.WorkersOf(arguments),
            CommandLine = ShellQuote.Join(context.CommandLine),
        };
        try
        {
            settings.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"compare: {error.Message}");
        }
        RunningOptions.Preload(context);
        ConsoleProgress progress = new(context, context.Error) { ShowsEpochs = false };
        ComparisonResult result;
        try
        {
            result = ModelComparison.Run(settings, progress, context.Cancellation);
        }
        finally
        {
            progress.Finish();
        }
        if (arguments.GetValue(format) == "json") JsonOutput.Write(context.Output, result.WriteTo);
        else WriteText(context.Output, result);
        return result.WasCancelled ? ExitCode.Cancelled : ExitCode.Success;
    }

    static void WriteText(TextWriter output, ComparisonResult result)
    {
        output.WriteLine($"{result.Images} images of {result.Classes.Count} classes, {result.Folds} folds; 95% intervals");
        output.WriteLine();
        bool anyTuned = result.Models.Any(model => model.Tuned is not null);
        string[] headings =
            ["model", "parameters", "G mult-adds", "images/s", "neighbours", "linear probe", "p", "against the best"];
        TableWriter table = new(anyTuned ? [.. headings, "fine-tuned"] : headings);
        foreach (ComparedModel model in result.Models)
        {
            bool isBest = model == result.Models[0];
            string[] cells =
            [
                model.Name, Invariant($"{model.Parameters / 1e6:0.0} M"), Invariant($"{model.MultiplyAdds / 1e9:0.00}"),
                Invariant($"{model.ImagesPerSecond:0}"), Share(model.Neighbours.Accuracy, model.Neighbours.Interval),
                Share(model.Linear.Accuracy, model.Linear.Interval), isBest ? "" : Invariant($"{model.PValue:0.000}"),
                isBest ? "best" : model.IsWithinNoise ? "within noise" : "behind",
            ];
            string tuned = model.Tuned is not { } score ? ""
                : Share(score.Accuracy, score.Interval) + (score.WasStopped ? " (stopped)" : "");
            table.Add(anyTuned ? [.. cells, tuned] : cells);
        }
        table.Write(output);
        foreach ((string model, string reason) in result.Failed) output.WriteLine($"left out: {model}: {reason}");
        output.WriteLine();
        output.WriteLine(result.Verdict);
        if (result.WasCancelled) output.WriteLine("stopped before the end; this is what was known");
        output.WriteLine($"report: {Path.Combine(result.Folder, "report.html")}");
    }

    static string Share(double value, (double Low, double High) interval) =>
        Invariant($"{value:0.000} ({interval.Low:0.000}-{interval.High:0.000})");
}
