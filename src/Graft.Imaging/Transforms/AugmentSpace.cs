namespace Graft.Imaging;

/// <summary>
/// The operations of an automatic policy and their magnitudes in torchvision's numbers: even steps in single precision from
/// nothing to the greatest, some with a random sign.
/// </summary>
sealed record AugmentSpace
{
    static readonly AugmentOperation[] wide =
    [
        AugmentOperation.Identity, AugmentOperation.ShearX, AugmentOperation.ShearY, AugmentOperation.TranslateX,
        AugmentOperation.TranslateY, AugmentOperation.Rotate, AugmentOperation.Brightness, AugmentOperation.Color,
        AugmentOperation.Contrast, AugmentOperation.Sharpness, AugmentOperation.Posterize, AugmentOperation.Solarize,
        AugmentOperation.AutoContrast, AugmentOperation.Equalize,
    ];

    /// <summary>AutoAugment's and RandAugment's.</summary>
    public static AugmentSpace Standard { get; } = new();

    public static AugmentSpace Trivial { get; } = new()
    { Shear = 0.99, ShiftShare = 0, ShiftPixels = 32, Rotate = 135, Enhance = 0.99, PosterizeSpan = 6 };

    public static AugmentSpace AugMix { get; } = new() { ShiftShare = 1 / 3.0, PosterizeStart = 4, Operations = MixOperations() };

    public static AugmentSpace AugMixWithoutColours { get; } = AugMix with { Operations = MixOperations()[..9] };

    /// <summary>What is drawn from, in torchvision's order.</summary>
    public AugmentOperation[] Operations { get; init; } = wide;

    public double Shear { get; init; } = 0.3;

    /// <summary>Greatest shift as a share of the side.</summary>
    public double ShiftShare { get; init; } = 150.0 / 331.0;

    /// <summary>Greatest shift in pixels, where the share is 0.</summary>
    public double ShiftPixels { get; init; }

    public double Rotate { get; init; } = 30;

    public double Enhance { get; init; } = 0.9;

    public int PosterizeStart { get; init; } = 8;

    public int PosterizeSpan { get; init; } = 4;

    /// <summary>Whether the operation has magnitudes at all.</summary>
    public static bool HasMagnitude(AugmentOperation operation) => operation is not (
        AugmentOperation.Identity or AugmentOperation.AutoContrast or AugmentOperation.Equalize or AugmentOperation.Invert);

    /// <summary>Whether the operation goes both ways.</summary>
    public static bool IsSigned(AugmentOperation operation) =>
        operation is >= AugmentOperation.ShearX and <= AugmentOperation.Sharpness;

    /// <summary>A magnitude; 0 for operations that have none.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="index">Which, 0 to bins - 1.</param>
    /// <param name="bins">How many there are.</param>
    /// <param name="width">Width of the image, for shifts.</param>
    /// <param name="height">Height of the image, for shifts.</param>
    public double Magnitude(AugmentOperation operation, int index, int bins, int width, int height) => operation switch
    {
        AugmentOperation.ShearX or AugmentOperation.ShearY => Line(0, Shear, index, bins),
        AugmentOperation.TranslateX => Line(0, ShiftShare > 0 ? ShiftShare * width : ShiftPixels, index, bins),
        AugmentOperation.TranslateY => Line(0, ShiftShare > 0 ? ShiftShare * height : ShiftPixels, index, bins),
        AugmentOperation.Rotate => Line(0, Rotate, index, bins),
        AugmentOperation.Brightness or AugmentOperation.Color or AugmentOperation.Contrast or AugmentOperation.Sharpness =>
            Line(0, Enhance, index, bins),
        AugmentOperation.Posterize => PosterizeStart - MathF.Round(index / (float)((bins - 1) / (double)PosterizeSpan)),
        AugmentOperation.Solarize => Line(255, 0, index, bins),
        _ => 0,
    };

    /// <summary>
    /// torch.linspace in float32, to the last bit as its AVX2 code has it: the second half counts from the end, and whole
    /// registers of eight count from their own first value.
    /// </summary>
    static double Line(double from, double to, int index, int bins)
    {
        float start = (float)from, end = (float)to, step = (end - start) / (bins - 1);
        int first = index < bins / 16 * 16 ? index & ~7 : index;
        float value = first < bins / 2
            ? MathF.FusedMultiplyAdd(step, first, start) : MathF.FusedMultiplyAdd(-step, bins - first - 1, end);
        return value + step * (index - first);
    }

    static AugmentOperation[] MixOperations() =>
    [
        AugmentOperation.ShearX, AugmentOperation.ShearY, AugmentOperation.TranslateX, AugmentOperation.TranslateY,
        AugmentOperation.Rotate, AugmentOperation.Posterize, AugmentOperation.Solarize, AugmentOperation.AutoContrast,
        AugmentOperation.Equalize, AugmentOperation.Brightness, AugmentOperation.Color, AugmentOperation.Contrast,
        AugmentOperation.Sharpness,
    ];
}
