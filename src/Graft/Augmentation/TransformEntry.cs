using Graft.Imaging;

namespace Graft;

/// <summary>A transform that can be chosen by name.</summary>
/// <param name="Name">Its name, such as <c>rotate</c>.</param>
/// <param name="Summary">What it does to an image.</param>
/// <param name="Parameters">What it can be given.</param>
public sealed record TransformEntry(string Name, string Summary, IReadOnlyList<TransformParameter> Parameters)
{
    /// <summary>Makes it, from checked arguments.</summary>
    internal Func<TransformArguments, IImageTransform> Make { get; init; } = null!;
}
