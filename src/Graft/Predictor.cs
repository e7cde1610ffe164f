namespace Graft;

/// <summary>Asks a model what images show.</summary>
/// <param name="model">the model, which stays the caller's</param>
public sealed class Predictor(SavedModel model)
{
    /// <summary>Images that go through the model at once.</summary>
    /// <value>16</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>Threads that decode images.</summary>
    /// <value>0: as many as cores</value>
    public int Workers { get; init; }

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>What the model makes of each image, in their order; an unreadable one gets an <see cref="ImagePrediction.Error"/>.</summary>
    /// <param name="images">files, or folders, of which every image below is taken</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A folder has no images.</exception>
    public IReadOnlyList<ImagePrediction> Predict(IEnumerable<string> images, CancellationToken cancellation = default) =>
        [.. Stream(images, cancellation)];

    /// <summary>What the model makes of one image.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image that can be read.</exception>
    public ImagePrediction Predict(string image) => Predict([image]) is [{ Error: null } only] ? only
        : throw new InvalidDataException($"{image}: not an image that can be read.");

    /// <summary>As <see cref="Predict(IEnumerable{string}, CancellationToken)"/>, each batch as soon as it is there.</summary>
    public IEnumerable<ImagePrediction> Stream(IEnumerable<string> images, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"predicting is not there yet ({model.Path}, {BatchSize}, {Workers}, {IgnoreOrientation})");
}
