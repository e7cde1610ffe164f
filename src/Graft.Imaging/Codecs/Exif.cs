using System.Buffers.Binary;

namespace Graft.Imaging.Codecs;

/// <summary>Finds the EXIF orientation in a file's metadata. Whatever is malformed counts as absent.</summary>
static class Exif
{
    const int OrientationTag = 0x0112;

    /// <summary>The orientation, 1 to 8; 1 where there is none.</summary>
    public static int Orientation(ReadOnlySpan<byte> data, FileFormat format)
    {
        int found = format switch
        {
            FileFormat.Jpeg => Jpeg(data),
            FileFormat.Png => Png(data),
            FileFormat.Webp => Webp(data),
            FileFormat.Tiff => Block(data),
            _ => 1,
        };
        return found is >= 1 and <= 8 ? found : 1;
    }

    static int Jpeg(ReadOnlySpan<byte> data)
    {
        int at = 2;
        while (at + 4 <= data.Length)
        {
            if (data[at] != 0xff) return 1;
            byte marker = data[at + 1];
            if (marker == 0xff)
            {
                at++; // fill byte
                continue;
            }
            if (marker is 0x01 or >= 0xd0 and <= 0xd8)
            {
                at += 2; // markers without a body
                continue;
            }
            if (marker is 0xda or 0xd9) return 1; // the picture itself, or the end
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (length < 2 || length > data.Length - at - 2) return 1;
            ReadOnlySpan<byte> body = data.Slice(at + 4, length - 2);
            if (marker == 0xe1 && body.StartsWith("Exif\0\0"u8)) return Block(body[6..]);
            at += 2 + length;
        }
        return 1;
    }

    static int Png(ReadOnlySpan<byte> data)
    {
        int at = 8;
        while (data.Length - at >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
            if (length > data.Length - at - 12) return 1;
            if (data.Slice(at + 4, 4).SequenceEqual("eXIf"u8)) return Block(data.Slice(at + 8, (int)length));
            at += 12 + (int)length;
        }
        return 1;
    }

    static int Webp(ReadOnlySpan<byte> data)
    {
        int at = 12;
        while (data.Length - at >= 8)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(data[(at + 4)..]);
            if (length > data.Length - at - 8) return 1;
            if (data.Slice(at, 4).SequenceEqual("EXIF"u8))
            {
                ReadOnlySpan<byte> body = data.Slice(at + 8, (int)length);
                return Block(body.StartsWith("Exif\0\0"u8) ? body[6..] : body);
            }
            at += 8 + (int)length + (int)(length & 1);
        }
        return 1;
    }

    /// <summary>Reads the tag from the first directory of a TIFF block.</summary>
    static int Block(ReadOnlySpan<byte> block)
    {
        if (block.Length < 8) return 1;
        bool little;
        if (block.StartsWith("II"u8)) little = true;
        else if (block.StartsWith("MM"u8)) little = false;
        else return 1;
        if (Short(block[2..], little) != 42) return 1;
        uint directory = Long(block[4..], little);
        if (directory > block.Length - 2) return 1;
        int count = Short(block[(int)directory..], little);
        int at = (int)directory + 2;
        for (int i = 0; i < count && block.Length - at >= 12; i++, at += 12)
        {
            ReadOnlySpan<byte> entry = block.Slice(at, 12);
            if (Short(entry, little) != OrientationTag) continue;
            return Short(entry[2..], little) switch
            {
                1 => entry[8],
                3 => Short(entry[8..], little),
                4 => (int)Math.Min(Long(entry[8..], little), 255),
                _ => 1,
            };
        }
        return 1;
    }

    static int Short(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    static uint Long(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
