using Graft.Imaging;
using Graft.Models;

namespace Graft;

/// <summary>Where in one image a model looked, and for what.</summary>
public sealed record Explanation : IDisposable
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The class that is explained.</summary>
    public required Prediction Class { get; init; }

    /// <summary>The class that the model finds most probable.</summary>
    public required Prediction Predicted { get; init; }

    /// <summary>How much each region counts.</summary>
    public required Heatmap Heat { get; init; }

    /// <summary>The image as the network saw it: resized and cropped.</summary>
    public required Image Seen { get; init; }

    /// <summary>Frees the image.</summary>
    public void Dispose() => Seen.Dispose();
}
