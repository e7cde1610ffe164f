using System.CommandLine;

namespace Graft.Cli.Commands;

/// <summary><c>graft report</c>: a run on one page.</summary>
sealed class ReportCommand : GraftCommand
{
    readonly Argument<string> run = new("RUN") { Description = "the folder of a finished run" };
    readonly Option<string?> output =
        MakeOption.Text("--out", "FILE", "the HTML file to write; an older one is replaced [report.html in RUN]");
    readonly Option<string?> data =
        MakeOption.Text("--data", "FOLDER", "where the images lie now, if they have moved since the training");
    readonly Option<int?> images = MakeOption.Number("--images", "pictures in each gallery [12]", minimum: 0);
    readonly Option<bool> noOverlays =
        MakeOption.Flag("--no-overlays", "leave out what the model looked at: faster, and the model need not open");
    readonly Option<string?> device =
        MakeOption.Text("--device", "DEVICE", "where the model runs for the overlays: auto, cpu, cuda or cuda:N [auto]");

    public ReportCommand() : base("report",
        "Writes the report of a run anew, from the run's own files and from the images where they still lie: curves, confusion " +
        "matrix, every class, precision-recall and ROC curves, calibration, the worst mistakes with what the model looked at, " +
        "the data, the model and every setting. One HTML file that needs nothing from the network; it reads in light and dark, " +
        "on paper, by keyboard and by screen reader. Training writes it, too.")
    {
        Add(run);
        AddSection("Options", output, data, images, noOverlays, device);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft report runs/bees", "runs/bees/report.html"),
        ("graft report runs/bees --data /mnt/photos --out bees.html", "the images have moved"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        bool overlays = !arguments.GetValue(noOverlays);
        if (overlays) RunningOptions.Preload(context);
        ReportOptions options = new()
        {
            Data = arguments.GetValue(data),
            Images = arguments.GetValue(images) ?? 12,
            Overlays = overlays,
            Device = arguments.GetValue(device) ?? "auto",
        };
        string path = RunReport.Write(
            arguments.GetValue(run)!, arguments.GetValue(output), options, note => context.Error.WriteLine("graft: " + note));
        context.Output.WriteLine(path);
        return ExitCode.Success;
    }
}
