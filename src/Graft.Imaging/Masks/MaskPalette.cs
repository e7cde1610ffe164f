namespace Graft.Imaging;

/// <summary>Colours for classes that have none of their own.</summary>
public static class MaskPalette
{
    /// <summary>
    /// The colours of the PASCAL VOC devkit: the bits of the number, lowest first, are dealt out to the high bits of red, green
    /// and blue in turn. 0 is black, 1 dark red, 2 dark green.
    /// </summary>
    /// <param name="number">The class, from 0; from 256 on colours come again.</param>
    public static RgbColor Voc(int number)
    {
        int red = 0, green = 0, blue = 0, left = number & 255;
        for (int bit = 7; left > 0; bit--, left >>= 3)
        {
            red |= (left & 1) << bit;
            green |= (left >> 1 & 1) << bit;
            blue |= (left >> 2 & 1) << bit;
        }
        return new((byte)red, (byte)green, (byte)blue);
    }

    /// <summary>The first colours of <see cref="Voc(int)"/>.</summary>
    public static RgbColor[] Of(int count) => [.. Enumerable.Range(0, count).Select(Voc)];
}
