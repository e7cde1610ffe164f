using System.Diagnostics;
using Graft.Data;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Images that have labels or numbers as a whole, in the forms in which a training job needs them.</summary>
sealed class LabelData : JobData
{
    const int UsualBatch = 32;

    readonly ITrainingProgress progress;
    readonly CancellationToken cancellation;
    readonly ImageCache cache = new();
    readonly MicroBatching parts;
    Features? searched;

    /// <summary>Reads what there is, not the images themselves.</summary>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    public LabelData(JobConfig config, ITrainingProgress progress, CancellationToken cancellation)
        : base(config, ImageData.Open(config.Data, config.Task.Table), config.BatchSize ?? UsualBatch, progress)
    {
        (this.progress, this.cancellation) = (progress, cancellation);
        parts = new MicroBatching { Changed = progress.Note };
        Balance = ClassBalance.Of(config.Optimisation.Balance, TrainingSet);
        if (Balance.Note is { } about) progress.Note(about);
    }

    /// <summary>The model's features of images to train on, in the type of training.</summary>
    public Tensor LowFeatures(Tensor images)
    {
        using PrecisionScope scope = Nn.Precision.Use(Precision);
        return InParts(images);
    }

    /// <summary>Images of a batch of evaluation.</summary>
    public int EvaluationBatch => Config.BatchSize ?? UsualBatch;

    /// <summary>
    /// A batch of a few training images, changed as for training but not mixed; null where none of them can be read.
    /// </summary>
    public StepBatch? Few(int count)
    {
        SamplePipeline pipeline = Config.Augments
            ? Plain with { Transforms = Config.Transforms(Model.Preprocess), Seed = Config.Seed } : Plain;
        var loader = new DataLoader(
            Subset.Limit(TrainingSet, count, Config.Seed), pipeline, new DataLoaderOptions
            {
                BatchSize = count,
                Workers = Config.Workers,
                MemoryFormat = ModelOpening.FormatOn(Device),
            }, new BadImages(limit: 1));
        return new ImageSource(loader).Epoch(0, cancellation: cancellation).FirstOrDefault();
    }

    /// <summary>The memory that an image takes once it is decoded and kept, of those that were read so far.</summary>
    public long DecodedBytes => cache.Count == 0 ? 0 : cache.UsedBytes / cache.Count;

    /// <summary>The most memory that images which are kept decoded may take.</summary>
    public long MostDecodedBytes => Math.Min(cache.BudgetBytes, DecodedBytes * (TrainingSet.Count + ValidationSet.Count));

    /// <summary>How many images go through the frozen body at once; null: a whole batch.</summary>
    public int? ImagesAtOnce
    {
        set => parts.Limit = value;
    }

    /// <summary>The images to train on; augmented ones are changed and mixed as the settings say.</summary>
    public override IStepSource Training(bool shuffle, bool augments)
    {
        if (!augments) return Source(TrainingSet, Plain, BadTraining, shuffle);
        SamplePipeline pipeline = Plain with { Transforms = Config.Transforms(Model.Preprocess), Seed = Config.Seed };
        ImageSource images = Source(TrainingSet, pipeline, BadTraining, shuffle);
        AugmentationSettings its = Config.Augmentation;
        return its.Mixes ? new MixedSource(images, its.Mixer(Classes.Count, Config.Seed), Device) : images;
    }

    /// <inheritdoc/>
    public override ImageSource Validation() => Source(ValidationSet, Plain, BadValidation, shuffle: false);

    /// <summary>Shuffled passes over what was computed of the training images, several of them an epoch.</summary>
    /// <param name="labels">their classes</param>
    /// <param name="passes">how many</param>
    public ISampler Repeated(IReadOnlyList<int> labels, int passes) => new RepeatedSampler(Shuffled(labels), passes);

    ISampler Shuffled(IReadOnlyList<int> labels) =>
        Balance.Draws ? new BalancedSampler(labels, Config.Seed) : new ShuffledSampler(labels.Count, Config.Seed);

    /// <summary>What a probe's body makes of the validation images, once that was computed.</summary>
    public Features? HeldFeatures { get; private set; }

    /// <summary>
    /// What the frozen body, in evaluation mode, makes of the training images, which the caller may change, and of the validation
    /// images. For a probe whose rate is looked for first they are computed once.
    /// </summary>
    public (Features Training, Features Validation) FrozenFeatures()
    {
        bool isProbe = Config.Mode == TrainingMode.Probe, isFirst = searched is null;
        Model.Evaluate();
        Features validation = HeldFeatures ?? Features(Validation(), InParts);
        Features training = searched ?? Features(Training(shuffle: false, augments: false), LowFeatures);
        if (isProbe) HeldFeatures = validation;
        searched = isProbe && isFirst && Config.Optimisation is { FindRate: true, FoundRate: null } ? training.Clone() : null;
        return (training, validation);
    }

    Tensor InParts(Tensor images) => parts.Run(images, Model.Features);

    /// <summary>What the model's body makes of images.</summary>
    Features Features(IStepSource images, Func<Tensor, Tensor> backbone)
    {
        const string Phase = "computing features";
        progress.PhaseStarted(Phase, images.SampleCount);
        long started = Stopwatch.GetTimestamp();
        int done = 0, batches = 0;
        return Graft.Training.Features.Compute(images, Model.FeatureCount, backbone, Device, epoch: 0, count =>
        {
            done += count;
            double speed = done / Math.Max(1e-9, Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress.Advanced(new StepProgress(
                Phase, 0, 0, ++batches, images.BatchCount, done, images.SampleCount, double.NaN, double.NaN, speed));
        }, cancellation);
    }

    SamplePipeline Plain => new(Model.Preprocess) { IgnoreOrientation = Config.IgnoreOrientation, Cache = cache };

    ImageSource Source(ImageDataset images, SamplePipeline pipeline, BadImages bad, bool shuffle) => new(new DataLoader(
        images, pipeline, new DataLoaderOptions
        {
            BatchSize = shuffle ? BatchSize : EvaluationBatch,
            Shuffle = shuffle,
            Sampler = shuffle ? Shuffled([.. images.Samples.Select(sample => sample.Label)]) : null,
            Seed = Config.Seed,
            Workers = Config.Workers,
            MemoryFormat = ModelOpening.FormatOn(Device),
        }, bad));
}
