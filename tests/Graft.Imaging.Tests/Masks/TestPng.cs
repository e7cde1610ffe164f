using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Graft.Imaging.Tests;

/// <summary>PNG files of one channel at any depth, bit by bit.</summary>
static class TestPng
{
    public static byte[] Make(int width, int height, int depth, bool palette, Func<int, int, int> value, int paletteSize = 0)
    {
        using MemoryStream raw = new();
        for (int y = 0; y < height; y++)
        {
            byte[] row = new byte[1 + (width * depth + 7) / 8];
            for (int x = 0; x < width; x++)
            {
                int its = value(x, y);
                if (depth == 16) BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(1 + 2 * x), (ushort)its);
                else row[1 + x * depth / 8] |= (byte)(its << 8 - depth - x * depth % 8);
            }
            raw.Write(row);
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)(palette ? 3 : 0));
        using MemoryStream file = new(), packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(raw.ToArray());
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Chunk(file, "IHDR", header);
        if (palette)
        {
            // colours that say nothing of the index
            byte[] colors = new byte[3 * (paletteSize > 0 ? paletteSize : 1 << depth)];
            for (int i = 0; i < colors.Length; i++) colors[i] = (byte)(i * 37 + 11);
            Chunk(file, "PLTE", colors);
        }
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    static void Chunk(Stream file, string type, byte[] body)
    {
        byte[] all = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(all, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(all.Length - 4), Crc.Of(all.AsSpan(4, body.Length + 4)));
        file.Write(all);
    }
}
