namespace Graft.Data;

/// <summary>
/// Orders strings by Unicode code points, as Python's <c>sorted</c> does. Ordinal comparison in .NET goes by UTF-16 units, which
/// puts characters beyond U+FFFF before some below.
/// </summary>
public sealed class CodePointComparer : IComparer<string>
{
    /// <summary>The comparer.</summary>
    public static CodePointComparer Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        int common = Math.Min(x.Length, y.Length);
        int at = x.AsSpan(0, common).CommonPrefixLength(y.AsSpan(0, common));
        if (at == common) return x.Length.CompareTo(y.Length);
        return Rank(x[at]).CompareTo(Rank(y[at]));
    }

    // Surrogates stand for code points above all others; where two strings differ in a low surrogate, their high ones were equal.
    static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
