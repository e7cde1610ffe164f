namespace Graft.Imaging;

/// <summary>Shows masks to people: in the classes' colours, over the photograph, with a legend. Serves all threads.</summary>
/// <param name="names">The names of the classes, by number.</param>
/// <param name="colors">Their colours. <value>null: those of <see cref="MaskPalette"/></value></param>
public sealed class MaskPainter(IReadOnlyList<string> names, IReadOnlyList<RgbColor>? colors = null)
{
    const int Scale = 2, Swatch = PixelFont.Height * Scale, Gap = 8, Line = Swatch + Gap;

    static readonly RgbColor ink = new(40, 40, 40);

    readonly RgbColor[] colors = [.. names.Select((_, number) =>
        number < colors?.Count ? colors[number] : MaskPalette.Voc(number))];

    /// <summary>The names of the classes, by number.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Their colours.</summary>
    public IReadOnlyList<RgbColor> Colors => colors;

    /// <summary>How much of the colour an overlay shows, from 0 (the photograph) to 1 (the colour). <value>0.5</value></summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>Whether overlays draw the borders between classes in their full colours. <value>true</value></summary>
    public bool Outlines { get; init; } = true;

    /// <summary>What colour masks show for ignored pixels; overlays leave them as they are. <value>White</value></summary>
    public RgbColor Ignored { get; init; } = new(255, 255, 255);

    /// <summary>The mask as a picture: each pixel in its class's colour.</summary>
    public Image Paint(IndexMask mask)
    {
        Image image = Image.Uninitialized(mask.Width, mask.Height);
        ReadOnlySpan<ushort> values = mask.Pixels;
        Span<byte> rgb = image.Rgb;
        for (int i = 0, at = 0; i < values.Length; i++, at += 3)
        {
            RgbColor color = ColorOf(values[i]);
            (rgb[at], rgb[at + 1], rgb[at + 2]) = (color.Red, color.Green, color.Blue);
        }
        return image;
    }

    /// <summary>The photograph with the classes' colours laid over it.</summary>
    /// <param name="image">The photograph; unchanged.</param>
    /// <param name="mask">A mask of its size.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public Image Overlay(Image image, IndexMask mask)
    {
        if (image.Width != mask.Width || image.Height != mask.Height)
            throw new ArgumentException(
                $"overlay: expected a mask of {image.Width} x {image.Height}, found {mask.Width} x {mask.Height}.");
        int share = (int)Math.Round(Math.Clamp(Opacity, 0, 1) * 256);
        Image result = image.Clone();
        for (int y = 0; y < mask.Height; y++)
        {
            ReadOnlySpan<ushort> row = mask.Row(y), below = mask.Row(Math.Min(y + 1, mask.Height - 1));
            Span<byte> rgb = result.Row(y);
            for (int x = 0, at = 0; x < row.Length; x++, at += 3)
            {
                ushort value = row[x];
                if (value == IndexMask.Ignore) continue;
                RgbColor color = ColorOf(value);
                bool edge = Outlines && (below[x] != value || (x + 1 < row.Length && row[x + 1] != value));
                int its = edge ? 256 : share;
                rgb[at] = Blend(rgb[at], color.Red, its);
                rgb[at + 1] = Blend(rgb[at + 1], color.Green, its);
                rgb[at + 2] = Blend(rgb[at + 2], color.Blue, its);
            }
        }
        return result;
    }

    /// <summary>The numbers of the classes that a mask has, in order.</summary>
    public int[] ClassesOf(IndexMask mask)
    {
        bool[] has = new bool[names.Count];
        foreach (ushort value in mask.Pixels)
            if (value < has.Length) has[value] = true;
        return [.. Enumerable.Range(0, has.Length).Where(number => has[number])];
    }

    /// <summary>Names beside patches of their colours, in lines.</summary>
    /// <param name="width">Width of the picture, in pixels.</param>
    /// <param name="classes">The numbers of those to show. <value>null: all</value></param>
    public Image Legend(int width, IReadOnlyList<int>? classes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        List<(int Class, int Left, int Top)> places = [];
        int left = Gap, top = Gap;
        foreach (int number in classes ?? [.. Enumerable.Range(0, names.Count)])
        {
            int takes = Swatch + Gap + names[number].Length * PixelFont.Advance * Scale + Gap;
            if (left > Gap && left + takes > width) (left, top) = (Gap, top + Line);
            places.Add((number, left, top));
            left += takes;
        }
        Image legend = new(width, top + Line);
        legend.Rgb.Fill(255);
        foreach ((int number, int x, int y) in places)
        {
            Fill(legend, x, y, ink, Swatch);
            Fill(legend, x + 1, y + 1, colors[number], Swatch - 2);
            PixelFont.Write(legend, x + Swatch + Gap, y, names[number], Scale, ink);
        }
        return legend;
    }

    /// <summary>A picture with the legend of its classes below it.</summary>
    /// <param name="image">The picture; unchanged.</param>
    /// <param name="classes">The numbers of those to show. <value>null: all</value></param>
    public Image WithLegend(Image image, IReadOnlyList<int>? classes = null)
    {
        using Image legend = Legend(image.Width, classes);
        Image result = Image.Uninitialized(image.Width, image.Height + legend.Height);
        image.Rgb.CopyTo(result.Rgb);
        legend.Rgb.CopyTo(result.Rgb[image.Rgb.Length..]);
        return result;
    }

    RgbColor ColorOf(ushort value) =>
        value < colors.Length ? colors[value] : value == IndexMask.Ignore ? Ignored : MaskPalette.Voc(value);

    static byte Blend(byte from, byte to, int share) => (byte)(from + ((to - from) * share + 128 >> 8));

    static void Fill(Image image, int left, int top, RgbColor color, int side)
    {
        for (int y = top; y < Math.Min(top + side, image.Height); y++)
        {
            int from = Math.Min(left, image.Width), to = Math.Min(left + side, image.Width);
            Image.Fill(image.Row(y)[(from * 3)..(to * 3)], color.Red, color.Green, color.Blue);
        }
    }
}
