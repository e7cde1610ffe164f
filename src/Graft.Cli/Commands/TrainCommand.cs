using System.CommandLine;
using Graft.Cli.TrainSections;
using Graft.Models;
using static System.FormattableString;

namespace Graft.Cli.Commands;

/// <summary><c>graft train</c>: from a folder of photos to a fine-tuned model.</summary>
sealed class TrainCommand : GraftCommand
{
    static readonly JobConfig defaults = new() { Data = "", Model = "" };
    static readonly string[] heads = ["own", "linear", "mlp", "fastai"];
    static readonly string[] pools = ["own", "avg", "max", "concat", "token", "gem"];
    static readonly string[] modes = ["finetune", "probe", "full", "partial"];

    readonly Argument<string> folder = new("FOLDER")
    {
        Description = "the photos: FOLDER/<class>/*, or FOLDER/{train,val}/<class>/*; or a table with a row for each, .csv",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string?> model = new("--model")
    {
        Description = "what to start from: a model's folder (Hugging Face, timm, a run of Graft), a weights file, " +
            "or a name to fetch (facebook/convnext-tiny-224, timm/resnet18.a1_in1k, resnet50:IMAGENET1K_V2)",
        HelpName = "MODEL",
    };
    readonly Option<string?> resume = MakeOption.Text("--resume", "RUN",
        "go on with a run that was stopped or killed, exactly as it would have gone on; of the other options only " +
        "--workers and --format go with it");
    readonly Option<string?> output =
        MakeOption.Text("--out", "DIR", "the run's folder; must not hold anything yet [runs/MODEL-DATA-N]");
    readonly Option<string> head = MakeOption.Choice("--head", heads,
        "the new head: the architecture's own kind; linear; mlp: a hidden layer of 512; " +
        "fastai: concat-pool, two layers, dropout");
    readonly Option<string> pool = MakeOption.Choice("--pool", pools,
        "how the last map becomes features: the architecture's own way, or mean, maximum, both, the first token, " +
        "a generalised mean that is learned");
    readonly Option<double?> dropout = MakeOption.Real("--dropout",
        "the share of features that the head drops in training [the architecture's own; 0.5 in fastai's head]", 0, 0.99);
    readonly Option<int?> channels = MakeOption.Number("--channels",
        "channels of the input: 3, or 1 to read images as grey [what the weights have]", minimum: 1);
    readonly Option<string?> headLayer = MakeOption.Text("--head-layer", "NAME",
        "for a TorchScript model: its last linear layer, such as fc, whose place the head takes [after its output]");
    readonly Option<bool> scratch =
        MakeOption.Flag("--from-scratch", "draw all weights anew: what transfer is to be compared with");

    readonly Option<string> mode = MakeOption.Choice("--mode", modes, "what is trained: " +
        "finetune: the head, then everything, deep layers slowest; probe: the head on frozen features; " +
        "full: everything at one rate; partial: the head and the last layer groups");
    readonly Option<int?> unfreeze = MakeOption.Number("--unfreeze",
        $"partial: how many layer groups before the head are trained [{defaults.UnfreezeGroups}]", minimum: 0);
    readonly Option<int?> freezeEpochs = MakeOption.Number("--freeze-epochs",
        $"finetune: passes for the head alone before everything is trained [{defaults.FreezeEpochs}]", minimum: 0);
    readonly Option<int?> epochs = MakeOption.Number("--epochs",
        $"passes over the images; those of --freeze-epochs come on top [{defaults.Epochs}]", minimum: 1);
    readonly Option<int?> batchSize = MakeOption.Number("--batch-size", "images a step [32; of masks 8]", minimum: 1);
    readonly Option<double?> learningRate = MakeOption.RealOrWord("--lr", "auto",
        "the highest learning rate, the head's; auto looks for it first, as graft lr-find [" +
        Invariant($"finetune {JobConfig.DefaultLearningRate(TrainingMode.FineTune)}, ") +
        Invariant($"probe {JobConfig.DefaultLearningRate(TrainingMode.Probe)}, ") +
        Invariant($"full, partial {JobConfig.DefaultLearningRate(TrainingMode.Full)}]"));
    readonly Option<double?> spread = MakeOption.Real("--lr-spread",
        "finetune: how many times slower than the head the deepest layers learn [100; of masks 10]", minimum: 1);
    readonly Option<double?> weightDecay = MakeOption.Real("--weight-decay",
        Invariant($"AdamW's decoupled decay [{defaults.WeightDecay}]"), minimum: 0);
    readonly Option<double?> smoothing = MakeOption.Real("--label-smoothing",
        Invariant($"the share of a label spread over all classes [{defaults.LabelSmoothing}]"), 0, 1);
    readonly Option<bool> trainStatistics = MakeOption.Flag("--train-statistics",
        "batch normalisation follows the new images' statistics, as in fastai; else it keeps the pretrained ones");
    readonly Option<int?> seed = MakeOption.Number("--seed", $"decides every draw [{defaults.Seed}]", minimum: 0);

    readonly Option<double?> validation = MakeOption.Real("--val", Invariant(
        $"share of each class kept back for validation where the folder has no part for it [{defaults.ValidationShare}]"), 0, 1);
    readonly Option<int?> imageSize =
        MakeOption.Number("--image-size", "side of the input in pixels [what the weights came with]", minimum: 8);
    readonly Option<bool> noEstimate = MakeOption.Flag("--no-estimate",
        "start at once, without trying a few images to see what time and memory it will take and whether a batch fits");
    readonly RunningOptions running = new();
    readonly IReadOnlyList<ITrainSection> sections =
    [
        new TaskSection(), new OptimisationSection(), new AugmentationSection(), new SegmentationSection(),
        new PrecisionSection(), new MetricSection(), new CheckpointSection(),
    ];
    readonly Option<string> format = MakeOption.Choice("--format", ["text", "json"],
        "how to print the outcome; with json, progress goes to the error stream");

    public TrainCommand() : base("train",
        "Fine-tunes a pretrained model on a folder of photos and leaves the best model in a folder that Graft and Hugging " +
        "Face's transformers open. Ctrl-C stops and keeps the best model so far.")
    {
        Add(folder);
        AddSection("Model", model, running.Architecture, headLayer, running.Preprocess, running.Revision, output, resume,
            scratch);
        AddSection("Head", head, pool, dropout, channels);
        AddSection("Training", mode, unfreeze, freezeEpochs, epochs, batchSize, learningRate, spread, weightDecay, smoothing,
            trainStatistics, seed);
        AddSection("Data", validation, imageSize, running.IgnoreOrientation);
        foreach (ITrainSection section in sections) AddSection(section.Title, section.Options);
        AddSection("Running", running.Device, running.Threads, running.Workers, noEstimate, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft train photos --model weights/resnet50", "fine-tune; the result lies in runs/"),
        ("graft train photos --model weights/mobilenet_v2 --mode probe --epochs 5", "train the head only: fastest"),
        ("graft train photos --model resnet50.pth --arch torchvision:resnet50 --out runs/bees --lr 1e-3", "a bare weights file"),
        ("graft train labels.csv --model weights/resnet50 --label-separator ;", "several labels an image, from a table"),
        ("graft train sizes.csv --model weights/resnet50 --target-columns width,height", "numbers instead of classes"),
        ("graft train photos --model weights/resnet50 --folds 5 --mode probe", "cross-validation"),
        ("graft train photos --model weights/convnext_tiny --mode partial --unfreeze 2 --seed 7", "the last two layer groups"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        string? run = arguments.GetValue(resume);
        JobConfig? config = run is null ? Read(arguments, context) : null;
        if (config is null) CheckAlone(arguments);
        config?.Validate();
        RunningOptions.Preload(context);
        bool json = arguments.GetValue(format) == "json";
        ConsoleProgress progress = new(context, json ? context.Error : context.Output);
        if (run is not null ? CrossValidation.IsIn(run) : FoldsIn(arguments) is not null)
            return RunFolds(arguments, context, config, progress);
        TrainResult result;
        try
        {
            result = config is not null ? FineTune.Run(config, progress, context.Cancellation)
                : FineTune.Resume(run!, progress, context.Cancellation, running.WorkersGivenIn(arguments));
        }
        finally
        {
            progress.Finish();
        }
        if (json) TrainOutput.WriteJson(context.Output, result);
        else TrainOutput.WriteText(context.Output, result);
        return result.WasCancelled ? ExitCode.Cancelled : ExitCode.Success;
    }

    int? FoldsIn(ParseResult arguments) => sections.OfType<TaskSection>().Single().FoldsIn(arguments);

    int RunFolds(ParseResult arguments, CommandContext context, JobConfig? config, ConsoleProgress progress)
    {
        bool json = arguments.GetValue(format) == "json";
        void Tell(int fold) => progress.Note($"fold {fold}");
        CrossValidationResult result;
        try
        {
            result = config is not null
                ? CrossValidation.Run(config, FoldsIn(arguments)!.Value, progress, context.Cancellation, Tell)
                : CrossValidation.Resume(
                    arguments.GetValue(resume)!, progress, context.Cancellation, running.WorkersGivenIn(arguments), Tell);
        }
        finally
        {
            progress.Finish();
        }
        if (json) JsonOutput.Write(context.Output, result.WriteJson);
        else CrossValidationOutput.Write(context.Output, result);
        return result.WasCancelled ? ExitCode.Cancelled : ExitCode.Success;
    }

    // a run goes on as it began: what would change it is a mistake
    void CheckAlone(ParseResult arguments)
    {
        Option[] allowed = [resume, running.Workers, format];
        if (arguments.GetValue(folder) is { } data)
            throw new UsageException($"train: --resume goes on with the run's own photos: leave {data} out.");
        Option? other = Options.FirstOrDefault(
            option => !allowed.Contains(option) && Sections.Any(section => section.Options.Contains(option)) &&
                arguments.GetResult(option) is { Implicit: false });
        if (other is not null)
            throw new UsageException($"train: --resume goes on with the run's own settings: leave {other.Name} out.");
    }

    JobConfig Read(ParseResult arguments, CommandContext context)
    {
        if (arguments.GetValue(folder) is null || arguments.GetValue(model) is null)
            throw new UsageException(arguments.GetValue(folder) is null
                ? "train: expected a FOLDER of photos and --model MODEL. --help tells more."
                : "train: --model MODEL is missing: what to start from. --help tells more.");
        TrainingMode chosen = Enum.Parse<TrainingMode>(arguments.GetValue(mode)!, ignoreCase: true);
        if (arguments.GetValue(unfreeze) is not null) Require(chosen, TrainingMode.Partial, "--unfreeze");
        if (arguments.GetValue(freezeEpochs) is not null) Require(chosen, TrainingMode.FineTune, "--freeze-epochs");
        JobConfig config = new()
        {
            Data = arguments.GetValue(folder)!,
            Model = arguments.GetValue(model)!,
            Architecture = running.ArchitectureOf(arguments),
            HeadLayer = arguments.GetValue(headLayer),
            PreprocessPath = running.PreprocessOf(arguments),
            Revision = running.RevisionOf(arguments),
            FromScratch = arguments.GetValue(scratch),
            Output = arguments.GetValue(output),
            Mode = chosen,
            Epochs = arguments.GetValue(epochs) ?? defaults.Epochs,
            FreezeEpochs = arguments.GetValue(freezeEpochs) ?? defaults.FreezeEpochs,
            UnfreezeGroups = arguments.GetValue(unfreeze) ?? defaults.UnfreezeGroups,
            LearningRate = arguments.GetValue(learningRate) is { } rate && !double.IsNaN(rate) ? rate : null,
            Optimisation = new OptimisationSettings { FindRate = arguments.GetValue(learningRate) is double.NaN },
            LearningRateSpread = arguments.GetValue(spread),
            WeightDecay = arguments.GetValue(weightDecay) ?? defaults.WeightDecay,
            LabelSmoothing = arguments.GetValue(smoothing) ?? defaults.LabelSmoothing,
            BatchSize = arguments.GetValue(batchSize),
            ValidationShare = arguments.GetValue(validation) ?? defaults.ValidationShare,
            KeepStatistics = arguments.GetValue(trainStatistics) ? false : null,
            Head = Enum.Parse<HeadKind>(arguments.GetValue(head)!, ignoreCase: true),
            Pool = arguments.GetValue(pool) is "avg" ? PoolKind.Average
                : Enum.Parse<PoolKind>(arguments.GetValue(pool)!, ignoreCase: true),
            Dropout = arguments.GetValue(dropout),
            InputChannels = arguments.GetValue(channels),
            ImageSize = arguments.GetValue(imageSize),
            IgnoreOrientation = running.IgnoresOrientation(arguments),
            Seed = (ulong?)arguments.GetValue(seed) ?? defaults.Seed,
            Workers = running.WorkersOf(arguments),
            Threads = running.ThreadsOf(arguments),
            Device = running.DeviceOf(arguments),
            Estimates = !arguments.GetValue(noEstimate),
            CommandLine = ShellQuote.Join(context.CommandLine),
        };
        return sections.Aggregate(config, (settings, section) => section.Apply(arguments, settings));
    }

    static void Require(TrainingMode chosen, TrainingMode wanted, string option)
    {
        if (chosen != wanted)
            throw new UsageException($"train: {option} belongs to --mode {Word(wanted)}, not to {Word(chosen)}.");
    }

    static string Word(TrainingMode mode) => mode.ToString().ToLowerInvariant();
}
