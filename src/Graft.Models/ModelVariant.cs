using Graft.Imaging;

namespace Graft.Models;

/// <summary>A named architecture of an origin: <c>timm:resnet18</c>.</summary>
public sealed class ModelVariant
{
    readonly Func<ModelConfig> config;
    readonly Func<Preprocess> preprocess;

    internal ModelVariant(
        Origin origin, string name, ModelFamily family, long parameters, Func<ModelConfig> config, Func<Preprocess> preprocess)
    {
        Origin = origin;
        Name = name;
        Family = family;
        Parameters = parameters;
        this.config = config;
        this.preprocess = preprocess;
    }

    /// <summary>Whose architecture and names it follows.</summary>
    public Origin Origin { get; }

    /// <summary>The origin's own name: <c>resnet18</c>.</summary>
    public string Name { get; }

    /// <summary>Origin and name: <c>timm:resnet18</c>.</summary>
    public string FullName => $"{Origin.ShortName()}:{Name}";

    /// <summary>The family it belongs to.</summary>
    public ModelFamily Family { get; }

    /// <summary>The number of trained parameters, with the origin's own number of classes.</summary>
    public long Parameters { get; }

    /// <summary>How it is built.</summary>
    public ModelConfig Config => config();

    /// <summary>How its origin prepares images, where a file of weights doesn't say.</summary>
    public Preprocess Preprocess => preprocess();

    /// <summary>Whether it gives a class for every pixel, not one answer for an image.</summary>
    public bool Segments => Family.Segments(Config);

    /// <summary>The licence under which the origin publishes its code and, as a rule, its weights.</summary>
    public string Licence => Origin switch
    {
        Origin.TorchVision => "BSD-3-Clause",
        Origin.Facebook => "MIT",
        Origin.Cifar => "BSD-2-Clause",
        _ => "Apache-2.0",
    };

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
