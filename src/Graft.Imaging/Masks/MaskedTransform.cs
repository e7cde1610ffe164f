namespace Graft.Imaging;

/// <summary>
/// A transform of pictures on a picture with its mask. One that moves pixels draws once and moves those of both, the mask's by
/// nearest and with <see cref="IndexMask.Ignore"/> where there was nothing; one that only changes colours leaves the mask.
/// </summary>
public sealed class MaskedTransform : IMaskedTransform
{
    readonly IImageTransform image;
    readonly IImageTransform? mask;

    MaskedTransform(IImageTransform image, IImageTransform? mask) => (this.image, this.mask) = (image, mask);

    /// <summary>The transform for pairs.</summary>
    /// <exception cref="ArgumentException">It moves pixels in a way that has no counterpart for masks.</exception>
    public static MaskedTransform Of(IImageTransform transform) => new(transform, transform switch
    {
        RandomHorizontalFlip or RandomVerticalFlip => transform,
        RandomRotation rotation => rotation with { Interpolation = Interpolation.Nearest, Fill = MaskCarrier.Ignore },
        RandomAffine affine => new RandomAffine(
            affine.Degrees, affine.Translate, affine.Scale, affine.ShearX, affine.ShearY, Interpolation.Nearest,
            MaskCarrier.Ignore, affine.Center),
        RandomPerspective perspective => perspective with { Interpolation = Interpolation.Nearest, Fill = MaskCarrier.Ignore },
        RandomResizedCrop crop => new RandomResizedCrop(
            crop.Height, crop.Width, crop.MinimumScale, crop.MaximumScale, crop.MinimumRatio, crop.MaximumRatio,
            Interpolation.Nearest),
        RandomCrop crop => new RandomCrop(
            crop.Height, crop.Width, Border(crop.Padding), crop.PadIfNeeded, crop.Mode, MaskCarrier.Ignore),
        RandomPlacement placement => placement with { Interpolation = Interpolation.Nearest, Fill = (255, 255, 0) },
        GeometryTransform { Preprocess: var shape } => new GeometryTransform(
            shape with { Interpolation = Interpolation.Nearest, Fill = (255, 255, 0) }),
        Pad pad => Border(pad),
        ColorJitter or RandomGrayscale or GaussianBlur or GaussianNoise or RandomGamma or RandomContrast or RandomErasing
            or RandomAdjustSharpness or RandomPosterize or RandomSolarize or RandomAutocontrast or RandomEqualize
            or RandomInvert => null,
        _ => throw new ArgumentException(
            $"{transform.GetType().Name}: moves pixels in a way that masks can't follow. Use hflip, vflip, rotate, affine, "
            + "perspective, crops, and whatever changes colours only."),
    });

    /// <inheritdoc/>
    public MaskedImage Apply(MaskedImage pair, ref SampleRandom random)
    {
        SampleRandom again = random; // draws the same numbers
        Image changed = image.Apply(pair.Image, ref random);
        if (mask is null || ReferenceEquals(changed, pair.Image)) return new(changed, pair.Mask);
        try
        {
            using Image carrier = MaskCarrier.ToImage(pair.Mask);
            return new(changed, MaskCarrier.ToMask(mask.Apply(carrier, ref again)));
        }
        catch
        {
            changed.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => image.ToString() ?? "";

    // A border of one colour is ignored; what a mirrored one shows is of the classes of what it mirrors.
    static Pad? Border(Pad? pad) => pad is null ? null : pad with { Fill = MaskCarrier.Ignore };
}
