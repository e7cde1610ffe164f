using Graft.Data;
using Graft.Imaging;

namespace Graft;

/// <summary>How training images are changed at random, and how images of another ratio come to the network's size.</summary>
public sealed record AugmentationSettings
{
    /// <summary>
    /// A preset of <see cref="AugmentationPresets"/>, with its arguments after a colon: <c>fastai</c>,
    /// <c>randaugment:n=2,m=9</c>.
    /// </summary>
    /// <value>null: <c>light</c>, or <c>none</c> for a probe; see <see cref="JobConfig.Augment"/></value>
    public string? Preset { get; init; }

    /// <summary>Transforms in their order, instead of a preset.</summary>
    /// <value>null: the preset's</value>
    public IReadOnlyList<TransformSettings>? Transforms { get; init; }

    /// <summary>
    /// What becomes of images of another ratio than the input's, in training and in evaluation; it goes into the saved model.
    /// </summary>
    /// <value>null: evaluation as the weights came with it, training by random resized crops</value>
    public ResizeMethod? Resize { get; init; }

    /// <summary>How often an image is mirrored left and right, in [0, 1].</summary>
    /// <value>null: the preset's own, mostly 0.5</value>
    public double? HorizontalFlip { get; init; }

    /// <summary>How often an image is mirrored top and bottom, in [0, 1].</summary>
    /// <value>0</value>
    public double VerticalFlip { get; init; }

    /// <summary>The least share of an image's area that a random crop takes, in (0, 1].</summary>
    /// <value>null: 0.08, as torchvision and timm; fastai: 1</value>
    public double? MinimumCrop { get; init; }

    /// <summary>The greatest share of an image's area that a random crop takes, in (0, 1].</summary>
    /// <value>1</value>
    public double MaximumCrop { get; init; } = 1;

    /// <summary>How often a rectangle is erased, in [0, 1]. Zhong et al. 2017, arXiv:1708.04896.</summary>
    /// <value>null: the preset's own, mostly 0</value>
    public double? Erase { get; init; }

    /// <summary>MixUp's alpha. Zhang et al. 2017, arXiv:1710.09412.</summary>
    /// <value>0: no MixUp</value>
    public double MixUp { get; init; }

    /// <summary>CutMix's alpha. Yun et al. 2019, arXiv:1905.04899.</summary>
    /// <value>0: no CutMix</value>
    public double CutMix { get; init; }

    /// <summary>How often a batch is mixed, where MixUp or CutMix is on, in [0, 1].</summary>
    /// <value>1</value>
    public double MixProbability { get; init; } = 1;

    /// <summary>Where both are on: how often CutMix is taken, in [0, 1].</summary>
    /// <value>0.5, as timm</value>
    public double MixSwitch { get; init; } = 0.5;

    /// <summary>Whether batches are mixed.</summary>
    internal bool Mixes => (MixUp > 0 || CutMix > 0) && MixProbability > 0;

    /// <summary>What mixes batches of K classes. The loss smooths labels, not this.</summary>
    internal BatchMixer Mixer(int classes, ulong seed) => new(classes, seed)
    {
        MixUpAlpha = MixUp,
        CutMixAlpha = CutMix,
        Probability = MixProbability,
        SwitchProbability = MixSwitch,
    };

    /// <summary>Checks that every value lies in its range, and that presets and transforms exist.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        Share(HorizontalFlip ?? 0, "horizontal flip");
        Share(VerticalFlip, "vertical flip");
        Share(Erase ?? 0, "erase");
        Share(MixProbability, "mix probability");
        Share(MixSwitch, "mix switch");
        Require(MinimumCrop is null or (> 0 and <= 1), $"smallest crop: expected above 0 and at most 1, came {MinimumCrop}.");
        Require(
            MaximumCrop is > 0 and <= 1 && MaximumCrop >= (MinimumCrop ?? 0),
            $"largest crop: expected at most 1 and at least the smallest, came {MaximumCrop}.");
        Require(MixUp is >= 0 and <= 100, $"MixUp's alpha: expected from 0 to 100, came {MixUp}.");
        Require(CutMix is >= 0 and <= 100, $"CutMix's alpha: expected from 0 to 100, came {CutMix}.");
        if (Transforms is not null && Preset is not null)
            throw new ArgumentException($"augmentation: a preset ({Preset}) and a list of transforms exclude each other.");
        Preprocess any = Preprocess.ImageNet();
        if (Transforms is not null)
            foreach (TransformSettings transform in Transforms) AugmentationList.Create(transform, any);
        if (Preset is not null) AugmentationPresets.Build(Preset, this, any);
    }

    static void Share(double value, string name) =>
        Require(value is >= 0 and <= 1, $"{name}: expected from 0 to 1, came {value}.");

    static void Require(bool holds, FormattableString message)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(message));
    }
}
