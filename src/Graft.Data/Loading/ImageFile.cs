using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Graft.Data;

/// <summary>An image's file read into a pooled array for as long as it is decoded.</summary>
static class ImageFile
{
    const int LongestReasonableFile = 1 << 30;

    /// <summary>What is made of a file's bytes.</summary>
    public delegate T Decoder<T>(ReadOnlySpan<byte> data);

    /// <summary>Reads a file and decodes it.</summary>
    /// <exception cref="InvalidDataException">It is longer than any reasonable image.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static T Decode<T>(string path, Decoder<T> decode)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        if (length > LongestReasonableFile)
            throw new InvalidDataException($"{length} bytes, more than the {LongestReasonableFile} of a reasonable image");
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)Math.Max(length, 1));
        try
        {
            int read = 0;
            while (read < length)
            {
                int count = RandomAccess.Read(file, bytes.AsSpan(read, (int)length - read), read);
                if (count == 0) break;
                read += count;
            }
            return decode(bytes.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
