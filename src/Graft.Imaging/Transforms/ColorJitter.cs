namespace Graft.Imaging;

/// <summary>
/// Random brightness, contrast, saturation and hue in a random order, by torchvision's parameters and Pillow's pixels. The draws,
/// in torchvision's order: the order of the four; then the factors of brightness, contrast and saturation and the turn of the
/// hue, each only where it is set.
/// </summary>
public sealed record ColorJitter : IImageTransform
{
    /// <summary>Single numbers, as in torchvision: factors from max(0, 1 - x) to 1 + x, turns from -x to x.</summary>
    /// <param name="brightness">Change of the brightness, 0 or more. <value>0.</value></param>
    /// <param name="contrast">Change of the contrast, 0 or more. <value>0.</value></param>
    /// <param name="saturation">Change of the saturation, 0 or more. <value>0.</value></param>
    /// <param name="hue">Turn of the hue, 0 to 0.5 of the circle. <value>0.</value></param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0) : this(
        Factors("brightness", brightness), Factors("contrast", contrast), Factors("saturation", saturation),
        hue == 0 ? null : Interval.Around0(hue))
    {
    }

    /// <summary>Ranges; null where nothing is to change.</summary>
    /// <param name="brightness">Factors, 0 or more.</param>
    /// <param name="contrast">Factors, 0 or more.</param>
    /// <param name="saturation">Factors, 0 or more.</param>
    /// <param name="hue">Turns, -0.5 to 0.5 of the circle.</param>
    /// <exception cref="ArgumentException">A range is empty or out of its bounds.</exception>
    public ColorJitter(Interval? brightness, Interval? contrast, Interval? saturation, Interval? hue)
    {
        Brightness = brightness?.Check("brightness", 0);
        Contrast = contrast?.Check("contrast", 0);
        Saturation = saturation?.Check("saturation", 0);
        Hue = hue?.Check("hue", -0.5, 0.5);
    }

    /// <summary>Factors of the brightness.</summary>
    public Interval? Brightness { get; }

    /// <summary>Factors of the contrast.</summary>
    public Interval? Contrast { get; }

    /// <summary>Factors of the saturation.</summary>
    public Interval? Saturation { get; }

    /// <summary>Turns of the hue.</summary>
    public Interval? Hue { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Draw(ref random).Apply(image);

    /// <summary>The change.</summary>
    public ColorJitterDraw Draw(ref SampleRandom random)
    {
        Span<byte> order = [0, 1, 2, 3];
        for (int i = 3; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return new(
            (order[0], order[1], order[2], order[3]), Brightness?.Draw(ref random), Contrast?.Draw(ref random),
            Saturation?.Draw(ref random), Hue?.Draw(ref random));
    }

    static Interval? Factors(string name, double change)
    {
        if (!(change >= 0)) throw new ArgumentException($"{name} {change}: expected 0 or more");
        return change == 0 ? null : new Interval(Math.Max(0, 1 - change), 1 + change);
    }
}
