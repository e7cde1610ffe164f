using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Graft.Formats;

/// <summary>The step that all Lempel-Ziv decoders share: repeat what was written a while ago.</summary>
static class MatchCopy
{
    const int Lane = 16;

    /// <summary>
    /// Writes <paramref name="length"/> bytes at <paramref name="at"/>, each equal to the one <paramref name="offset"/> before
    /// it. What lies after them in <paramref name="output"/> may be overwritten: it has not been decoded yet.
    /// </summary>
    /// <exception cref="InvalidDataException">It begins before the output or ends after it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(Span<byte> output, int at, int offset, int length)
    {
        if ((uint)at > (uint)output.Length || (uint)(offset - 1) >= (uint)at || (uint)length > (uint)(output.Length - at))
            throw Refuse(output.Length, at, offset, length);
        if (offset >= Lane && length <= output.Length - at - Lane)
        {
            ref byte to = ref Unsafe.Add(ref MemoryMarshal.GetReference(output), at);
            ref byte from = ref Unsafe.Subtract(ref to, offset);
            for (int done = 0; done < length; done += Lane)
                Vector128.LoadUnsafe(ref from, (nuint)done).StoreUnsafe(ref to, (nuint)done);
            return;
        }
        CopyClose(output, at, offset, length);
    }

    static void CopyClose(Span<byte> output, int at, int offset, int length)
    {
        if (offset >= length)
        {
            output.Slice(at - offset, length).CopyTo(output[at..]);
            return;
        }
        if (offset == 1)
        {
            output.Slice(at, length).Fill(output[at - 1]);
            return;
        }
        // The pattern doubles with each copy.
        int start = at - offset, known = offset;
        while (length > 0)
        {
            int part = Math.Min(known, length);
            output.Slice(start, part).CopyTo(output[at..]);
            at += part;
            length -= part;
            known += part;
        }
    }

    static InvalidDataException Refuse(int total, int at, int offset, int length) =>
        new($"expected a copy within {at} bytes before and {total - at} after, found one of {length} from {offset} before");
}
