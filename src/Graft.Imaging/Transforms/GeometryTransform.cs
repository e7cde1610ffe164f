namespace Graft.Imaging;

/// <summary>
/// The fixed geometry of a <see cref="Imaging.Preprocess"/> as a transform, for evaluation and for training without augmentation.
/// </summary>
/// <param name="Preprocess">Says the geometry.</param>
public sealed record GeometryTransform(Preprocess Preprocess) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Preprocess.ApplyGeometry(image);
}
