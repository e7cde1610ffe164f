namespace Graft.Cli;

/// <summary>Names as people sort them: resnet18 before resnet101.</summary>
sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        while (left.Length > 0 && right.Length > 0)
        {
            int compared;
            if (char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0]))
            {
                ReadOnlySpan<char> one = Digits(ref left), other = Digits(ref right);
                compared = one.Length != other.Length ? one.Length - other.Length : one.SequenceCompareTo(other);
            }
            else
            {
                compared = char.ToLowerInvariant(left[0]) - char.ToLowerInvariant(right[0]);
                left = left[1..];
                right = right[1..];
            }
            if (compared != 0) return compared;
        }
        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(x, y);
    }

    /// <summary>The number at the front, without zeros before it, taken off.</summary>
    static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits.TrimStart('0');
    }
}
