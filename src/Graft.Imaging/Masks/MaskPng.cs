using System.Buffers.Binary;
using System.IO.Compression;

namespace Graft.Imaging;

/// <summary>
/// Masks as PNG files whose values are the classes: 8 bits a pixel, with a palette so that viewers show colours (as PASCAL VOC
/// has them), or 16 bits of grey where there are more than 255 classes. ISO/IEC 15948.
/// </summary>
public static class MaskPng
{
    /// <summary>What pixels without a class become: the last value.</summary>
    public const int IgnoredIn8Bits = 255, IgnoredIn16Bits = 65535;

    /// <summary>Encodes a mask.</summary>
    /// <param name="mask">the classes</param>
    /// <param name="palette">the colour of each class; null, or classes beyond 254: grey values</param>
    public static byte[] Encode(IndexMask mask, IReadOnlyList<RgbColor>? palette = null)
    {
        int highest = 0;
        foreach (ushort value in mask.Pixels)
            if (value != IndexMask.Ignore && value > highest) highest = value;
        bool wide = highest >= IgnoredIn8Bits;
        bool indexed = !wide && palette is not null;
        using var stream = new MemoryStream();
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, mask.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], mask.Height);
        (header[8], header[9]) = (wide ? (byte)16 : (byte)8, indexed ? (byte)3 : (byte)0);
        Chunk(stream, "IHDR"u8, header);
        if (indexed) Chunk(stream, "PLTE"u8, Colours(palette!));
        Chunk(stream, "IDAT"u8, Pixels(mask, wide));
        Chunk(stream, "IEND"u8, []);
        return stream.ToArray();
    }

    // 256 entries, so that every value has a colour; what is ignored is white, as the borders of PASCAL VOC's masks nearly are
    static byte[] Colours(IReadOnlyList<RgbColor> palette)
    {
        byte[] colours = new byte[256 * 3];
        for (int i = 0; i < Math.Min(palette.Count, IgnoredIn8Bits); i++)
            (colours[3 * i], colours[3 * i + 1], colours[3 * i + 2]) = (palette[i].Red, palette[i].Green, palette[i].Blue);
        colours.AsSpan(3 * IgnoredIn8Bits).Fill(255);
        return colours;
    }

    static byte[] Pixels(IndexMask mask, bool wide)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            ReadOnlySpan<ushort> values = mask.Pixels;
            byte[] row = new byte[1 + mask.Width * (wide ? 2 : 1)]; // a filter byte first: none
            for (int y = 0; y < mask.Height; y++)
            {
                ReadOnlySpan<ushort> line = values.Slice(y * mask.Width, mask.Width);
                if (wide)
                    for (int x = 0; x < line.Length; x++) BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(1 + 2 * x), line[x]);
                else
                    for (int x = 0; x < line.Length; x++) row[1 + x] = (byte)Math.Min((int)line[x], IgnoredIn8Bits);
                zlib.Write(row);
            }
        }
        return packed.ToArray();
    }

    static void Chunk(MemoryStream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }
}
