namespace Graft.Imaging;

/// <summary>
/// Letters of 5 x 7 dots for captions in pictures: capitals, digits and some signs. Others become question marks.
/// </summary>
public static class PixelFont
{
    /// <summary>Height of a letter, in dots.</summary>
    public const int Height = 7;

    /// <summary>The width that a letter takes with its gap, in dots.</summary>
    public const int Advance = 6;

    const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-_/:+%()?";

    // 35 bits a letter: rows from the top, dots from the left
    static ReadOnlySpan<ulong> Dots =>
    [
        0x3A31FC631, 0x7A31F463E, 0x3A308422E, 0x7A318C63E, 0x7E10F421F, 0x7E10F4210, 0x3A30BC62F, 0x4631FC631, 0x38842108E,
        0x1C4210A4C, 0x4654C5251, 0x42108421F, 0x4775AC631, 0x4739ACE71, 0x3A318C62E, 0x7A31F4210, 0x3A318D64D, 0x7A31F5251,
        0x3E107043E, 0x7C8421084, 0x46318C62E, 0x46318A944, 0x4631AD771, 0x462A22A31, 0x462A21084, 0x7C222221F, 0x3A33AE62E,
        0x11842108E, 0x3A213221F, 0x3A213062E, 0x08CA97C42, 0x7E1E0862E, 0x3A10F462E, 0x7C2211084, 0x3A317462E, 0x3A317842E,
        0x000000000, 0x00000018C, 0x000003088, 0x000070000, 0x00000001F, 0x042222210, 0x018C03180, 0x0084F9080, 0x672222273,
        0x088842082, 0x208210888, 0x3A2111004,
    ];

    /// <summary>How many letters fit into a width.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="scale">Pixels a dot.</param>
    public static int Fits(int width, int scale) => Math.Max(0, (width + scale) / (Advance * scale));

    /// <summary>Writes a text in one colour over a picture; what lies outside of it is left out.</summary>
    /// <param name="image">The picture; changed.</param>
    /// <param name="left">Where the first letter starts, in pixels.</param>
    /// <param name="top">Where the letters start, in pixels.</param>
    /// <param name="text">The text.</param>
    /// <param name="scale">Pixels a dot.</param>
    /// <param name="color">The colour.</param>
    public static void Write(Image image, int left, int top, string text, int scale, RgbColor color)
    {
        foreach (char letter in text)
        {
            int index = letters.IndexOf(char.ToUpperInvariant(letter));
            ulong dots = Dots[index < 0 ? letters.IndexOf('?') : index];
            for (int row = 0; row < Height; row++)
                for (int column = 0; column < 5; column++)
                    if ((dots >> (34 - row * 5 - column) & 1) != 0)
                        Dot(image, left + column * scale, top + row * scale, scale, color);
            left += Advance * scale;
        }
    }

    static void Dot(Image image, int left, int top, int scale, RgbColor color)
    {
        for (int y = Math.Max(0, top); y < Math.Min(image.Height, top + scale); y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = Math.Max(0, left); x < Math.Min(image.Width, left + scale); x++)
                (row[x * 3], row[x * 3 + 1], row[x * 3 + 2]) = (color.Red, color.Green, color.Blue);
        }
    }
}
