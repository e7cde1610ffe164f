namespace Graft.Imaging.Pixels;

/// <summary>Pillow's conversion to 8-bit HSV, a shift of the hue's byte, and the conversion back.</summary>
static class HueTurn
{
    // By hue: the sextant, and the place in it as the conversion back computes it.
    static readonly (int Sextant, float Place)[] places = Places();

    /// <param name="from">Pixels.</param>
    /// <param name="to">The changed pixels.</param>
    /// <param name="shift">What is added to the hue, modulo 256.</param>
    public static void Apply(ReadOnlySpan<byte> from, Span<byte> to, byte shift)
    {
        for (int i = 0; i < from.Length; i += 3)
        {
            int red = from[i], green = from[i + 1], blue = from[i + 2];
            int most = Math.Max(red, Math.Max(green, blue)), least = Math.Min(red, Math.Min(green, blue));
            (byte r, byte g, byte b) = ((byte)most, (byte)most, (byte)most);
            int hue = 0, saturation = 0;
            if (most != least)
            {
                float range = most - least;
                float toRed = (most - red) / range, toGreen = (most - green) / range, toBlue = (most - blue) / range;
                float h = red == most ? toBlue - toGreen
                    : green == most ? (float)(2.0 + toRed - toBlue) : (float)(4.0 + toGreen - toRed);
                double turn = h / 6.0 + 1.0;
                h = (float)(turn >= 1 ? turn - 1 : turn);
                hue = (int)(h * 255.0);
                saturation = (int)(range / most * 255.0);
            }
            if (saturation != 0)
            {
                (int sextant, float rest) = places[(byte)(hue + shift)];
                float s = (float)(saturation / 255.0);
                byte p = Round(most * (1.0 - s)), q = Round(most * (1.0 - s * rest)), t = Round(most * (1.0 - s * (1.0 - rest)));
                byte v = (byte)most;
                (r, g, b) = sextant switch
                {
                    0 => (v, t, p),
                    1 => (q, v, p),
                    2 => (p, v, t),
                    3 => (p, q, v),
                    4 => (t, p, v),
                    _ => (v, p, q),
                };
            }
            (to[i], to[i + 1], to[i + 2]) = (r, g, b);
        }
    }

    /// <summary>Half away from zero; the values are far from where adding a half would round.</summary>
    static byte Round(double value) => (byte)(value + 0.5);

    static (int, float)[] Places()
    {
        (int, float)[] result = new (int, float)[256];
        for (int h = 0; h < 256; h++)
        {
            double at = (float)h * 6.0 / 255.0;
            int sextant = (int)Math.Floor(at);
            result[h] = (sextant % 6, (float)(at - sextant));
        }
        return result;
    }
}
