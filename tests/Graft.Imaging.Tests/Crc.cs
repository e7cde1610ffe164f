namespace Graft.Imaging.Tests;

/// <summary>CRC-32 as zlib computes it.</summary>
static class Crc
{
    static readonly uint[] table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xffffffff;
        foreach (byte b in bytes) crc = table[(crc ^ b) & 255] ^ crc >> 8;
        return ~crc;
    }

    static uint Entry(int n)
    {
        uint value = (uint)n;
        for (int i = 0; i < 8; i++) value = (value & 1) != 0 ? 0xedb88320 ^ value >> 1 : value >> 1;
        return value;
    }
}
