namespace Graft;

/// <summary>
/// The turbo colour map, from its published polynomials: a rainbow that gets lighter and darker smoothly, so that no false edges
/// show. Mikhailov 2019, "Turbo, An Improved Rainbow Colormap for Visualization".
/// </summary>
static class HeatColors
{
    static readonly double[] red = [0.13572138, 4.61539260, -42.66032258, 132.13108234, -152.94239396, 59.28637943];
    static readonly double[] green = [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604];
    static readonly double[] blue = [0.10667330, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973];

    /// <summary>256 colours from cold to hot, RGB one after another.</summary>
    public static ReadOnlySpan<byte> Table => table;

    static readonly byte[] table = Build();

    static byte[] Build()
    {
        byte[] rgb = new byte[256 * 3];
        for (int i = 0; i < 256; i++)
        {
            rgb[i * 3] = At(red, i / 255.0);
            rgb[i * 3 + 1] = At(green, i / 255.0);
            rgb[i * 3 + 2] = At(blue, i / 255.0);
        }
        return rgb;
    }

    static byte At(double[] polynomial, double x)
    {
        double value = 0;
        for (int power = polynomial.Length - 1; power >= 0; power--) value = value * x + polynomial[power];
        return (byte)Math.Round(Math.Clamp(value, 0, 1) * 255);
    }
}
