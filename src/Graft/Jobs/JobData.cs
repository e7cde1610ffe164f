using Graft.Data;
using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>The images of a training job: what all kinds of them have in common.</summary>
abstract class JobData
{
    readonly ITrainingProgress progress;

    /// <summary>Divides what was read into training and validation, and takes as much of it as the settings say.</summary>
    /// <param name="config">the settings</param>
    /// <param name="images">what was read</param>
    /// <param name="batchSize">images a step, at most</param>
    /// <param name="progress">told of what may surprise</param>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    protected JobData(JobConfig config, ImageData images, int batchSize, ITrainingProgress progress)
    {
        (Config, this.progress) = (config, progress);
        TaskSettings task = config.Task;
        foreach (string note in images.Notes) progress.Note(note);
        (ImageDataset training, ValidationSet) = task.Fold is { } fold ? images.Fold(fold.Number - 1, fold.Count, config.Seed)
            : images.TrainAndValidation(config.ValidationShare, config.Seed);
        if (task.Shots is { } shots) training = Subset.Shots(training, shots, config.Seed);
        if (task.Limit is { } limit) training = Subset.Limit(training, limit, config.Seed);
        TrainingSet = training;
        Classes = images.Classes;
        Kind = images.Kind;
        JobTask.CheckMixing(config.Augmentation, Kind);
        JobTask.Tell(training, ValidationSet, progress.Note);
        BadTraining.Found += Tell;
        BadValidation.Found += Tell;
        BatchSize = Math.Clamp(training.Count / 4, 1, batchSize);
    }

    /// <summary>The settings.</summary>
    protected JobConfig Config { get; }

    /// <summary>The class names, in the order of the logits.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What is done about small classes.</summary>
    public ClassBalance Balance { get; protected init; } = ClassBalance.None;

    /// <summary>What is known of each image.</summary>
    public LabelKind Kind { get; }

    /// <summary>Images a step: fewer than asked for where there are few.</summary>
    public int BatchSize { get; }

    /// <summary>The images to train on.</summary>
    public ImageDataset TrainingSet { get; }

    /// <summary>The images to validate on.</summary>
    public ImageDataset ValidationSet { get; }

    /// <summary>Training images that can't be read.</summary>
    public BadImages BadTraining { get; } = new();

    /// <summary>Validation images that can't be read.</summary>
    public BadImages BadValidation { get; } = new();

    /// <summary>The model that the images are for.</summary>
    public ImageModel Model { get; private set; } = null!;

    /// <summary>Where the model lives.</summary>
    public Device Device { get; private set; }

    /// <summary>The type in which layers multiply while training.</summary>
    public DType Precision { get; private set; }

    /// <summary>From here on, images are prepared as that model wants them.</summary>
    public void PrepareFor(ImageModel model, Device device, DType precision) =>
        (Model, Device, Precision) = (model, device, precision);

    /// <summary>The side or sides of what the network trains on, such as <c>224x224</c>.</summary>
    public virtual string InputSize => $"{Model.Preprocess.Height}x{Model.Preprocess.Width}";

    /// <summary>The images to train on, in batches.</summary>
    /// <param name="shuffle">whether in a drawn order</param>
    /// <param name="augments">whether changed at random, as the settings say</param>
    public abstract IStepSource Training(bool shuffle, bool augments);

    /// <summary>The images to validate on, in batches.</summary>
    public abstract IStepSource Validation();

    void Tell(BadImage bad) => progress.Note($"skipped {bad}");
}
