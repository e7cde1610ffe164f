namespace Graft.Imaging;

/// <summary>
/// Masks as lengths of runs, down the columns one after another, outside first: COCO's RLE, in numbers and in its text.
/// </summary>
public static class RunLengths
{
    /// <summary>The lengths that COCO's text holds: 5 bits a letter from '0' on, the sixth says that more come; from the fourth
    /// number on each is the difference from the one before the last.</summary>
    /// <exception cref="FormatException">The text ends within a number, has other letters, or a length is negative.</exception>
    public static int[] Parse(string text)
    {
        List<int> lengths = [];
        for (int at = 0; at < text.Length;)
        {
            long value = 0;
            int shift = 0, bits;
            do
            {
                if (at == text.Length) throw new FormatException("run lengths: the text ends within a number.");
                bits = text[at++] - '0';
                if (bits is < 0 or > 63 || shift > 30)
                    throw new FormatException("run lengths: expected COCO's letters, '0' to 'o'.");
                value |= (long)(bits & 31) << shift;
                shift += 5;
            }
            while ((bits & 32) != 0);
            if ((bits & 16) != 0) value |= -1L << shift;
            if (lengths.Count > 2) value += lengths[^2];
            if (value is < 0 or > int.MaxValue) throw new FormatException($"run lengths: expected lengths, found {value}.");
            lengths.Add((int)value);
        }
        return [.. lengths];
    }

    /// <summary>Gives the pixels inside a value.</summary>
    /// <param name="mask">The mask, of the size that the runs were made for; changed.</param>
    /// <param name="lengths">The lengths: outside, inside, outside, ...</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The lengths do not add up to the mask's pixels.</exception>
    public static void Fill(IndexMask mask, ReadOnlySpan<int> lengths, ushort value)
    {
        long sum = 0;
        foreach (int length in lengths)
        {
            if (length < 0) throw new ArgumentException($"run lengths: expected lengths, found {length}.");
            sum += length;
        }
        if (sum != (long)mask.Width * mask.Height)
            throw new ArgumentException(
                $"run lengths: expected as many as {mask.Width} x {mask.Height} pixels have, found {sum}.");
        Span<ushort> values = mask.Pixels;
        int x = 0, y = 0;
        for (int run = 0; run < lengths.Length; run++)
            for (int left = lengths[run]; left > 0;)
            {
                int taken = Math.Min(left, mask.Height - y);
                if ((run & 1) != 0)
                    for (int row = y; row < y + taken; row++) values[row * mask.Width + x] = value;
                (left, y) = (left - taken, y + taken);
                if (y == mask.Height) (x, y) = (x + 1, 0);
            }
    }
}
