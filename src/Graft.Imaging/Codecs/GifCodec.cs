using System.Buffers;
using System.Buffers.Binary;

namespace Graft.Imaging.Codecs;

/// <summary>The first frame of a GIF, on its canvas, as Pillow shows it.</summary>
static class GifCodec
{
    const int TableSize = 4096;

    /// <summary>The first frame, before its pixels are unpacked.</summary>
    ref struct Frame
    {
        public int Width, Height, Left, Top, FrameWidth, FrameHeight, Background, CodeBits;
        public bool Interlaced, Grey;
        public ReadOnlySpan<byte> Palette, Blocks;
    }

    public static (int Width, int Height, string Mode) Identify(ReadOnlySpan<byte> data, string prefix)
    {
        Frame frame = Read(data, prefix);
        return (frame.Width, frame.Height, frame.Grey ? "L" : "P");
    }

    public static Image Decode(ReadOnlySpan<byte> data, string prefix)
    {
        Frame frame = Read(data, prefix);
        byte[] palette = new byte[768];
        for (int i = 0; i < 256; i++)
        {
            // indices beyond the palette are grey levels, as in Pillow
            if (i * 3 + 3 <= frame.Palette.Length) frame.Palette.Slice(i * 3, 3).CopyTo(palette.AsSpan(i * 3));
            else palette.AsSpan(i * 3, 3).Fill((byte)i);
        }
        int count = frame.FrameWidth * frame.FrameHeight;
        byte[] indices = ArrayPool<byte>.Shared.Rent(count);
        Image? image = null;
        try
        {
            Unpack(frame, indices.AsSpan(0, count), prefix);
            image = Image.Uninitialized(frame.Width, frame.Height);
            if (frame.FrameWidth < frame.Width || frame.FrameHeight < frame.Height)
            {
                Span<byte> rgb = image.Rgb;
                for (int at = 0; at < rgb.Length; at += 3) palette.AsSpan(frame.Background * 3, 3).CopyTo(rgb[at..]);
            }
            for (int i = 0; i < frame.FrameHeight; i++)
            {
                int y = frame.Interlaced ? InterlacedRow(i, frame.FrameHeight) : i;
                Span<byte> to = image.Row(frame.Top + y)[(frame.Left * 3)..];
                ReadOnlySpan<byte> from = indices.AsSpan(i * frame.FrameWidth, frame.FrameWidth);
                for (int x = 0; x < from.Length; x++)
                {
                    int entry = from[x] * 3;
                    (to[x * 3], to[x * 3 + 1], to[x * 3 + 2]) = (palette[entry], palette[entry + 1], palette[entry + 2]);
                }
            }
            return image;
        }
        catch
        {
            image?.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(indices);
        }
    }

    static InvalidDataException Invalid(string prefix, string what) => new($"{prefix}invalid GIF: {what}");

    static InvalidDataException Truncated(string prefix) => new($"{prefix}truncated GIF: the data ends before the picture does");

    static Frame Read(ReadOnlySpan<byte> data, string prefix)
    {
        if (data.Length < 13) throw Truncated(prefix);
        Frame frame = new()
        {
            Width = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]),
            Height = BinaryPrimitives.ReadUInt16LittleEndian(data[8..]),
        };
        int at = 13;
        ReadOnlySpan<byte> palette = default;
        if ((data[10] & 128) != 0) palette = TakePalette(data, ref at, data[10], prefix);
        int transparent = 0;
        while (true)
        {
            if (at >= data.Length) throw Truncated(prefix);
            byte kind = data[at++];
            if (kind == ';') throw Invalid(prefix, "no picture in it");
            if (kind == '!')
            {
                if (at + 1 >= data.Length) throw Truncated(prefix);
                byte label = data[at++];
                if (label == 249 && data[at] >= 4 && at + 4 < data.Length && (data[at + 1] & 1) != 0) transparent = data[at + 4];
                SkipBlocks(data, ref at, prefix);
                continue;
            }
            if (kind != ',') continue; // Pillow passes over what it does not know
            if (data.Length - at < 10) throw Truncated(prefix);
            frame.Left = BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
            frame.Top = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 2)..]);
            frame.FrameWidth = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 4)..]);
            frame.FrameHeight = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 6)..]);
            byte flags = data[at + 8];
            at += 9;
            frame.Interlaced = (flags & 64) != 0;
            if ((flags & 128) != 0) palette = TakePalette(data, ref at, flags, prefix);
            if (at >= data.Length) throw Truncated(prefix);
            frame.CodeBits = data[at++];
            break;
        }
        if (frame.FrameWidth == 0 || frame.FrameHeight == 0)
            throw Invalid(prefix, $"a picture of {frame.FrameWidth} x {frame.FrameHeight} pixels");
        if (frame.CodeBits is < 1 or > 11) throw Invalid(prefix, $"codes of {frame.CodeBits} bits");
        frame.Width = Math.Max(frame.Width, frame.Left + frame.FrameWidth);
        frame.Height = Math.Max(frame.Height, frame.Top + frame.FrameHeight);
        if ((long)frame.Width * frame.Height > Image.MaximumPixels)
            throw Invalid(
                prefix,
                $"{frame.Width} x {frame.Height} pixels are more than the limit of {Image.MaximumPixels}: "
                + "a decompression bomb?");
        frame.Palette = palette;
        frame.Background = transparent;
        frame.Grey = IsGrey(palette);
        frame.Blocks = data[at..];
        return frame;
    }

    static ReadOnlySpan<byte> TakePalette(ReadOnlySpan<byte> data, scoped ref int at, byte flags, string prefix)
    {
        int size = 3 << (flags & 7) + 1;
        if (size > data.Length - at) throw Truncated(prefix);
        ReadOnlySpan<byte> palette = data.Slice(at, size);
        at += size;
        return palette;
    }

    static bool IsGrey(ReadOnlySpan<byte> palette)
    {
        for (int i = 0; i < palette.Length; i++)
            if (palette[i] != i / 3) return false;
        return true;
    }

    static void SkipBlocks(ReadOnlySpan<byte> data, scoped ref int at, string prefix)
    {
        while (true)
        {
            if (at >= data.Length) throw Truncated(prefix);
            int size = data[at++];
            if (size == 0) return;
            if (size > data.Length - at) throw Truncated(prefix);
            at += size;
        }
    }

    /// <summary>
    /// The picture's row that the file's row i holds: every 8th from 0, every 8th from 4, every 4th from 2, every 2nd from 1.
    /// </summary>
    static int InterlacedRow(int i, int height)
    {
        int count = (height + 7) / 8;
        if (i < count) return i * 8;
        i -= count;
        count = (height + 3) / 8;
        if (i < count) return i * 8 + 4;
        i -= count;
        count = (height + 1) / 4;
        return i < count ? i * 4 + 2 : (i - count) * 2 + 1;
    }

    /// <summary>Undoes GIF's LZW over the data's sub-blocks.</summary>
    static void Unpack(Frame frame, Span<byte> indices, string prefix)
    {
        Span<ushort> link = stackalloc ushort[TableSize];
        Span<byte> last = stackalloc byte[TableSize];
        Span<byte> stack = stackalloc byte[TableSize + 1];
        int clear = 1 << frame.CodeBits, end = clear + 1;
        int next = clear + 2, width = frame.CodeBits + 1, previous = -1;
        byte first = 0;
        ReadOnlySpan<byte> data = frame.Blocks;
        int at = 0, block = 0, filled = 0, bitCount = 0;
        uint bits = 0;
        while (filled < indices.Length)
        {
            while (bitCount < width)
            {
                if (at >= data.Length) throw Truncated(prefix);
                if (block == 0)
                {
                    block = data[at++];
                    if (block == 0 || block > data.Length - at) throw Truncated(prefix);
                }
                bits |= (uint)data[at++] << bitCount;
                bitCount += 8;
                block--;
            }
            int code = (int)(bits & (1u << width) - 1);
            bits >>= width;
            bitCount -= width;
            if (code == clear)
            {
                next = clear + 2;
                width = frame.CodeBits + 1;
                previous = -1;
                continue;
            }
            if (code == end) throw Truncated(prefix);
            if (previous < 0)
            {
                if (code > clear) throw Invalid(prefix, "a code before its string");
                first = (byte)code;
                indices[filled++] = first;
                previous = code;
                continue;
            }
            if (code > next) throw Invalid(prefix, "a code before its string");
            int depth = 0, walk = code;
            if (code == next)
            {
                stack[depth++] = first;
                walk = previous;
            }
            while (walk >= clear)
            {
                if (walk >= TableSize || depth > TableSize - 1) throw Invalid(prefix, "a string too long");
                stack[depth++] = last[walk];
                walk = link[walk];
            }
            first = (byte)walk;
            stack[depth++] = first;
            if (next < TableSize)
            {
                last[next] = first;
                link[next] = (ushort)previous;
                if (next == (1 << width) - 1 && width < 12) width++;
                next++;
            }
            previous = code;
            while (depth > 0 && filled < indices.Length) indices[filled++] = stack[--depth];
        }
    }
}
