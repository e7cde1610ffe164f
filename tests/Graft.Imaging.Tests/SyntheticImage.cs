namespace Graft.Imaging.Tests;

/// <summary>The images that the golden files' generators make by the same formulas.</summary>
static class SyntheticImage
{
    public static readonly string[] Kinds = ["noise", "gradient", "flat", "grey", "narrow", "smooth"];

    public static Image Noise(int width, int height, ulong seed)
    {
        Image image = new(width, height);
        Span<byte> rgb = image.Rgb;
        for (int i = 0; i < rgb.Length; i++)
        {
            ulong mixed = ((ulong)i + seed * 1000003) * 0x9E3779B97F4A7C15;
            mixed ^= mixed >> 29;
            mixed *= 0xBF58476D1CE4E5B9;
            rgb[i] = (byte)(mixed >> 56);
        }
        return image;
    }

    public static Image Make(string kind, int width, int height, int seed)
    {
        Image image = Noise(width, height, (ulong)seed);
        (byte red, byte green, byte blue) = (image.Rgb[0], image.Rgb[1], image.Rgb[2]);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < width; x++)
            {
                Span<byte> at = row.Slice(x * 3, 3);
                (int r, int g, int b) = kind switch
                {
                    "noise" => (at[0], at[1], at[2]),
                    "gradient" => (x * 7 + y * 3 + seed, y * 11 + seed * 5, (x + y) * 2),
                    "flat" => (red, green, blue),
                    "grey" => (at[0], at[0], at[0]),
                    "narrow" => (at[0] % 80 + 60, at[1] % 3 + 200, at[2] % 200),
                    "smooth" => (x * 3 + at[0] % 9, y * 4 + at[1] % 5, x * y / 7 + seed),
                    _ => throw new ArgumentException(kind),
                };
                (at[0], at[1], at[2]) = ((byte)r, (byte)g, (byte)b);
            }
        }
        return image;
    }
}
