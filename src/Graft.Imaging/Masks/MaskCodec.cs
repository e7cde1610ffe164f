using System.Buffers.Binary;
using System.IO.Compression;

namespace Graft.Imaging;

/// <summary>Writes masks as PNG of one channel, whose values are the numbers of the classes.</summary>
public static class MaskCodec
{
    /// <summary>What ignored pixels are written as beside that many classes: the highest value of 8 bits, else of 16.</summary>
    public static int IgnoreValueFor(int classes) =>
        classes <= MaskEncoding.DefaultIgnoreValue ? MaskEncoding.DefaultIgnoreValue : ushort.MaxValue;

    /// <summary>
    /// A PNG of 8 bits, or of 16 where a class is above 255. With colours it has a palette, so that viewers show the classes.
    /// </summary>
    /// <param name="mask">The mask.</param>
    /// <param name="colors">A colour for each class. <value>null: no palette, grey</value></param>
    /// <param name="ignoreValue">What <see cref="IndexMask.Ignore"/> is written as.
    /// <value><see cref="MaskEncoding.DefaultIgnoreValue"/></value></param>
    /// <exception cref="ArgumentException">The value for ignored pixels is that of a class of the mask, or is not a byte
    /// though there is a palette.</exception>
    public static byte[] EncodePng(
        IndexMask mask, IReadOnlyList<RgbColor>? colors = null, int ignoreValue = MaskEncoding.DefaultIgnoreValue)
    {
        int most = 0;
        bool ignores = false;
        foreach (ushort value in mask.Pixels)
        {
            if (value == IndexMask.Ignore) ignores = true;
            else if (value == ignoreValue)
                throw new ArgumentException(
                    $"mask: expected {ignoreValue} for ignored pixels only, found a class {value}.", nameof(ignoreValue));
            else most = Math.Max(most, value);
        }
        if (ignores) most = Math.Max(most, ignoreValue);
        bool wide = most > byte.MaxValue;
        bool palette = colors is not null && !wide;
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, mask.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), mask.Height);
        (header[8], header[9]) = ((byte)(wide ? 16 : 8), (byte)(palette ? 3 : 0));
        Chunk(file, "IHDR"u8, header);
        if (palette) Chunk(file, "PLTE"u8, Palette(colors!, most, ignores ? ignoreValue : -1));
        Chunk(file, "IDAT"u8, Compressed(mask, wide, (ushort)ignoreValue));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Up to the highest value in use; ignored pixels are white, since black is a colour of many palettes.
    static byte[] Palette(IReadOnlyList<RgbColor> colors, int most, int ignoreValue)
    {
        byte[] palette = new byte[(most + 1) * 3];
        for (int value = 0; value <= most; value++)
        {
            RgbColor color = value == ignoreValue ? new RgbColor(255, 255, 255)
                : value < colors.Count ? colors[value] : MaskPalette.Voc(value);
            (palette[value * 3], palette[value * 3 + 1], palette[value * 3 + 2]) = (color.Red, color.Green, color.Blue);
        }
        return palette;
    }

    static byte[] Compressed(IndexMask mask, bool wide, ushort ignoreValue)
    {
        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] row = new byte[1 + mask.Width * (wide ? 2 : 1)]; // the filter, none, and the values
            for (int y = 0; y < mask.Height; y++)
            {
                ReadOnlySpan<ushort> values = mask.Row(y);
                for (int x = 0; x < values.Length; x++)
                {
                    ushort value = values[x] == IndexMask.Ignore ? ignoreValue : values[x];
                    if (wide) BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(1 + 2 * x), value);
                    else row[1 + x] = (byte)value;
                }
                zlib.Write(row);
            }
        }
        return data.ToArray();
    }

    static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        byte[] chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc32.Of(chunk.AsSpan(4, 4 + body.Length)));
        file.Write(chunk);
    }
}
