using System.Buffers.Binary;
using System.Numerics;

namespace Graft.Imaging.Codecs;

/// <summary>Windows and OS/2 bitmaps: 1, 4, 8, 16, 24 and 32 bits, run-length encoded ones included.</summary>
static class BmpCodec
{
    const int Rgb = 0, Rle8 = 1, Rle4 = 2, BitFields = 3, AlphaBitFields = 6;

    /// <summary>What the header says.</summary>
    sealed class Header
    {
        public int Width, Height, Bits, Compression, Colors, PaletteAt, EntrySize, DataAt;
        public bool TopDown;
        public uint RedMask, GreenMask, BlueMask, AlphaMask;
    }

    public static (int Width, int Height, string Mode) Identify(ReadOnlySpan<byte> data, string prefix)
    {
        Header header = Read(data, prefix);
        string mode = header.Bits > 8 ? header.AlphaMask != 0 ? "RGBA" : "RGB"
            : !IsGrey(data, header) ? "P"
            : header.Colors == 2 ? "1" : "L";
        return (header.Width, header.Height, mode);
    }

    public static Image Decode(ReadOnlySpan<byte> data, string prefix)
    {
        Header header = Read(data, prefix);
        Image image = Image.Uninitialized(header.Width, header.Height);
        try
        {
            if (header.Compression is Rle8 or Rle4)
                RunLength(data[header.DataAt..], header, Palette(data, header), image, prefix);
            else Rows(data, header, image, prefix);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    static InvalidDataException Invalid(string prefix, string what) => new($"{prefix}invalid BMP: {what}");

    static InvalidDataException Truncated(string prefix) => new($"{prefix}truncated BMP: the data ends before the picture does");

    static Header Read(ReadOnlySpan<byte> data, string prefix)
    {
        if (data.Length < 26) throw Truncated(prefix);
        int size = BinaryPrimitives.ReadInt32LittleEndian(data[14..]);
        if (size is not (12 or 40 or 52 or 56 or 64 or 108 or 124)) throw Invalid(prefix, $"a header of {size} bytes");
        if (data.Length < 14 + size) throw Truncated(prefix);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(data[10..]);
        ReadOnlySpan<byte> info = data.Slice(14, size);
        Header header = new() { PaletteAt = 14 + size };
        if (size == 12)
        {
            header.Width = BinaryPrimitives.ReadUInt16LittleEndian(info[4..]);
            header.Height = BinaryPrimitives.ReadUInt16LittleEndian(info[6..]);
            header.Bits = BinaryPrimitives.ReadUInt16LittleEndian(info[10..]);
            header.EntrySize = 3;
        }
        else
        {
            header.Width = BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
            long height = BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
            header.TopDown = height < 0;
            header.Height = (int)Math.Min(Math.Abs(height), int.MaxValue);
            header.Bits = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
            header.Compression = BinaryPrimitives.ReadInt32LittleEndian(info[16..]);
            header.Colors = BinaryPrimitives.ReadInt32LittleEndian(info[32..]);
            header.EntrySize = 4;
            if (header.Compression is BitFields or AlphaBitFields)
            {
                int masks = size >= 52 ? 54 : 14 + size;
                int count = size >= 56 || size < 52 && header.Compression == AlphaBitFields ? 4 : 3;
                if (data.Length < masks + count * 4) throw Truncated(prefix);
                header.RedMask = BinaryPrimitives.ReadUInt32LittleEndian(data[masks..]);
                header.GreenMask = BinaryPrimitives.ReadUInt32LittleEndian(data[(masks + 4)..]);
                header.BlueMask = BinaryPrimitives.ReadUInt32LittleEndian(data[(masks + 8)..]);
                if (count == 4) header.AlphaMask = BinaryPrimitives.ReadUInt32LittleEndian(data[(masks + 12)..]);
                if (size < 52) header.PaletteAt += count * 4;
            }
        }
        if (header.Width <= 0 || header.Height <= 0)
            throw Invalid(prefix, $"a picture of {header.Width} x {header.Height} pixels");
        if ((long)header.Width * header.Height > Image.MaximumPixels)
            throw Invalid(
                prefix,
                $"{header.Width} x {header.Height} pixels are more than the limit of {Image.MaximumPixels}: "
                + "a decompression bomb?");
        if (header.Bits is not (1 or 4 or 8 or 16 or 24 or 32))
            throw new NotSupportedException($"{prefix}a BMP of {header.Bits} bits a pixel is not read");
        bool fits = header.Compression switch
        {
            Rgb => true,
            Rle8 => header.Bits == 8,
            Rle4 => header.Bits == 4,
            BitFields or AlphaBitFields => header.Bits is 16 or 24 or 32,
            _ => false,
        };
        if (!fits)
            throw new NotSupportedException(
                $"{prefix}a BMP of compression {header.Compression} at {header.Bits} bits is not read");
        if (header.Compression is not (BitFields or AlphaBitFields)
            || (header.RedMask | header.GreenMask | header.BlueMask | header.AlphaMask) == 0)
        {
            (header.RedMask, header.GreenMask, header.BlueMask) =
                header.Bits == 16 ? (0x7c00u, 0x3e0u, 0x1fu) : (0xff0000u, 0xff00u, 0xffu);
        }
        long data0 = offset;
        if (header.Bits <= 8)
        {
            if (header.Colors == 0) header.Colors = 1 << header.Bits;
            if (header.Colors is < 1 or > 65536) throw Invalid(prefix, $"a palette of {header.Colors} colours");
            // some writers point to the palette instead of the pixels
            if (data0 == 14 + size) data0 += 4L * header.Colors;
            if (data.Length < header.PaletteAt + header.EntrySize * Math.Min(header.Colors, 1 << header.Bits))
                throw Truncated(prefix);
        }
        if (data0 == 0) data0 = header.PaletteAt + (header.Bits <= 8 ? header.EntrySize * (long)header.Colors : 0);
        if (data0 >= data.Length) throw Truncated(prefix);
        header.DataAt = (int)data0;
        return header;
    }

    static bool IsGrey(ReadOnlySpan<byte> data, Header header)
    {
        for (int i = 0; i < Math.Min(header.Colors, 256); i++)
        {
            int level = header.Colors == 2 ? i * 255 : i;
            int at = header.PaletteAt + i * header.EntrySize;
            if (at + 3 > data.Length || data[at] != level || data[at + 1] != level || data[at + 2] != level) return false;
        }
        return true;
    }

    /// <summary>256 colours as RGB; indices beyond the file's are grey levels, as in Pillow.</summary>
    static byte[] Palette(ReadOnlySpan<byte> data, Header header)
    {
        byte[] palette = new byte[768];
        for (int i = 0; i < 256; i++)
        {
            int at = header.PaletteAt + i * header.EntrySize;
            bool known = i < header.Colors && at + 3 <= data.Length;
            (palette[i * 3], palette[i * 3 + 1], palette[i * 3 + 2]) =
                known ? (data[at + 2], data[at + 1], data[at]) : ((byte)i, (byte)i, (byte)i);
        }
        return palette;
    }

    static void Rows(ReadOnlySpan<byte> data, Header header, Image image, string prefix)
    {
        long stride = (((long)header.Width * header.Bits + 31) >> 3) & ~3L;
        // the last row's padding may be missing
        if (stride * (header.Height - 1) + ((long)header.Width * header.Bits + 7) / 8 > data.Length - header.DataAt)
            throw Truncated(prefix);
        byte[]? palette = header.Bits <= 8 ? Palette(data, header) : null;
        Channel red = new(header.RedMask), green = new(header.GreenMask), blue = new(header.BlueMask);
        for (int i = 0; i < header.Height; i++)
        {
            ReadOnlySpan<byte> from = data[(header.DataAt + (int)(stride * i))..];
            Span<byte> to = image.Row(header.TopDown ? i : header.Height - 1 - i);
            switch (header.Bits)
            {
                case 24:
                    for (int at = 0; at < to.Length; at += 3)
                        (to[at], to[at + 1], to[at + 2]) = (from[at + 2], from[at + 1], from[at]);
                    break;
                case 16:
                    for (int x = 0, at = 0; at < to.Length; x += 2, at += 3)
                    {
                        uint pixel = BinaryPrimitives.ReadUInt16LittleEndian(from[x..]);
                        (to[at], to[at + 1], to[at + 2]) = (red.Of(pixel), green.Of(pixel), blue.Of(pixel));
                    }
                    break;
                case 32:
                    for (int x = 0, at = 0; at < to.Length; x += 4, at += 3)
                    {
                        uint pixel = BinaryPrimitives.ReadUInt32LittleEndian(from[x..]);
                        (to[at], to[at + 1], to[at + 2]) = (red.Of(pixel), green.Of(pixel), blue.Of(pixel));
                    }
                    break;
                default:
                    int perByte = 8 / header.Bits, mask = (1 << header.Bits) - 1;
                    for (int x = 0, at = 0; at < to.Length; x++, at += 3)
                    {
                        int index = from[x / perByte] >> (perByte - 1 - x % perByte) * header.Bits & mask;
                        palette.AsSpan(index * 3, 3).CopyTo(to[at..]);
                    }
                    break;
            }
        }
    }

    /// <summary>One channel of a bit field, widened to 8 bits by value * 255 / maximum, truncated, as in Pillow.</summary>
    readonly struct Channel(uint mask)
    {
        readonly int shift = mask == 0 ? 0 : BitOperations.TrailingZeroCount(mask);
        readonly uint most = mask == 0 ? 0 : mask >> BitOperations.TrailingZeroCount(mask);

        public byte Of(uint pixel)
        {
            if (most == 255) return (byte)(pixel >> shift);
            return most == 0 ? (byte)0 : (byte)((ulong)(pixel >> shift & most) * 255 / most);
        }
    }

    static void RunLength(ReadOnlySpan<byte> data, Header header, byte[] palette, Image image, string prefix)
    {
        int width = header.Width, total = width * header.Height;
        byte[] indices = new byte[total];
        int filled = 0, x = 0, at = 0;
        bool nibbles = header.Compression == Rle4, ended = false;
        while (filled < total && at + 2 <= data.Length)
        {
            int count = data[at], value = data[at + 1];
            at += 2;
            if (count > 0)
            {
                // a run does not reach over the row's end
                count = Math.Min(Math.Min(count, Math.Max(0, width - x)), total - filled);
                for (int i = 0; i < count; i++)
                    indices[filled + i] = (byte)(!nibbles ? value : (i & 1) == 0 ? value >> 4 : value & 15);
                filled += count;
                x += count;
                continue;
            }
            switch (value)
            {
                case 0: // end of line
                    if (filled % width != 0) filled += width - filled % width;
                    x = 0;
                    break;
                case 1: // end of picture
                    ended = true;
                    break;
                case 2: // skip to the right and up
                    if (at + 2 > data.Length) throw Truncated(prefix);
                    filled = (int)Math.Min(filled + data[at] + (long)data[at + 1] * width, total);
                    x = filled % width;
                    at += 2;
                    break;
                default: // so many values as they are
                    int bytes = nibbles ? (value + 1) / 2 : value;
                    if (bytes > data.Length - at) throw Truncated(prefix);
                    for (int i = 0; i < value && filled < total; i++)
                        indices[filled++] = nibbles ? (
                            byte)((i & 1) == 0 ? data[at + i / 2] >> 4 : data[at + i / 2] & 15) : data[at + i];
                    x += value;
                    at += bytes + (bytes & 1); // padded to 16 bits
                    break;
            }
            if (ended) break;
        }
        if (filled < total && !ended) throw Truncated(prefix);
        for (int y = 0; y < header.Height; y++)
        {
            Span<byte> to = image.Row(header.TopDown ? y : header.Height - 1 - y);
            for (int i = 0; i < width; i++) palette.AsSpan(indices[y * width + i] * 3, 3).CopyTo(to[(i * 3)..]);
        }
    }
}
