namespace Graft.Imaging.Codecs;

/// <summary>Tells what a file is from its bytes; names and extensions are never asked.</summary>
static class Sniffer
{
    /// <summary>The format.</summary>
    /// <exception cref="InvalidDataException">The data is empty, text, or of no known kind.</exception>
    /// <exception cref="NotSupportedException">A picture in a format that is not read.</exception>
    public static FileFormat Sniff(ReadOnlySpan<byte> data, string prefix)
    {
        if (data.IsEmpty) throw new InvalidDataException($"{prefix}is empty (0 bytes)");
        if (data.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return FileFormat.Jpeg;
        if (data.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return FileFormat.Png;
        if (data.Length >= 12 && data.StartsWith("RIFF"u8) && data[8..12].SequenceEqual("WEBP"u8)) return FileFormat.Webp;
        if (data.StartsWith("GIF87a"u8) || data.StartsWith("GIF89a"u8)) return FileFormat.Gif;
        if (data.StartsWith("II*\0"u8) || data.StartsWith("MM\0*"u8) || data.StartsWith("II+\0"u8) || data.StartsWith("MM\0+"u8))
            return FileFormat.Tiff;
        if (data.Length >= 18 && data.StartsWith("BM"u8) && data[14] is 12 or 40 or 52 or 56 or 64 or 108 or 124 && data[15] == 0)
            return FileFormat.Bmp;
        if (Known(data) is { } name)
            throw new NotSupportedException($"{prefix}is {name}, which is not read here: convert it to JPEG or PNG");
        if (IsText(data)) throw new InvalidDataException($"{prefix}is a text file, not an image");
        throw new InvalidDataException($"{prefix}is not an image that can be read: expected JPEG, PNG, WebP, BMP, GIF or TIFF");
    }

    static string? Known(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 12 && data[4..8].SequenceEqual("ftyp"u8))
        {
            ReadOnlySpan<byte> brand = data[8..12];
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return "an AVIF image";
            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("mif1"u8)
                || brand.SequenceEqual("msf1"u8) || brand.SequenceEqual("hevc"u8)) return "a HEIC image";
            return "a video";
        }
        if (data.StartsWith("\0\0\0\fjP  "u8)) return "a JPEG 2000 image";
        if (data.StartsWith((ReadOnlySpan<byte>)[0xff, 0x4f, 0xff, 0x51])) return "a JPEG 2000 image";
        if (data.StartsWith("\0\0\0\fJXL "u8) || data.StartsWith((ReadOnlySpan<byte>)[0xff, 0x0a]))
            return "a JPEG XL image";
        if (data.StartsWith("8BPS"u8)) return "a Photoshop document";
        if (data.StartsWith("%PDF-"u8)) return "a PDF document";
        return null;
    }

    static bool IsText(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> head = data[..Math.Min(data.Length, 1024)];
        foreach (byte b in head)
            if (b < 32 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 12 or 27)) return false;
        if (head.Length < data.Length)
        {
            // the cut may lie inside a character
            int end = head.Length;
            while (end > head.Length - 4 && (head[end - 1] & 0xc0) == 0x80) end--;
            if (end > 0 && head[end - 1] >= 0xc0) end--;
            head = head[..end];
        }
        return System.Text.Unicode.Utf8.IsValid(head);
    }
}
