using System.Diagnostics;
using Graft.Data;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>The images of a training job, in the forms in which it needs them.</summary>
sealed class JobData
{
    readonly JobConfig config;
    readonly ITrainingProgress progress;
    readonly CancellationToken cancellation;
    readonly ImageCache cache = new();
    readonly ImageDataset training, validation;
    readonly MicroBatching parts;
    ImageModel? model;
    Features? searched;

    /// <summary>Reads what there is, not the images themselves.</summary>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    public JobData(JobConfig config, ITrainingProgress progress, CancellationToken cancellation)
    {
        (this.config, this.progress, this.cancellation) = (config, progress, cancellation);
        TaskSettings task = config.Task;
        ImageData images = ImageData.Open(config.Data, task.Table);
        foreach (string note in images.Notes) progress.Note(note);
        (training, validation) = task.Fold is { } fold ? images.Fold(fold.Number - 1, fold.Count, config.Seed)
            : images.TrainAndValidation(config.ValidationShare, config.Seed);
        if (task.Shots is { } shots) training = Subset.Shots(training, shots, config.Seed);
        if (task.Limit is { } limit) training = Subset.Limit(training, limit, config.Seed);
        Classes = images.Classes;
        Kind = images.Kind;
        JobTask.Tell(training, validation, progress.Note);
        parts = new MicroBatching { Changed = progress.Note };
        BadTraining.Found += Tell;
        BadValidation.Found += Tell;
        Balance = ClassBalance.Of(config.Optimisation.Balance, training);
        if (Balance.Note is { } about) progress.Note(about);
        BatchSize = Math.Clamp(training.Count / 4, 1, config.BatchSize);
    }

    /// <summary>The class names, in the order of the logits.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What is done about small classes.</summary>
    public ClassBalance Balance { get; }

    /// <summary>What is known of each image.</summary>
    public LabelKind Kind { get; }

    /// <summary>Images a step: fewer than asked for where there are few.</summary>
    public int BatchSize { get; }

    /// <summary>Where the model lives.</summary>
    public Device Device { get; private set; }

    /// <summary>The images to train on.</summary>
    public ImageDataset TrainingSet => training;

    /// <summary>The images to validate on.</summary>
    public ImageDataset ValidationSet => validation;

    /// <summary>Training images that can't be read.</summary>
    public BadImages BadTraining { get; } = new();

    /// <summary>Validation images that can't be read.</summary>
    public BadImages BadValidation { get; } = new();

    /// <summary>From here on, images are prepared as that model wants them.</summary>
    public void PrepareFor(ImageModel model, Device device, DType precision) =>
        (this.model, Device, Precision) = (model, device, precision);

    /// <summary>The type in which layers multiply while training.</summary>
    public DType Precision { get; private set; }

    /// <summary>The model's features of images to train on, in the type of training.</summary>
    public Tensor LowFeatures(Tensor images)
    {
        using PrecisionScope scope = Nn.Precision.Use(Precision);
        return InParts(images);
    }

    /// <summary>The images to train on; augmented ones are changed and mixed as the settings say.</summary>
    public IStepSource Training(bool shuffle, bool augments)
    {
        if (!augments) return Source(training, Plain, BadTraining, shuffle);
        SamplePipeline pipeline = Plain with { Transforms = config.Transforms(model!.Preprocess), Seed = config.Seed };
        ImageSource images = Source(training, pipeline, BadTraining, shuffle);
        AugmentationSettings its = config.Augmentation;
        return its.Mixes ? new MixedSource(images, its.Mixer(Classes.Count, config.Seed), Device) : images;
    }

    /// <summary>The images to validate on.</summary>
    public ImageSource Validation() => Source(validation, Plain, BadValidation, shuffle: false);

    /// <summary>Shuffled passes over what was computed of the training images, several of them an epoch.</summary>
    /// <param name="labels">their classes</param>
    /// <param name="passes">how many</param>
    public ISampler Repeated(IReadOnlyList<int> labels, int passes) => new RepeatedSampler(Shuffled(labels), passes);

    ISampler Shuffled(IReadOnlyList<int> labels) =>
        Balance.Draws ? new BalancedSampler(labels, config.Seed) : new ShuffledSampler(labels.Count, config.Seed);

    /// <summary>What a probe's body makes of the validation images, once that was computed.</summary>
    public Features? HeldFeatures { get; private set; }

    /// <summary>
    /// What the frozen body, in evaluation mode, makes of the training images, which the caller may change, and of the validation
    /// images. For a probe whose rate is looked for first they are computed once.
    /// </summary>
    public (Features Training, Features Validation) FrozenFeatures()
    {
        bool isProbe = config.Mode == TrainingMode.Probe, isFirst = searched is null;
        model!.Evaluate();
        Features validation = HeldFeatures ?? Features(Validation(), InParts);
        Features training = searched ?? Features(Training(shuffle: false, augments: false), LowFeatures);
        if (isProbe) HeldFeatures = validation;
        searched = isProbe && isFirst && config.Optimisation is { FindRate: true, FoundRate: null } ? training.Clone() : null;
        return (training, validation);
    }

    /// <summary>What the model's body makes of images.</summary>
    Features Features(IStepSource images, Func<Tensor, Tensor> backbone)
    {
        const string Phase = "computing features";
        progress.PhaseStarted(Phase, images.SampleCount);
        long started = Stopwatch.GetTimestamp();
        int done = 0, batches = 0;
        return Graft.Training.Features.Compute(images, model!.FeatureCount, backbone, Device, epoch: 0, count =>
        {
            done += count;
            double speed = done / Math.Max(1e-9, Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress.Advanced(new StepProgress(
                Phase, 0, 0, ++batches, images.BatchCount, done, images.SampleCount, double.NaN, double.NaN, speed));
        }, cancellation);
    }

    Tensor InParts(Tensor images) => parts.Run(images, model!.Features);

    SamplePipeline Plain => new(model!.Preprocess) { IgnoreOrientation = config.IgnoreOrientation, Cache = cache };

    void Tell(BadImage bad) => progress.Note($"skipped {bad}");

    ImageSource Source(ImageDataset images, SamplePipeline pipeline, BadImages bad, bool shuffle) => new(new DataLoader(
        images, pipeline, new DataLoaderOptions
        {
            BatchSize = shuffle ? BatchSize : config.BatchSize,
            Shuffle = shuffle,
            Sampler = shuffle ? Shuffled([.. images.Samples.Select(sample => sample.Label)]) : null,
            Seed = config.Seed,
            Workers = config.Workers,
            MemoryFormat = ModelOpening.FormatOn(Device),
        }, bad));
}
