namespace Graft.Cli;

/// <summary>The checksum of zlib, PNG and Python's <c>zlib.crc32</c> (polynomial 0xEDB88320, reflected).</summary>
static class Crc32
{
    static readonly uint[] table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        ReadOnlySpan<uint> t = table;
        // eight bytes a step ("slicing by eight", Kounavis and Berry 2005)
        while (bytes.Length >= 8)
        {
            crc ^= BitConverter.ToUInt32(bytes);
            uint high = BitConverter.ToUInt32(bytes[4..]);
            crc = t[0x700 + (int)(crc & 255)] ^ t[0x600 + (int)(crc >> 8 & 255)] ^ t[0x500 + (int)(crc >> 16 & 255)] ^
                t[0x400 + (int)(crc >> 24)] ^ t[0x300 + (int)(high & 255)] ^ t[0x200 + (int)(high >> 8 & 255)] ^
                t[0x100 + (int)(high >> 16 & 255)] ^ t[(int)(high >> 24)];
            bytes = bytes[8..];
        }
        foreach (byte value in bytes) crc = t[(int)((crc ^ value) & 255)] ^ crc >> 8;
        return ~crc;
    }

    static uint[] MakeTable()
    {
        uint[] t = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
            t[i] = crc;
        }
        for (int i = 256; i < t.Length; i++) t[i] = t[t[i - 256] & 255] ^ t[i - 256] >> 8;
        return t;
    }
}
