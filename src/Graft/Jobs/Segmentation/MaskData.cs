using Graft.Data;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Images with masks in the forms in which a training job needs them: crops to train on, whole to validate on.</summary>
sealed class MaskData : JobData
{
    const int UsualBatch = 8, ValidationBatch = 4;
    const int LargestSide = 520; // torchvision's reference scales images around it, and crops 480 of it
    const int CropStep = 32; // the coarsest stride of the backbones

    readonly ImageCache cache = new();
    readonly MaskEncoding masks;
    FullSizeSource? validation;

    /// <summary>Reads the listing, and looks at every mask.</summary>
    /// <exception cref="ArgumentException">A setting is not for masks.</exception>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    public MaskData(JobConfig config, ITrainingProgress progress, CancellationToken cancellation)
        : base(config, Open(config, progress, cancellation), config.BatchSize ?? UsualBatch, progress)
    {
        masks = TrainingSet.Masks!;
        Side = config.ImageSize ?? Math.Min(LargestSide, MedianSide());
        Crop = config.Segmentation.Crop ?? UsualCrop(Side);
        Balance = PixelBalance.Of(
            config.Optimisation.Balance, TrainingSet, config.IgnoreOrientation, config.Workers, cancellation);
    }

    /// <summary>The shorter side in pixels that images are brought to at scale 1, in training and in validation.</summary>
    public int Side { get; }

    /// <summary>The colour of each class.</summary>
    public IReadOnlyList<RgbColor> Palette => masks.Colors;

    /// <summary>The size of training crops.</summary>
    public CropSettings Crop { get; }

    /// <inheritdoc/>
    public override string InputSize => Crop.ToString();

    /// <summary>How images are prepared for a model that was trained on these: whole, the shorter side brought to size.</summary>
    public Preprocess Prepared(Preprocess own) => own.ResizeMode == ResizeMode.ShortestEdge
        ? own with { Height = Side, Width = Side, ResizeHeight = 0, ResizeWidth = 0, CenterCrop = false, FreeSize = true } : own;

    /// <summary>Crops of the images, changed at random as the settings say.</summary>
    public override IStepSource Training(bool shuffle, bool augments)
    {
        var pipeline = new MaskedPipeline(Model.Preprocess, masks, Crop.Height, Crop.Width)
        {
            Transforms = new MaskTransforms(Crop, Side, Config with { Augment = augments }).Build(Model.Preprocess),
            Seed = Config.Seed,
            IgnoreOrientation = Config.IgnoreOrientation,
            Cache = cache,
        };
        return new ImageSource(new DataLoader(TrainingSet, pipeline, new DataLoaderOptions
        {
            BatchSize = BatchSize,
            Shuffle = shuffle,
            Seed = Config.Seed,
            Workers = Config.Workers,
            MemoryFormat = ModelOpening.FormatOn(Device),
        }, BadTraining));
    }

    /// <summary>The whole images, with masks at their own size.</summary>
    public override IStepSource Validation() => validation ??= new FullSizeSource(new FullSizeLoader(
        ValidationSet, new FullSizePipeline(Model.Preprocess, masks)
        {
            Resize = Model.Preprocess,
            IgnoreOrientation = Config.IgnoreOrientation,
            Cache = cache,
        }, new DataLoaderOptions
        {
            BatchSize = ValidationBatch,
            Workers = Config.Workers,
            MemoryFormat = ModelOpening.FormatOn(Device),
        }, BadValidation));

    static SegmentationData Open(JobConfig config, ITrainingProgress progress, CancellationToken cancellation)
    {
        MaskTransforms.Check(config.Augmentation);
        if (config.Task.Shots is not null)
            throw new ArgumentException("shots: made for whole images, of which each has a class; with masks, use limit.");
        if (config.Task.Fold is not null)
            throw new ArgumentException("folds: made for whole images; with masks, give folders train and val.");
        if (config.Head != HeadKind.Own || config.Pool != PoolKind.Own)
            throw new ArgumentException("head and pool: made for whole images; with masks, choose a decoder (--decoder).");
        const string Phase = "looking at the masks";
        SegmentationSettings its = config.Segmentation;
        var options = new SegmentationOptions
        {
            ClassList = its.ClassList,
            IgnoreIndex = its.IgnoreIndex,
            Table = config.Task.Table,
            IgnoreOrientation = config.IgnoreOrientation,
            Crop = its.Crop is { } crop ? (crop.Height, crop.Width) : null,
        };
        progress.PhaseStarted(Phase, 0);
        return SegmentationData.Open(config.Data, options, cancellation: cancellation);
    }

    // of hundreds of images some tell as much
    int MedianSide()
    {
        const int Looked = 200;
        List<int> sides = [];
        var pipeline = new FullSizePipeline(Preprocess.ImageNet(), masks) { IgnoreOrientation = Config.IgnoreOrientation };
        int count = Math.Min(Looked, TrainingSet.Count);
        for (int i = 0; i < count; i++)
        {
            try
            {
                (int width, int height) = pipeline.Measure(TrainingSet.Samples[(int)((long)i * TrainingSet.Count / count)]);
                sides.Add(Math.Min(width, height));
            }
            catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
            {
                // told when it is read
            }
        }
        if (sides.Count == 0) return LargestSide;
        sides.Sort();
        return sides[sides.Count / 2];
    }

    // the reference's share of the side, 480 of 520, in whole steps
    static CropSettings UsualCrop(int side)
    {
        int length = Math.Max(CropStep, (int)Math.Round(side * (480 / 520.0) / CropStep) * CropStep);
        return new CropSettings(length, length);
    }
}
