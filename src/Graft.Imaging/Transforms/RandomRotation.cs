namespace Graft.Imaging;

/// <summary>
/// A rotation by a random angle at the image's own size, by torchvision's parameters and Pillow's pixels. One draw: the angle.
/// </summary>
/// <param name="Degrees">Angles, counter-clockwise; torchvision's single number x is -x to x.</param>
/// <param name="Interpolation">Nearest, bilinear or bicubic. <value>Nearest.</value></param>
/// <param name="Center">The point that stays, in pixels; the middle when null. <value>null.</value></param>
/// <param name="Fill">Colour of what has no source. <value>Black.</value></param>
public sealed record RandomRotation(
    Interval Degrees, Interpolation Interpolation = Interpolation.Nearest, (double X, double Y)? Center = null,
    RgbColor Fill = default) : IImageTransform
{
    /// <summary>Angles.</summary>
    public Interval Degrees { get; init; } = Degrees.Check("degrees");

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) =>
        Warp.Rotate(image, Draw(ref random), Interpolation, Center, Fill);

    /// <summary>The angle.</summary>
    public double Draw(ref SampleRandom random) => Degrees.Draw(ref random);
}
