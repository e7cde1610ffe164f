namespace Graft.Imaging;

/// <summary>One operation of automatic augmentation with its magnitude, sign included.</summary>
/// <param name="Operation">What.</param>
/// <param name="Magnitude">How much, in the operation's own unit.</param>
public readonly record struct AugmentStep(AugmentOperation Operation, double Magnitude)
{
    /// <summary>A new image with the operation done, to the byte as torchvision does it for a Pillow image.</summary>
    /// <param name="image">The source; unchanged. It is itself the result of <see cref="AugmentOperation.Identity"/>.</param>
    /// <param name="filter">Nearest, bilinear or bicubic, for shears, shifts and turns.</param>
    /// <param name="fill">Colour of what has no source.</param>
    public Image Apply(Image image, Interpolation filter = Interpolation.Nearest, RgbColor fill = default) => Operation switch
    {
        AugmentOperation.Identity => image,
        AugmentOperation.ShearX => Move(image, (0, 0), (0, 0), (Degrees(Magnitude), 0), filter, fill),
        AugmentOperation.ShearY => Move(image, (0, 0), (0, 0), (0, Degrees(Magnitude)), filter, fill),
        AugmentOperation.TranslateX => Move(image, Middle(image), ((int)Magnitude, 0), (0, 0), filter, fill),
        AugmentOperation.TranslateY => Move(image, Middle(image), (0, (int)Magnitude), (0, 0), filter, fill),
        AugmentOperation.Rotate => Warp.Rotate(image, Magnitude, filter, fill: fill),
        AugmentOperation.Brightness => Tone.Brightness(image, 1 + Magnitude),
        AugmentOperation.Color => Tone.Saturation(image, 1 + Magnitude),
        AugmentOperation.Contrast => Tone.Contrast(image, 1 + Magnitude),
        AugmentOperation.Sharpness => Sharpen.Apply(image, 1 + Magnitude),
        AugmentOperation.Posterize => Tone.Posterize(image, (int)Magnitude),
        AugmentOperation.Solarize => Tone.Solarize(image, Magnitude),
        AugmentOperation.AutoContrast => Tone.Autocontrast(image),
        AugmentOperation.Equalize => Tone.Equalize(image),
        AugmentOperation.Invert => Tone.Invert(image),
        _ => throw new InvalidOperationException($"{Operation}: no such operation"),
    };

    /// <summary>One operation after another; what lies between is disposed.</summary>
    internal static Image ApplyAll(
        ReadOnlySpan<AugmentStep> steps, Image image, Interpolation filter, RgbColor fill)
    {
        Image current = image;
        foreach (AugmentStep step in steps)
        {
            Image next = step.Apply(current, filter, fill);
            if (!ReferenceEquals(next, current) && !ReferenceEquals(current, image)) current.Dispose();
            current = next;
        }
        return current;
    }

    static Image Move(
        Image image, (double, double) center, (double, double) translate, (double, double) shear, Interpolation filter,
        RgbColor fill) => Warp.Affine(image, AffineMatrix.Inverse(center, 0, translate, 1, shear), filter, fill);

    static (double, double) Middle(Image image) => (image.Width * 0.5, image.Height * 0.5);

    /// <summary>The angle of a shear given as a slope.</summary>
    static double Degrees(double slope) => Math.Atan(slope) * (180 / Math.PI);
}
