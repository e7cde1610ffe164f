using System.Runtime.CompilerServices;

namespace Graft.Imaging;

/// <summary>
/// Everything between a decoded image and a network's input: it travels with the weights, from the origin's own file into the
/// saved
/// model. Geometry works on bytes and is exact; normalisation is computed in the origin's order of operations, in float32.
/// </summary>
public sealed partial record Preprocess
{
    /// <summary>Height of the network's input; with <see cref="FreeSize"/>, of a square image's.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the network's input; with <see cref="FreeSize"/>, of a square image's.</summary>
    public required int Width { get; init; }

    /// <summary>How the image is resized. <value><see cref="ResizeMode.ShortestEdge"/>.</value></summary>
    public ResizeMode ResizeMode { get; init; } = ResizeMode.ShortestEdge;

    /// <summary>
    /// Target of the resize: its height, or the shorter side for <see cref="ResizeMode.ShortestEdge"/>. <value>0: <see
    /// cref="Height"/>.</value>
    /// </summary>
    public int ResizeHeight { get; init; }

    /// <summary>Target width of the resize. <value>0: like <see cref="ResizeHeight"/>.</value></summary>
    public int ResizeWidth { get; init; }

    /// <summary>
    /// Cuts <see cref="Height"/> x <see cref="Width"/> out of the middle, or pads to it. Without it, an image that the resize
    /// does not
    /// bring to that size is refused. <value>true.</value>
    /// </summary>
    public bool CenterCrop { get; init; } = true;

    /// <summary>
    /// The input is the whole resized image, whose size follows the image's (<see cref="OutputSize"/>): nothing is cut off and
    /// nothing is added. For networks that take any size, as those that classify every pixel do. <value>false.</value>
    /// </summary>
    public bool FreeSize { get; init; }

    /// <summary>Where an odd centre crop lies. <value><see cref="CropRounding.HalfToEven"/>.</value></summary>
    public CropRounding CropRounding { get; init; } = CropRounding.HalfToEven;

    /// <summary>Filter of the resize. <value><see cref="Interpolation.Bilinear"/>.</value></summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>
    /// Colour of what a crop adds around a smaller image, RGB in 0..255; applied before normalisation. <value>Black.</value>
    /// </summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; }

    /// <summary>Arithmetic of the rescale. <value><see cref="PixelArithmetic.Divide"/>.</value></summary>
    public PixelArithmetic Arithmetic { get; init; } = PixelArithmetic.Divide;

    /// <summary>
    /// Factor from bytes to floats, for <see cref="PixelArithmetic.Multiply"/>. <value>1/255: RGB in [0, 1].</value>
    /// </summary>
    public double RescaleFactor { get; init; } = 1 / 255.0;

    /// <summary>Subtracted after the rescale (Hugging Face's rescale_offset subtracts 1). <value>0.</value></summary>
    public float RescaleOffset { get; init; }

    /// <summary>Mean of the channels, in the network's channel order, 3 values. <value>ImageNet's.</value></summary>
    public IReadOnlyList<float> Mean { get; init; } = ImageNetMean;

    /// <summary>Standard deviation of the channels, 3 values. <value>ImageNet's.</value></summary>
    public IReadOnlyList<float> Std { get; init; } = ImageNetStd;

    /// <summary>Divides by std a second time (Hugging Face's EfficientNet with include_top). <value>false.</value></summary>
    public bool SecondDivision { get; init; }

    /// <summary>Gives the channels as blue, green, red. <value>false.</value></summary>
    public bool SwapRedBlue { get; init; }

    /// <summary>
    /// Gives one channel, the luma of ITU-R 601 as Pillow's mode L has it, with the mean and deviation of the first channel.
    /// <value>false.</value>
    /// </summary>
    public bool Grey { get; init; }

    /// <summary>How many channels it gives: 3, or 1 for <see cref="Grey"/>.</summary>
    public int Channels => Grey ? 1 : 3;

    /// <summary>The same for a network of grey images: one channel, the average of mean and deviation.</summary>
    public Preprocess ToGrey()
    {
        float mean = (Mean[0] + Mean[1] + Mean[2]) / 3, std = (Std[0] + Std[1] + Std[2]) / 3;
        return this with { Grey = true, Mean = [mean, mean, mean], Std = [std, std, std] };
    }

    /// <summary>Mean of ImageNet's pixels in [0, 1].</summary>
    public static IReadOnlyList<float> ImageNetMean { get; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of ImageNet's pixels in [0, 1].</summary>
    public static IReadOnlyList<float> ImageNetStd { get; } = [0.229f, 0.224f, 0.225f];

    /// <summary>
    /// The usual evaluation of ImageNet networks: shorter side to size / 0.875, centre crop, bilinear, ImageNet's statistics.
    /// </summary>
    public static Preprocess ImageNet(int size = 224, Interpolation interpolation = Interpolation.Bilinear) =>
        TorchVision(size, (int)Math.Floor(size / 0.875), interpolation);

    /// <summary>torchvision's ImageClassification preset.</summary>
    public static Preprocess TorchVision(
        int cropSize = 224, int resizeSize = 256, Interpolation interpolation = Interpolation.Bilinear) =>
        new() { Height = cropSize, Width = cropSize, ResizeHeight = resizeSize, Interpolation = interpolation };

    /// <summary>torchvision's SemanticSegmentation preset: the shorter side to that size, the whole image.</summary>
    public static Preprocess TorchVisionSegmentation(int size = 520) =>
        new() { Height = size, Width = size, FreeSize = true, CenterCrop = false };

    // Built on first use. A copy made by "with" takes the field along, so a table is only good for the record that built it.
    Lookup? lookup;

    sealed record Lookup(Preprocess Owner, float[] Values); // [3, 256]

    float[] Table
    {
        get
        {
            Lookup? known = lookup;
            if (known is null || !ReferenceEquals(known.Owner, this)) lookup = known = new(this, BuildTable());
            return known.Values;
        }
    }

    /// <summary>
    /// Resizes and crops: bytes to bytes, exactly of <see cref="OutputSize"/>. The source stays as it is.
    /// </summary>
    /// <returns>A new image, the caller's to dispose.</returns>
    /// <exception cref="InvalidDataException">Without resize and crop, the image has not the network's size.</exception>
    public Image ApplyGeometry(Image image)
    {
        (int width, int height) = ResizedSize(image.Width, image.Height);
        if (FreeSize)
            return Resize.Window(
                image, width, height, Interpolation, (0, 0, image.Width, image.Height), 0, 0, width, height);
        int left = 0, top = 0;
        if (CenterCrop)
        {
            left = Offset(width, Width);
            top = Offset(height, Height);
        }
        else if (width != Width || height != Height)
        {
            throw new InvalidDataException(
                $"an image of {image.Width} x {image.Height} does not come to the network's {Width} x {Height}: "
                + $"its preprocessing makes it {width} x {height} and does not crop");
        }
        // Only what the crop keeps is computed.
        int x = Math.Max(left, 0), y = Math.Max(top, 0);
        int keptWidth = Math.Min(left + Width, width) - x, keptHeight = Math.Min(top + Height, height) - y;
        Image kept = Resize.Window(
            image, width, height, Interpolation, (0, 0, image.Width, image.Height), x, y, keptWidth, keptHeight);
        if (keptWidth == Width && keptHeight == Height) return kept;
        Image padded = Image.Uninitialized(Width, Height);
        Image.Copy(kept, padded, Math.Min(left, 0), Math.Min(top, 0), Fill.Red, Fill.Green, Fill.Blue);
        kept.Dispose();
        return padded;
    }

    /// <summary>The size that the resize, before any crop, gives an image of this size.</summary>
    public (int Width, int Height) ResizedSize(int width, int height)
    {
        (int targetHeight, int targetWidth) = ResizeTarget;
        switch (ResizeMode)
        {
            case ResizeMode.Exact:
                return (targetWidth, targetHeight);
            case ResizeMode.ShortestEdge when targetWidth == targetHeight:
                int shorter = Math.Min(width, height), longer = Math.Max(width, height);
                // truncated, and multiplied before it is divided, as all origins do
                int follows = (int)((double)((long)targetHeight * longer) / shorter);
                return width <= height ? (targetHeight, follows) : (follows, targetHeight);
            case ResizeMode.ShortestEdge or ResizeMode.Border:
                double ratioHeight = (double)height / targetHeight, ratioWidth = (double)width / targetWidth;
                double ratio = ResizeMode == ResizeMode.Border ? Math.Max(
                    ratioHeight, ratioWidth) : Math.Min(ratioHeight, ratioWidth);
                return (Math.Max(1, (int)Math.Round(width / ratio)), Math.Max(1, (int)Math.Round(height / ratio)));
            default:
                return (width, height);
        }
    }

    /// <summary>The size of the network's input for an image of this size.</summary>
    public (int Width, int Height) OutputSize(int width, int height) => FreeSize ? ResizedSize(width, height) : (Width, Height);

    /// <summary>
    /// The same for images of one size, as fixed sizes: with <see cref="FreeSize"/>, what comes of an image of this size; else
    /// this record itself.
    /// </summary>
    public Preprocess For(int width, int height)
    {
        if (!FreeSize) return this;
        (int outputWidth, int outputHeight) = ResizedSize(width, height);
        return this with
        {
            Height = outputHeight,
            Width = outputWidth,
            ResizeMode = ResizeMode == ResizeMode.None ? ResizeMode.None : ResizeMode.Exact,
            ResizeHeight = 0,
            ResizeWidth = 0,
            FreeSize = false,
        };
    }

    (int Height, int Width) ResizeTarget =>
        (ResizeHeight > 0 ? ResizeHeight : Height, ResizeWidth > 0 ? ResizeWidth : ResizeHeight > 0 ? ResizeHeight : Width);

    int Offset(int size, int crop)
    {
        int spare = size - crop;
        if (CropRounding == CropRounding.Floor) return spare >= 0 ? spare / 2 : -((1 - spare) / 2);
        return spare >= 0 ? (int)Math.Round(spare / 2.0) : -(-spare / 2);
    }

    /// <summary>
    /// Normalises an image of the network's size (with <see cref="FreeSize"/> of any) into <paramref name="destination"/>, planes
    /// one after another: [C, H, W] float32.
    /// </summary>
    /// <exception cref="ArgumentException">The image has not the network's size, or the destination is not C x H x W
    /// long.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Normalize(Image image, Span<float> destination)
    {
        RequireSize(image);
        int plane = image.Width * image.Height;
        if (destination.Length != plane * Channels)
            throw new ArgumentException(
                $"expected room for {Channels} x {image.Height} x {image.Width} = {plane * Channels} floats, got " +
                $"{destination.Length}");
        float[] values = Table;
        if (Grey)
        {
            ReadOnlySpan<byte> pixels = image.Rgb;
            for (int i = 0, at = 0; i < plane; i++, at += 3)
                destination[i] = values[(pixels[at] * 19595 + pixels[at + 1] * 38470 + pixels[at + 2] * 7471 + 0x8000) >> 16];
            return;
        }
        fixed (byte* rgb = image.Pixels)
        fixed (float* to = destination, channels = values)
        {
            // the table's channels are the network's; its first one reads red or, swapped, blue
            byte* first = rgb + (SwapRedBlue ? 2 : 0), third = rgb + (SwapRedBlue ? 0 : 2), second = rgb + 1;
            float* one = to, two = to + plane, three = to + 2L * plane;
            for (int i = 0, at = 0; i < plane; i++, at += 3)
            {
                one[i] = channels[first[at]];
                two[i] = channels[256 + second[at]];
                three[i] = channels[512 + third[at]];
            }
        }
    }

    void RequireSize(Image image)
    {
        if (!FreeSize && (image.Width != Width || image.Height != Height))
            throw new ArgumentException(
                $"expected an image of {Width} x {Height}, got {image.Width} x {image.Height}: apply the geometry first");
    }

    /// <summary>Geometry and normalisation of a decoded image into [C, H, W] float32.</summary>
    public void Apply(Image image, Span<float> destination)
    {
        using Image shaped = ApplyGeometry(image);
        Normalize(shaped, destination);
    }

    /// <summary>The value that a byte of a channel (in the network's order) becomes.</summary>
    public float Value(int channel, byte pixel) => Table[channel * 256 + pixel];

    float[] BuildTable()
    {
        if (Mean.Count != 3 || Std.Count != 3)
            throw new InvalidDataException($"expected mean and std of 3 channels, got {Mean.Count} and {Std.Count}");
        float[] values = new float[3 * 256];
        for (int channel = 0; channel < 3; channel++)
        {
            for (int pixel = 0; pixel < 256; pixel++)
            {
                float value = Arithmetic == PixelArithmetic.Divide ? pixel / 255f : (float)(pixel * RescaleFactor);
                if (RescaleOffset != 0) value -= RescaleOffset;
                value = (value - Mean[channel]) / Std[channel];
                if (SecondDivision) value = value / Std[channel];
                values[channel * 256 + pixel] = value;
            }
        }
        return values;
    }

    // The table is a cache: two records with the same settings are equal with or without it.

    /// <summary>Equal settings; means and deviations are compared value by value.</summary>
    public bool Equals(Preprocess? other) =>
        other is not null && Geometry == other.Geometry && Values == other.Values
        && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Geometry, Values);

    (int, int, ResizeMode, int, int, bool, bool, CropRounding) Geometry =>
        (Height, Width, ResizeMode, ResizeHeight, ResizeWidth, CenterCrop, FreeSize, CropRounding);

    (Interpolation, (byte, byte, byte), PixelArithmetic, double, float, bool, bool, bool) Values =>
        (Interpolation, Fill, Arithmetic, RescaleFactor, RescaleOffset, SecondDivision, SwapRedBlue, Grey);
}
