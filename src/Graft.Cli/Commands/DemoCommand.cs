using System.CommandLine;
using System.Globalization;
using Graft.Demo;

namespace Graft.Cli.Commands;

/// <summary><c>graft demo</c>: transfer learning shown on pictures that Graft draws itself.</summary>
sealed class DemoCommand : GraftCommand
{
    static readonly DemoConfig defaults = new();

    readonly Option<string?> output = MakeOption.Text("--out", "DIR",
        $"where pictures, models and reports go; an earlier demo there is replaced [{defaults.Folder}]");
    readonly Option<int?> seed =
        MakeOption.Number("--seed", $"decides the pictures and every draw [{defaults.Seed}]", minimum: 0);
    readonly Option<int?> threads = MakeOption.Number("--threads", "threads that one operator may use [all cores]", minimum: 1);
    readonly Option<bool> quick = MakeOption.Flag("--quick", "a tenth of the work: shows the way, not the gain");
    readonly Option<string> format = MakeOption.Choice("--format", ["text", "json"], "how to print the outcome");

    public DemoCommand() : base("demo",
        "Shows transfer learning without any download: draws a large and a small task of labelled pictures, pretrains a small " +
        "network on the large one, transfers it to the small one in three modes, and compares with random weights. Takes less " +
        "than two minutes on two cores.")
    {
        AddSection("Options", output, seed, threads, quick, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft demo", "the whole of it, in ./demo"),
        ("graft demo --seed 2 --out /tmp/demo", "other pictures, elsewhere"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        RunningOptions.Preload(context);
        DemoConfig config = new()
        {
            Folder = arguments.GetValue(output) ?? defaults.Folder,
            Seed = (ulong?)arguments.GetValue(seed) ?? defaults.Seed,
            Threads = arguments.GetValue(threads) ?? 0,
        };
        if (arguments.GetValue(quick))
            config = config with { SourceImages = 100, SourceEpochs = 3, TargetEpochs = 4, ValidationImages = 20 };
        bool json = arguments.GetValue(format) == "json";
        TextWriter talk = json ? context.Error : context.Output;
        QuietProgress progress = new(new ConsoleProgress(context, talk) { ShowsEpochs = false });
        int step = 0;
        DemoResult result;
        try
        {
            result = TransferDemo.Run(config, text =>
            {
                progress.Finish();
                talk.WriteLine($"{++step}/6 {text}");
                talk.Flush();
            }, progress, context.Cancellation);
        }
        finally
        {
            progress.Finish();
        }
        if (json) WriteJson(context.Output, result);
        else WriteText(context.Output, result);
        return ExitCode.Success;
    }

    static void WriteText(TextWriter writer, DemoResult result)
    {
        writer.WriteLine();
        writer.WriteLine($"pretraining reached an accuracy of {Share(result.Source.Validation.Accuracy)} on its own task");
        TrainResult first = result.Runs[0].Result;
        writer.WriteLine($"the small task: {first.Plan.Labels.Count} classes, " +
            $"{first.Plan.TrainingImages} pictures to learn from, {first.Validation.Images} to measure on");
        writer.WriteLine();
        TableWriter table = new("starts from", "trained", "accuracy", "loss", "time");
        foreach (DemoRun run in result.Runs)
            table.Add(run.Start, run.Trained, Share(run.Result.Validation.Accuracy), Share(run.Result.Validation.Loss),
                Durations.Format(run.Result.Seconds));
        table.Write(writer);
        writer.WriteLine();
        DemoRun best = result.Best;
        DemoRun? random = result.Runs.FirstOrDefault(run => !run.IsTransfer);
        if (random is not null && best.IsTransfer)
        {
            double gain = (best.Result.Validation.Accuracy - random.Result.Validation.Accuracy) * 100;
            writer.WriteLine(FormattableString.Invariant(
                $"transfer is {gain:0} points better than the same network from random weights"));
        }
        string folder = Relative(best.Result.Folder);
        writer.WriteLine($"best model: {folder}");
        writer.WriteLine($"its report: {Path.Combine(folder, "report.html")}");
        writer.WriteLine($"try it:     graft predict {ShellQuote.Quote(folder)} " +
            ShellQuote.Quote(Relative(Path.Combine(best.Result.Folder, "..", "..", "target", "val", "cross", "0000.png"))));
        writer.WriteLine($"all of it took {Durations.Format(result.Seconds)}");
    }

    static void WriteJson(TextWriter writer, DemoResult result) => JsonOutput.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("source_accuracy", result.Source.Validation.Accuracy);
        json.WriteStartArray("runs");
        foreach (DemoRun run in result.Runs)
        {
            json.WriteStartObject();
            json.WriteString("name", run.Name);
            json.WriteBoolean("transfer", run.IsTransfer);
            JsonOutput.WriteFinite(json, "accuracy", run.Result.Validation.Accuracy);
            JsonOutput.WriteFinite(json, "loss", run.Result.Validation.Loss);
            json.WriteNumber("seconds", run.Result.Seconds);
            json.WriteString("folder", run.Result.Folder);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("best", result.Best.Name);
        json.WriteNumber("seconds", result.Seconds);
        json.WriteEndObject();
    });

    static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    static string Relative(string path)
    {
        string full = Path.GetFullPath(path), relative = Path.GetRelativePath(Environment.CurrentDirectory, full);
        return relative.StartsWith("..", StringComparison.Ordinal) ? full : relative;
    }

    /// <summary>Leaves out what the loader says of each of the demo's own files.</summary>
    sealed class QuietProgress(ConsoleProgress inner) : ITrainingProgress
    {
        public void PhaseStarted(string phase, int total) => inner.PhaseStarted(phase, total);

        public void Advanced(StepProgress step) => inner.Advanced(step);

        public void Finish() => inner.Finish();
    }
}
