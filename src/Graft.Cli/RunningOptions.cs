using System.CommandLine;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft.Cli;

/// <summary>The options of every command that runs a model, and how a model is opened with them.</summary>
sealed class RunningOptions
{
    readonly Option<string?> architecture = MakeOption.Text("--arch", "ORIGIN:NAME",
        "what a weights file holds when its names don't say, such as torchvision:resnet50");
    readonly Option<string?> preprocess = MakeOption.Text("--preprocess", "FILE",
        "a preprocessor_config.json that says how images are prepared [what comes with the weights]");
    readonly Option<string?> revision = MakeOption.Text("--revision", "REVISION",
        "the branch, tag or commit of a model of the Hugging Face Hub [main]");
    readonly Option<string?> device = MakeOption.Text("--device", "DEVICE", "auto, cpu, cuda or cuda:N [auto]");
    readonly Option<int?> threads = MakeOption.Number("--threads", "threads that one operator may use [all cores]", minimum: 1);
    readonly Option<int?> workers = MakeOption.Number("--workers", "threads that decode images [all cores]", minimum: 1);
    readonly Option<bool> ignoreOrientation =
        MakeOption.Flag("--ignore-orientation", "take pictures as stored, without turning them as EXIF asks (torchvision's way)");

    readonly Option<string> precision = PrecisionOption.ForRunning();

    public Option Precision => precision;
    public Option Architecture => architecture;
    public Option Preprocess => preprocess;
    public Option Revision => revision;
    public Option Device => device;
    public Option Threads => threads;
    public Option Workers => workers;
    public Option IgnoreOrientation => ignoreOrientation;

    public string? ArchitectureOf(ParseResult arguments) => arguments.GetValue(architecture);
    public string? PreprocessOf(ParseResult arguments) => arguments.GetValue(preprocess);
    public string? RevisionOf(ParseResult arguments) => arguments.GetValue(revision);
    public string DeviceOf(ParseResult arguments) => arguments.GetValue(device) ?? "auto";
    public int ThreadsOf(ParseResult arguments) => arguments.GetValue(threads) ?? 0;
    public int? WorkersGivenIn(ParseResult arguments) => arguments.GetValue(workers);

    public int WorkersOf(ParseResult arguments) => arguments.GetValue(workers) ?? 0;
    public bool IgnoresOrientation(ParseResult arguments) => arguments.GetValue(ignoreOrientation);

    /// <summary>Opens the model. What its loader has to say is shown where not everything fits.</summary>
    public SavedModel Open(string path, ParseResult arguments, CommandContext context)
    {
        FetchOptions? fetch = FetchOf(path, RevisionOf(arguments), context);
        SavedModel model = SavedModel.Open(
            path, ArchitectureOf(arguments), DeviceOf(arguments), ThreadsOf(arguments), fetch, PreprocessOf(arguments));
        if (arguments.GetValue(precision) is { } word) // a command without the option has none
            model.Precision = PrecisionOption.Parse(word);
        bool fits = model.Network.Notes.Count == 0 && (model.Network.Receipt is not { } receipt ||
            (!receipt.HasNewHead && receipt.Count(WeightStatus.Unused) == 0));
        if (!fits || context.Verbose)
            foreach (string note in model.Notes) context.Error.WriteLine("graft: " + note);
        return model;
    }

    /// <summary>How a model of that name is fetched, shown and stopped; null where it is here already.</summary>
    /// <exception cref="UsageException">A revision is named of what has none.</exception>
    public static FetchOptions? FetchOf(string path, string? revision, CommandContext context)
    {
        if (Path.Exists(path) && revision is not null)
            throw new UsageException($"--revision belongs to a model of the Hugging Face Hub, and {path} is on this machine.");
        if (Path.Exists(path)) return null;
        return new FetchOptions
        {
            Revision = revision,
            Progress = new DownloadProgress(context),
            Cancellation = context.Cancellation,
        };
    }

    /// <summary>Begins to load the native libraries while the command still gets ready.</summary>
    public static void Preload(CommandContext context)
    {
        context.UsesTorch = true;
        _ = ImageCodec.LibraryVersions;
        Engine.Preload();
    }
}
