using Graft.Formats;
using Graft.Imaging;

namespace Graft.Models;

/// <summary>What a folder or file says about the model in it.</summary>
/// <param name="Family">the family</param>
/// <param name="Config">how it is built, with the file's number of classes</param>
/// <param name="Origin">whose model it is</param>
/// <param name="Names">whose names the weights have</param>
/// <param name="Name">the architecture's name; null where sizes decide</param>
/// <param name="Labels">the names of its classes; null where there are none</param>
/// <param name="Preprocess">how images are prepared</param>
/// <param name="File">the weights</param>
sealed record ModelSource(
    ModelFamily Family, ModelConfig Config, Origin Origin, Origin Names, string? Name, IReadOnlyList<string>? Labels,
    Preprocess Preprocess, ArrayFile File)
{
    /// <summary>What its outputs mean.</summary>
    public ModelTask Task { get; init; } = new();
}
