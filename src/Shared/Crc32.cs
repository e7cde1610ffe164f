using System.Buffers.Binary;

namespace Graft;

/// <summary>
/// The CRC-32 of zip, PNG and zlib (polynomial 0xEDB88320, reflected), eight bytes at a time (Kounavis and Berry
/// 2005). Compiled into each project that needs it.
/// </summary>
static class Crc32
{
    static readonly uint[] table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint[] t = table;
        uint crc = ~0u;
        while (bytes.Length >= 8)
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[0x700 + (low & 255)] ^ t[0x600 + (low >> 8 & 255)] ^ t[0x500 + (low >> 16 & 255)] ^ t[0x400 + (low >> 24)]
                ^ t[0x300 + (high & 255)] ^ t[0x200 + (high >> 8 & 255)] ^ t[0x100 + (high >> 16 & 255)] ^ t[high >> 24];
            bytes = bytes[8..];
        }
        foreach (byte one in bytes) crc = t[(crc ^ one) & 255] ^ crc >> 8;
        return ~crc;
    }

    static uint[] MakeTable()
    {
        uint[] made = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320 : value >> 1;
            made[i] = value;
        }
        for (int i = 256; i < made.Length; i++) made[i] = made[i - 256] >> 8 ^ made[made[i - 256] & 255];
        return made;
    }
}
