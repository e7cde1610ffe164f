using Graft.Torch;

namespace Graft.Models;

/// <summary>How a model is opened.</summary>
public sealed record ModelOptions
{
    /// <summary>What a file of weights holds, <c>origin:name</c>, such as <c>torchvision:resnet50</c>.</summary>
    /// <value>null: its configuration says so, or its names and shapes do</value>
    public string? Architecture { get; init; }

    /// <summary>
    /// The labels of a new head, in the order of its classes; asks for a new head of that size. Images are then cropped and
    /// rescaled as the tool does for which the model will be saved.
    /// </summary>
    /// <value>null: the head and the labels of the file</value>
    public IReadOnlyList<string>? NewLabels { get; init; }

    /// <summary>Whether a new head is started where the file has none or one of another size.</summary>
    /// <value>false: that is an error</value>
    public bool ResetHead { get; init; }

    /// <summary>For new labels: what stands between features and logits.</summary>
    /// <value><see cref="HeadKind.Own"/>: the architecture's own kind</value>
    public HeadKind Head { get; init; }

    /// <summary>For new labels: how the last map becomes features.</summary>
    /// <value><see cref="PoolKind.Own"/>: as the architecture does; for fastai's head <see cref="PoolKind.Concat"/></value>
    public PoolKind Pool { get; init; }

    /// <summary>For new labels: the share of features that the head drops in training, in [0, 1).</summary>
    /// <value>null: the architecture's own; 0.5 in fastai's head</value>
    public double? Dropout { get; init; }

    /// <summary>
    /// For new labels: whether they are classes of pixels. A classifier whose paper has a decoder for that (SegFormer's encoder)
    /// gets it, new; a segmentation network is one already.
    /// </summary>
    /// <value>false: as the weights' own network is</value>
    public bool Segments { get; init; }

    /// <summary>
    /// Whether a segmentation network has its auxiliary head, which training adds to the loss. One that the file has and that is
    /// not wanted is left out; one that is wanted and that the file has not starts anew, for new labels.
    /// </summary>
    /// <value>null: as the file has it; none where there is no file, or one of the backbone alone</value>
    public bool? Auxiliary { get; init; }

    /// <summary>
    /// For new labels: the decoder that stands on a classifier's backbone, which then gives a class for every pixel. What the
    /// classifier has after its last map is left out.
    /// </summary>
    /// <value>null: a classifier stays one, and what has a decoder keeps it</value>
    public DecoderKind? Decoder { get; init; }

    /// <summary>
    /// For <see cref="DecoderKind.DeepLabV3"/>: the image's size over the last map's, 8, 16 or 32. ResNets, MobileNets and
    /// EfficientNets are dilated for it; of others the last map is taken as it is.
    /// </summary>
    /// <value>null: 16, as the paper trains with; 8 is better and takes up to four times as long</value>
    public int? OutputStride { get; init; }

    /// <summary>For new labels: channels of an image; the stem is adapted, see <see cref="ModelConfig.InputChannels"/>.</summary>
    /// <value>null: what the weights have</value>
    public int? InputChannels { get; init; }

    /// <summary>
    /// For new labels on a TorchScript model: its last linear layer, such as <c>fc</c>, whose place the head takes.
    /// </summary>
    /// <value>null: the head comes after the model's output</value>
    public string? HeadLayer { get; init; }

    /// <summary>A <c>preprocessor_config.json</c> that says how images are prepared.</summary>
    /// <value>null: what comes with the weights, or what the architecture is known for</value>
    public string? PreprocessPath { get; init; }

    /// <summary>How a model is brought here that is named, not given as a file or folder.</summary>
    /// <value>null: as the environment says (<c>HF_HOME</c> and so on), without a word</value>
    public FetchOptions? Fetch { get; init; }

    /// <summary>The seed of a new head.</summary>
    /// <value>0</value>
    public ulong Seed { get; init; }

    /// <summary>Where the model is put.</summary>
    /// <value>the CPU</value>
    public Device Device { get; init; }
}
