namespace Graft.Imaging;

public sealed partial record Preprocess
{
    /// <summary>The picture that a network's input shows: normalisation undone, and what has no byte clipped to one.</summary>
    /// <param name="values">[C, H, W] as <see cref="Normalize"/> gives it.</param>
    /// <returns>An RGB image, the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">The values are not C x H x W many; of an input of free size, ask
    /// <see cref="For"/> first.</exception>
    public Image Denormalize(ReadOnlySpan<float> values)
    {
        int plane = Width * Height;
        if (values.Length != plane * Channels)
            throw new ArgumentException($"expected {Channels} x {Height} x {Width} values, got {values.Length}", nameof(values));
        Image image = Image.Uninitialized(Width, Height);
        Span<byte> rgb = image.Rgb;
        for (int channel = 0; channel < 3; channel++)
        {
            int table = Grey ? 0 : SwapRedBlue ? 2 - channel : channel;
            float first = Value(table, 0), step = (Value(table, 255) - first) / 255;
            ReadOnlySpan<float> from = values.Slice(table * plane, plane);
            for (int i = 0; i < plane; i++)
                rgb[i * 3 + channel] = (byte)Math.Clamp(MathF.Round((from[i] - first) / step), 0, 255);
        }
        return image;
    }
}
