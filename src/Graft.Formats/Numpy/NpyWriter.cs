using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Graft.Formats;

/// <summary>
/// Writes an array as NumPy's <c>.npy</c>, version 1.0, as <c>numpy.save</c> does (NEP 1): magic, header padded to a multiple of
/// 64 bytes, then the values, little-endian, in C order.
/// </summary>
public static class NpyWriter
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">the target; an older file there is replaced</param>
    /// <param name="values">row-major</param>
    /// <param name="shape">of the array</param>
    /// <exception cref="ArgumentException">There are not as many values as the shape says.</exception>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    public static void Write(string path, ReadOnlyMemory<float> values, params ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long side in shape) count *= side;
        if (count != values.Length)
            throw new ArgumentException($"expected {count} values for the shape, came {values.Length}", nameof(values));
        byte[] header = Header(shape);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            for (ReadOnlyMemory<float> rest = values; rest.Length > 0;) // a span of bytes holds 2 GB at most
            {
                int some = Math.Min(rest.Length, 1 << 24);
                stream.Write(MemoryMarshal.AsBytes(rest.Span[..some]));
                rest = rest[some..];
            }
        }, header.Length + 4L * values.Length);
    }

    static byte[] Header(ReadOnlySpan<long> shape)
    {
        var sides = new StringBuilder();
        foreach (long side in shape) sides.Append(CultureInfo.InvariantCulture, $"{side}, ");
        // a tuple of one keeps its comma
        string tuple = shape.Length == 1 ? sides.ToString().TrimEnd() : sides.ToString().TrimEnd(',', ' ');
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({tuple}), }}";
        const int Fixed = 10;
        int padded = (Fixed + text.Length + 1 + 63) / 64 * 64;
        byte[] header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[0] = 0x93;
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(padded - Fixed));
        Encoding.ASCII.GetBytes(text, header.AsSpan(Fixed));
        header[^1] = (byte)'\n';
        return header;
    }
}
