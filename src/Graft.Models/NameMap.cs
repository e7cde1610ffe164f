using System.Collections;
using System.Runtime.CompilerServices;

namespace Graft.Models;

/// <summary>
/// What an origin calls our weights, both ways. A rule says that what stands at a path of ours stands at a path of theirs, with
/// all
/// below it; a <c>*</c> is one number or word, the same on both sides, in order. The first rule that fits holds.
/// <code>
/// NameMap huggingFace = [("stem.0", "convnext.embeddings.patch_embeddings"), ("stages.*.blocks.*.conv_dw", "...")];
/// </code>
/// </summary>
[CollectionBuilder(typeof(NameMap), nameof(Create))]
public sealed class NameMap : IEnumerable<(string Ours, string Theirs)>
{
    readonly (string Ours, string Theirs)[] rules;
    readonly Dictionary<string, string?> toTheirs = new(StringComparer.Ordinal), toOurs = new(StringComparer.Ordinal);

    NameMap((string Ours, string Theirs)[] rules) => this.rules = rules;

    /// <summary>A map in which every name is its own.</summary>
    public static NameMap Same { get; } = [("", "")];

    /// <summary>A map of these rules.</summary>
    public static NameMap Create(ReadOnlySpan<(string Ours, string Theirs)> rules) => new(rules.ToArray());

    /// <summary>What they call our weight; null where no rule fits.</summary>
    public string? ToTheirs(string ours)
    {
        lock (toTheirs)
        {
            if (toTheirs.TryGetValue(ours, out string? known)) return known;
            string? theirs = null;
            foreach ((string left, string right) in rules)
                if ((theirs = Translate(ours, left, right)) is not null) break;
            return toTheirs[ours] = theirs;
        }
    }

    /// <summary>What we call their weight; null where no rule fits.</summary>
    public string? ToOurs(string theirs)
    {
        lock (toOurs)
        {
            if (toOurs.TryGetValue(theirs, out string? known)) return known;
            string? ours = null;
            foreach ((string left, string right) in rules)
                if ((ours = Translate(theirs, right, left)) is not null) break;
            return toOurs[theirs] = ours;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<(string Ours, string Theirs)> GetEnumerator() => ((IEnumerable<(string, string)>)rules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// The name under <paramref name="from"/> put under <paramref name="to"/>; null where it does not stand there.
    /// </summary>
    static string? Translate(string name, string from, string to)
    {
        const int MaxStars = 4;
        Span<Range> stars = stackalloc Range[MaxStars];
        int count = 0, at = 0;
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] == '*')
            {
                int end = name.IndexOf('.', at);
                if (end < 0) end = name.Length;
                if (end == at) return null;
                stars[count++] = at..end;
                at = end;
            }
            else if (at < name.Length && name[at] == from[i]) at++;
            else return null;
        }
        if (from.Length > 0 && at < name.Length && name[at] != '.') return null;
        string tail = name[at..];
        if (to.Length == 0) return tail;

        var result = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        int used = 0;
        foreach (char letter in to)
            if (letter == '*') result.AppendFormatted(name.AsSpan()[stars[used++]]);
            else result.AppendFormatted(letter);
        if (from.Length == 0) result.AppendLiteral(".");
        result.AppendLiteral(tail);
        return result.ToStringAndClear();
    }
}
