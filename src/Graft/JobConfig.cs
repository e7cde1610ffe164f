using Graft.Models;

namespace Graft;

/// <summary>
/// Everything that decides what a training job does. The same settings on the same machine give the same model.
/// </summary>
public sealed record JobConfig
{
    /// <summary>
    /// The photos: <c>root/class/*</c>, or <c>root/train/class/*</c> with <c>root/val</c> (or <c>valid</c>, <c>validation</c>,
    /// <c>test</c>); or a table of images, <c>.csv</c>, read as <see cref="Task"/> says; or images with the class of each pixel:
    /// <c>root/images</c> with <c>root/masks</c> and the like, see <see cref="Graft.Data.SegmentationData"/>.
    /// </summary>
    public required string Data { get; init; }

    /// <summary>
    /// The model to start from: a folder or weights file of any origin, a run's folder, a repository of the Hugging Face Hub,
    /// weights of torchvision (<c>resnet50:IMAGENET1K_V2</c>), or, from scratch, the name of an architecture of the zoo.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>What a weights file holds, such as <c>torchvision:resnet50</c>, when its names don't say.</summary>
    /// <value>null: recognised from the file.</value>
    public string? Architecture { get; init; }

    /// <summary>For a TorchScript model: its last linear layer, such as <c>fc</c>, whose place the new head takes.</summary>
    /// <value>null: the head comes after the model's output</value>
    public string? HeadLayer { get; init; }

    /// <summary>A <c>preprocessor_config.json</c> that says how images are prepared.</summary>
    /// <value>null: what comes with the weights, or what the architecture is known for</value>
    public string? PreprocessPath { get; init; }

    /// <summary>The branch, tag or commit of a model that is a repository of the Hugging Face Hub.</summary>
    /// <value>null: the name's own, else <c>main</c></value>
    public string? Revision { get; init; }

    /// <summary>Whether the pretrained values are thrown away and drawn anew: what transfer is to be compared with.</summary>
    /// <value>false</value>
    public bool FromScratch { get; init; }

    /// <summary>The folder of the run. It must not hold anything yet.</summary>
    /// <value>null: <c>runs/MODEL-DATA-N</c> with the first free number.</value>
    public string? Output { get; init; }

    /// <summary>What is trained.</summary>
    /// <value><see cref="TrainingMode.FineTune"/></value>
    public TrainingMode Mode { get; init; } = TrainingMode.FineTune;

    /// <summary>Passes over the training images; those of <see cref="FreezeEpochs"/> come on top of it, as in fastai.</summary>
    /// <value>5</value>
    public int Epochs { get; init; } = 5;

    /// <summary>
    /// For <see cref="TrainingMode.FineTune"/>: how many passes train the head alone before everything is trained. Unlike
    /// fastai's, they see the images as evaluation does, without random crops: each image's features are computed once, and the
    /// head goes over them five times.
    /// </summary>
    /// <value>1</value>
    public int FreezeEpochs { get; init; } = 1;

    /// <summary>
    /// For <see cref="TrainingMode.Partial"/>: how many layer groups of the backbone, from the last, are trained.
    /// </summary>
    /// <value>1</value>
    public int UnfreezeGroups { get; init; } = 1;

    /// <summary>The highest learning rate, that of the head.</summary>
    /// <value>
    /// null: the mode's own, see <see cref="DefaultLearningRate"/>; 1e-3 from scratch; for SGD 20 times as much, LAMB 4 times,
    /// RMSprop a fifth; with LoRA 4 times
    /// </value>
    public double? LearningRate { get; init; }

    /// <summary>For <see cref="TrainingMode.FineTune"/>: how many times slower than the head the deepest layers learn.</summary>
    /// <value>null: 100, as fastai's <c>lr_mult</c>; 10 for masks</value>
    public double? LearningRateSpread { get; init; }

    /// <summary>Decoupled weight decay of AdamW. Loshchilov and Hutter 2017, arXiv:1711.05101.</summary>
    /// <value>0.01, as fastai</value>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The share of each label that is spread over all classes. Szegedy et al. 2016, arXiv:1512.00567.</summary>
    /// <value>0</value>
    public double LabelSmoothing { get; init; }

    /// <summary>Images a step. A training set of fewer than four batches gets smaller ones.</summary>
    /// <value>null: 32; 8 for masks</value>
    public int? BatchSize { get; init; }

    /// <summary>The share of each class that is kept back for validation where the folder has no validation part.</summary>
    /// <value>0.2</value>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>
    /// Random crops and mirroring while training; <see cref="Augmentation"/> says more, and counts where it names something.
    /// </summary>
    /// <value>
    /// null: on, except for <see cref="TrainingMode.Probe"/>, whose features are then computed anew for every epoch.
    /// </value>
    public bool? Augment { get; init; }

    /// <summary>Whether batch normalisation keeps its pretrained statistics while its layer is trained.</summary>
    /// <value>
    /// null: it does, except from scratch, unlike in fastai; with few photos and small batches this gives the better models (see
    /// docs/results-hymenoptera.md). A frozen layer always keeps them.
    /// </value>
    public bool? KeepStatistics { get; init; }

    /// <summary>The side of the network's square input in pixels.</summary>
    /// <value>null: what the weights came with.</value>
    public int? ImageSize { get; init; }

    /// <summary>What stands between features and logits.</summary>
    /// <value><see cref="HeadKind.Own"/>: as the architecture's origin has it</value>
    public HeadKind Head { get; init; }

    /// <summary>How the last map becomes features.</summary>
    /// <value><see cref="PoolKind.Own"/>; with fastai's head <see cref="PoolKind.Concat"/></value>
    public PoolKind Pool { get; init; }

    /// <summary>The share of features that the head drops in training, in [0, 1).</summary>
    /// <value>null: the architecture's own; 0.5 in fastai's head</value>
    public double? Dropout { get; init; }

    /// <summary>Channels of the network's input: 3, or 1 for grey images; a pretrained stem is adapted.</summary>
    /// <value>null: what the weights have</value>
    public int? InputChannels { get; init; }

    /// <summary>Whether EXIF's orientation is ignored, as torchvision's image folder does.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Decides the split, the head's starting values, the order of images, their crops, dropout.</summary>
    /// <value>42</value>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads that decode images. The result does not depend on it.</summary>
    /// <value>0: as many as cores</value>
    public int Workers { get; init; }

    /// <summary>Threads that one operator may use.</summary>
    /// <value>0: all cores</value>
    public int Threads { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value><c>auto</c>: the first GPU that the linked libtorch can use, or the CPU.</value>
    public string Device { get; init; } = "auto";

    /// <summary>The type in which layers multiply while training.</summary>
    /// <value><see cref="PrecisionKind.Auto"/></value>
    public PrecisionKind Precision { get; init; }

    /// <summary>How training images are changed at random, and how batches are mixed.</summary>
    /// <value>the mode's own: see <see cref="Augment"/></value>
    public AugmentationSettings Augmentation { get; init; } = new();

    /// <summary>The optimiser, its rates over time, the loss, and what is done to gradients.</summary>
    /// <value>AdamW with one-cycle on cross-entropy</value>
    public OptimisationSettings Optimisation { get; init; } = new();

    /// <summary>What is measured on the validation images, and what decides which epoch is the best.</summary>
    public MetricSettings Metrics { get; init; } = new();

    /// <summary>Low-rank adapters in place of training the backbone itself.</summary>
    /// <value>none</value>
    public LoraSettings Lora { get; init; } = new();

    /// <summary>What is learned from which of the images: a table's columns, few examples, a fold.</summary>
    /// <value>the defaults of <see cref="TaskSettings"/></value>
    public TaskSettings Task { get; init; } = new();

    /// <summary>For images with masks: the decoder, crops, what does not count.</summary>
    /// <value>the defaults of <see cref="SegmentationSettings"/></value>
    public SegmentationSettings Segmentation { get; init; } = new();

    /// <summary>
    /// Whether a few images are tried before the first step, to say what time and memory the job will take, and to take a batch
    /// in parts where it would not fit.
    /// </summary>
    /// <value>true</value>
    public bool Estimates { get; init; } = true;

    /// <summary>What is kept on disk while it runs, and when it ends early.</summary>
    /// <value>the defaults of <see cref="CheckpointSettings"/></value>
    public CheckpointSettings Checkpoints { get; init; } = new();

    /// <summary>The command line as it was typed, for the record in the run's folder.</summary>
    /// <value>null: the folder's <c>command.txt</c> gets an equivalent one.</value>
    public string? CommandLine { get; init; }

    /// <summary>
    /// The learning rate that a mode uses on pretrained weights when none is given: 5e-4 for fine-tuning (a quarter of fastai's
    /// 2e-3, since batch norms keep their statistics), 3e-3 for a probe and for the frozen epochs of fine-tuning, else 2e-4.
    /// </summary>
    public static double DefaultLearningRate(TrainingMode mode) => mode switch
    {
        TrainingMode.FineTune => 5e-4,
        TrainingMode.Probe => 3e-3,
        _ => 2e-4,
    };

    /// <summary>The highest learning rate: <see cref="LearningRate"/>, or what suits the mode and the start.</summary>
    internal double HighestRate => LearningRate ?? Optimisation.RateFactor * (Lora.IsOn ? LoraSettings.RateFactor : 1) *
        (FromScratch && Mode != TrainingMode.Probe ? 1e-3 : DefaultLearningRate(Mode));

    /// <summary>Whether batch norms keep their statistics: <see cref="KeepStatistics"/>, or what suits the start.</summary>
    internal bool KeepsStatistics => KeepStatistics ?? !FromScratch;

    /// <summary>
    /// Whether training images are changed or mixed at random: as <see cref="Augmentation"/> says, else <see cref="Augment"/>,
    /// else as the mode does it.
    /// </summary>
    internal bool Augments => Augmentation.Mixes || TransformSteps.Count > 0;

    /// <summary>What training images go through.</summary>
    internal IReadOnlyList<TransformSettings> TransformSteps => TrainingTransforms.Steps(Augmentation, ChangesImages);

    /// <summary>The same, made for a network's preprocessing.</summary>
    internal Imaging.TransformList Transforms(Imaging.Preprocess target) =>
        TrainingTransforms.Build(Augmentation, target, ChangesImages);

    bool ChangesImages => Augment ?? Mode != TrainingMode.Probe;

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        Require(Epochs >= 1, $"epochs: expected at least 1, came {Epochs}.");
        Require(FreezeEpochs >= 0, $"freeze epochs: expected at least 0, came {FreezeEpochs}.");
        Require(UnfreezeGroups >= 0, $"layer groups to unfreeze: expected at least 0, came {UnfreezeGroups}.");
        Require(LearningRate is null or (> 0 and < 1e6), $"learning rate: expected a number above 0, came {LearningRate}.");
        Require(
            LearningRateSpread is null or (>= 1 and < 1e9),
            $"learning rate spread: expected at least 1, came {LearningRateSpread}.");
        Require(WeightDecay is >= 0 and < 1e6, $"weight decay: expected at least 0, came {WeightDecay}.");
        Require(LabelSmoothing is >= 0 and < 1, $"label smoothing: expected from 0 to below 1, came {LabelSmoothing}.");
        Require(BatchSize is null or >= 1, $"batch size: expected at least 1, came {BatchSize}.");
        Require(ValidationShare is > 0 and < 1, $"validation share: expected between 0 and 1, came {ValidationShare}.");
        Require(ImageSize is null or (>= 8 and <= 4096), $"image size: expected from 8 to 4096, came {ImageSize}.");
        Require(Dropout is null or (>= 0 and < 1), $"dropout: expected from 0 to below 1, came {Dropout}.");
        Require(InputChannels is null or 1 or 3, $"channels: images have 3, or 1 where read as grey; came {InputChannels}.");
        Require(Workers >= 0, $"workers: expected at least 0, came {Workers}.");
        Require(Threads >= 0, $"threads: expected at least 0, came {Threads}.");
        Augmentation.Validate();
        Optimisation.Validate();
        Metrics.Validate();
        Lora.Validate();
        Require(
            !Optimisation.FindRate || LearningRate is null,
            $"learning rate: expected one that is given or one that is looked for, came {LearningRate} and the latter.");
        Require(!Lora.IsOn || Mode != TrainingMode.Probe, $"LoRA: a probe trains the head alone: use another mode.");
        Require(!Lora.IsOn || !FromScratch, $"LoRA: adapters are for pretrained weights, not for a model from scratch.");
        Require(
            !Lora.IsOn || !Optimisation.GradualUnfreeze, $"LoRA: the layers stay frozen: nothing of them is freed gradually.");
        Checkpoints.Validate();
        Task.Validate();
        Segmentation.Validate();
    }

    internal static void Require(bool holds, FormattableString message)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(message));
    }
}
