using Graft.Models;

namespace Graft;

/// <summary>
/// How a network is trained on masks, beside what all training has in common. Where the images have none, nothing of it counts.
/// </summary>
public sealed record SegmentationSettings
{
    /// <summary>What turns the feature pyramid of a classification model into a class for every pixel.</summary>
    /// <value>null: the model's own, of a segmentation network; of a classification model a U-Net's</value>
    public DecoderKind? Decoder { get; init; }

    /// <summary>Whether an auxiliary head is trained along.</summary>
    /// <value>null: where the weights have one</value>
    public bool? Auxiliary { get; init; }

    /// <summary>What the auxiliary loss is multiplied by.</summary>
    /// <value>0.5, as in torchvision's reference</value>
    public double AuxiliaryWeight { get; init; } = 0.5;

    /// <summary>How many times faster than the head the auxiliary head learns.</summary>
    /// <value>1; torchvision's reference has 10</value>
    public double AuxiliaryRate { get; init; } = 1;

    /// <summary>The size of training crops in pixels.</summary>
    /// <value>null: what the network is made for, at most 480 x 480</value>
    public CropSettings? Crop { get; init; }

    /// <summary>The least factor that training images are scaled by, at random.</summary>
    /// <value>0.5, as in torchvision's reference</value>
    public double MinimumScale { get; init; } = 0.5;

    /// <summary>The greatest factor that training images are scaled by, at random.</summary>
    /// <value>2</value>
    public double MaximumScale { get; init; } = 2;

    /// <summary>The largest share that one class may have of a training crop's pixels; others are drawn in its place, ten
    /// times at most.</summary>
    /// <value>null: 1, any; 0.75 is usual where one class fills most of the images</value>
    public double? ClassCap { get; init; }

    /// <summary>The value of mask pixels that do not count; -1 for none.</summary>
    /// <value>null: what the class list says, else 255 where it is no class</value>
    public int? IgnoreIndex { get; init; }

    /// <summary>A file with the names, values and colours of the classes.</summary>
    /// <value>null: one in the data's folder</value>
    public string? ClassList { get; init; }

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        Require(AuxiliaryWeight is > 0 and <= 100, $"auxiliary weight: expected above 0, came {AuxiliaryWeight}.");
        Require(AuxiliaryRate is > 0 and <= 1000, $"auxiliary rate: expected a factor above 0, came {AuxiliaryRate}.");
        Require(
            Crop is null or { Height: >= 8 and <= 8192, Width: >= 8 and <= 8192 },
            $"crop: expected a height and a width from 8 to 8192, came {Crop?.Height} and {Crop?.Width}.");
        Require(
            MinimumScale is > 0 and <= 100 && MaximumScale is > 0 and <= 100 && MinimumScale <= MaximumScale,
            $"scale: expected two factors above 0, the lesser first, came {MinimumScale} and {MaximumScale}.");
        Require(ClassCap is null or (> 0 and <= 1), $"class cap: expected above 0, at most 1, came {ClassCap}.");
        Require(
            IgnoreIndex is null or (>= -1 and <= 65534),
            $"ignore index: expected from 0 to 65534, or -1 for none, came {IgnoreIndex}.");
        Require(Decoder is null || Enum.IsDefined(Decoder.Value), $"decoder: expected unet, fpn or deeplabv3, came {Decoder}.");
    }

    static void Require(bool holds, FormattableString message) => JobConfig.Require(holds, message);
}
