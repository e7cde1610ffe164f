using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Formats;

/// <summary>
/// A Zstandard bitstream, which is read from its end: the last byte's highest set bit marks where. It lies in a buffer with
/// <see cref="Margin"/> bytes before it, so that a reader may look, and even go, a little beyond its start before it checks.
/// </summary>
ref struct BackwardBits
{
    /// <summary>Bytes that must lie before the stream in its buffer.</summary>
    public const int Margin = 32;

    /// <summary>Bits that <see cref="Window"/> gives at least.</summary>
    public const int WindowBits = 57;

    readonly ref byte start;

    /// <param name="buffer">What the stream lies in.</param>
    /// <param name="from">Where it begins there, <see cref="Margin"/> or more.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="InvalidDataException">It is empty or has no mark.</exception>
    public BackwardBits(Span<byte> buffer, int from, int length)
    {
        if (from < Margin || length < 0 || length > buffer.Length - from)
            throw new ArgumentOutOfRangeException(nameof(from));
        if (length == 0 || buffer[from + length - 1] == 0)
            throw new InvalidDataException("Zstandard: expected a bitstream with a mark at its end, found none");
        start = ref Unsafe.Add(ref MemoryMarshal.GetReference(buffer), from);
        Left = (length - 1) * 8 + BitOperations.Log2(buffer[from + length - 1]);
    }

    /// <summary>Bits that have not been read; below 0 when more were read than there are.</summary>
    public int Left { get; private set; }

    /// <summary>The next bits, at the top of the word, <see cref="WindowBits"/> of them at least.</summary>
    /// <remarks>Callers check <see cref="Left"/> often enough that it stays above -8 * (<see cref="Margin"/> - 8).</remarks>
    public readonly ulong Window
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int end = Left + 7 >> 3;
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, end - 8));
            return word << end * 8 - Left;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int bits) => Left -= bits;

    /// <summary>Reads up to 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int bits)
    {
        int value = (int)(Window >> 1 >> 63 - bits);
        Left -= bits;
        return value;
    }
}
