using Graft.Imaging;

namespace Graft.Models;

/// <summary>Weights that an origin publishes under a name of its own: <c>torchvision:resnet50:IMAGENET1K_V2</c>.</summary>
public sealed partial record PublishedWeights
{
    /// <summary>Who publishes them, and whose architecture and names they follow.</summary>
    public required Origin Origin { get; init; }

    /// <summary>The architecture, by the origin's own name: <c>resnet50</c>.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Which weights of that architecture: torchvision's enum (<c>IMAGENET1K_V2</c>), timm's tag (<c>a1_in1k</c>); empty where
    /// the origin has one only.
    /// </summary>
    public required string Tag { get; init; }

    /// <summary>
    /// Where they lie: a file of torchvision's server (<c>resnet50-11ad3fa6.pth</c>), or a repository of the Hugging Face Hub
    /// (<c>timm/resnet50.a1_in1k</c>).
    /// </summary>
    public required string Location { get; init; }

    /// <summary>Trained parameters, as the origin states them; timm's are rounded to ten thousand.</summary>
    /// <value>null: not stated</value>
    public long? Parameters { get; init; }

    /// <summary>Multiply-adds of one image at <see cref="InputSize"/>, as the origin states them.</summary>
    /// <value>null: not stated</value>
    public long? MultiplyAdds { get; init; }

    /// <summary>Accuracy on ImageNet-1k's validation images, in percent.</summary>
    /// <value>null: not stated</value>
    public double? Top1 { get; init; }

    /// <summary>Share of ImageNet-1k's validation images whose class is among the five likeliest, in percent.</summary>
    /// <value>null: not stated</value>
    public double? Top5 { get; init; }

    /// <summary>
    /// For segmentation: the mean over the classes of intersection over union, in percent, on the validation images of the data
    /// that they were made for; torchvision's are those of COCO's images that have one of Pascal VOC's classes.
    /// </summary>
    /// <value>null: not stated, or for classification</value>
    public double? MeanIou { get; init; }

    /// <summary>For segmentation: the share of those images' pixels whose class is found, in percent.</summary>
    /// <value>null: not stated, or for classification</value>
    public double? PixelAccuracy { get; init; }

    /// <summary>The names of the classes, in the order of the logits, where the file itself has none.</summary>
    /// <value>null: not known</value>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Who says so: <c>torchvision 0.27.0</c>, the file of timm's results, the authors' own page.</summary>
    /// <value>null: nobody does</value>
    public string? AccuracySource { get; init; }

    /// <summary>Where the training of these weights is described; null where the origin does not say.</summary>
    public string? Recipe { get; init; }

    /// <summary>The licence of the weights, by its SPDX name.</summary>
    public required string Licence { get; init; }

    /// <summary>Height and width of the images with which the accuracy was measured.</summary>
    public required int InputSize { get; init; }

    /// <summary>The least height and width that the network takes.</summary>
    /// <value>1</value>
    public int LeastSize { get; init; } = 1;

    /// <summary>How images are prepared for these weights.</summary>
    /// <value>null: the repository's own configuration says so</value>
    public Preprocess? Preprocess { get; init; }

    /// <summary>Whether the origin takes these weights where only the architecture is named.</summary>
    /// <value>false</value>
    public bool IsDefault { get; init; }

    /// <summary>The whole name, as <c>--model</c> takes it.</summary>
    public string FullName => Origin switch
    {
        Origin.TorchVision => $"torchvision:{Model}:{Tag}",
        _ => Location,
    };

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
