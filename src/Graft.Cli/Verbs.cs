using Graft.Cli.Commands;

namespace Graft.Cli;

/// <summary>Everything Graft can be told to do, in the order of the help.</summary>
static class Verbs
{
    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        new("demo", "show transfer learning on images that Graft draws itself", () => new DemoCommand()),
        new("train", "fine-tune a model on a folder of photos", () => new TrainCommand()),
        new("lr-find", "look for a learning rate before training", () => new LearningRateCommand()),
        new("predict", "say what pictures show", () => new PredictCommand()),
        new("evaluate", "measure a model on labelled pictures", () => new EvaluateCommand()),
        new("report", "write a run's report anew", () => new ReportCommand()),
        new("explain", "show where in a picture a model looked", () => new ExplainCommand()),
        new("compare", "say which model suits some photos", () => new CompareCommand()),
        new("convert", "write a model as another tool opens it", () => new ConvertCommand()),
        new("verify", "hold a model against logits that another tool recorded", () => new VerifyCommand()),
        new("summary", "print the layers of a model", () => new SummaryCommand()),
        new("models", "list the architectures that Graft knows", () => new ModelsCommand()),
        new("download", "fetch a model from the Hugging Face Hub or torchvision", () => new DownloadCommand()),
        new("data", "look at data before training: a sheet of augmented images", () => new DataCommand()),
        new("pixels", "print size, mode and checksum of an image's pixels", () => new PixelsCommand()),
    ];
}
