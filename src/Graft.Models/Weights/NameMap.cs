using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Graft.Models;

/// <summary>
/// What an origin calls our weights, both ways. A rule says that what stands at a path of ours stands at a path of theirs, with
/// all below it; a <c>*</c> is one number or word, the same on both sides, in order. A rule without stars goes before one with
/// stars, the longer path before the shorter; among those with stars the first that fits holds.
/// <code>
/// NameMap huggingFace = [("stem.0", "convnext.embeddings.patch_embeddings"), ("stages.*.blocks.*.conv_dw", "...")];
/// </code>
/// Braces stand for tensors stacked along dimension 0, of one size each: <c>("attn.qkv", "self.{query,key,value}")</c> says that
/// ours is three of theirs; <c>("attn.{q_bias,-,v_bias}", "attn.qkv.bias")</c> that theirs is two of ours, with zeros between.
/// </summary>
[CollectionBuilder(typeof(NameMap), nameof(Create))]
public sealed class NameMap : IEnumerable<(string Ours, string Theirs)>
{
    readonly (string Ours, string Theirs)[] rules;
    readonly Direction toTheirs, toOurs;

    NameMap((string Ours, string Theirs)[] rules)
    {
        this.rules = rules;
        toTheirs = new Direction(rules, toTheirs: true);
        toOurs = new Direction(rules, toTheirs: false);
    }

    /// <summary>A map in which every name is its own.</summary>
    public static NameMap Same { get; } = [("", "")];

    /// <summary>A map of these rules.</summary>
    public static NameMap Create(ReadOnlySpan<(string Ours, string Theirs)> rules) => new(rules.ToArray());

    /// <summary>The map of a network that stands below a path of ours, and below one of theirs; the root is empty.</summary>
    internal NameMap Below(string ours, string theirs)
    {
        return new([.. rules.Select(rule => (Joined(ours, rule.Ours), Joined(theirs, rule.Theirs)))]);

        static string Joined(string path, string name) =>
            path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";
    }

    /// <summary>What they call our weight, or the first of its parts; null where no rule fits.</summary>
    public string? ToTheirs(string ours) => Parts(ours) is [{ Name: { } first }, ..] ? first : null;

    /// <summary>
    /// What we call their weight; null where no rule fits. Where theirs is several of ours, the first of them.
    /// </summary>
    public string? ToOurs(string theirs) => toOurs.Translate(theirs)?.Name;

    /// <summary>Where our weight stands in their files: as a rule in one tensor; empty where no rule fits.</summary>
    public IReadOnlyList<TensorPart> Parts(string ours)
    {
        if (toTheirs.Translate(ours) is not { } theirs) return [];
        return theirs.Name.Contains('{') ? [.. Spread(theirs.Name).Select(name => new TensorPart(name))] : [theirs];
    }

    /// <summary>All names that braces stand for, in order.</summary>
    static string[] Spread(string name)
    {
        int open = name.IndexOf('{'), close = name.IndexOf('}', open);
        return [.. name[(open + 1)..close].Split(',').Select(each => $"{name[..open]}{each}{name[(close + 1)..]}")];
    }

    /// <inheritdoc/>
    public IEnumerator<(string Ours, string Theirs)> GetEnumerator() => ((IEnumerable<(string, string)>)rules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The rules one way: those of plain paths by their path, those with stars in their order.</summary>
    sealed class Direction
    {
        const int MaxStars = 4;
        readonly Dictionary<string, TensorPart> paths = new(StringComparer.Ordinal);
        readonly Dictionary<string, TensorPart>.AlternateLookup<ReadOnlySpan<char>> byPath;
        readonly List<(string From, int Start, TensorPart To)> stars = [];

        public Direction((string Ours, string Theirs)[] rules, bool toTheirs)
        {
            byPath = paths.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach ((string ours, string theirs) in rules)
            {
                // a file's names are hostile: only rules are searched for braces
                (string from, string to) = toTheirs ? (ours, theirs) : (theirs, ours.Contains('{') ? Spread(ours)[0] : ours);
                if (!from.Contains('{'))
                {
                    Add(from, new TensorPart(to));
                    continue;
                }
                string[] each = Spread(from);
                for (int i = 0; i < each.Length; i++)
                    if (!each[i].Split('.').Contains("-")) // ours is a slice of theirs; one of theirs is of all ours
                        Add(each[i], toTheirs ? new TensorPart(to, i, each.Length) : new TensorPart(to));
            }
        }

        void Add(string from, TensorPart to)
        {
            int star = from.IndexOf('*');
            if (star < 0) paths.TryAdd(from, to);
            else stars.Add((from, star, to));
        }

        public TensorPart? Translate(string name)
        {
            for (int end = name.Length; end > 0; end = name.AsSpan(0, end).LastIndexOf('.'))
                if (byPath.TryGetValue(name.AsSpan(0, end), out TensorPart to))
                {
                    // a path may become the root, under which no dot stands
                    string rest = to.Name.Length == 0 && end < name.Length ? name[(end + 1)..] : name[end..];
                    return to with { Name = to.Name + rest };
                }
            foreach ((string from, int start, TensorPart to) in stars)
                if (string.CompareOrdinal(name, 0, from, 0, start) == 0 && WithStars(name, from, to.Name) is { } result)
                    return to with { Name = result };
            if (!paths.TryGetValue("", out TensorPart root)) return null;
            return root with { Name = root.Name.Length == 0 ? name : $"{root.Name}.{name}" };
        }

        /// <summary>The name, which stands at one path, put at the other; null where it does not stand there.</summary>
        static string? WithStars(string name, string from, string to)
        {
            Span<Range> found = stackalloc Range[MaxStars];
            int count = 0, at = 0;
            foreach (char letter in from)
            {
                if (letter == '*')
                {
                    int end = name.IndexOf('.', at);
                    if (end < 0) end = name.Length;
                    if (end == at) return null;
                    found[count++] = at..end;
                    at = end;
                }
                else if (at < name.Length && name[at] == letter) at++;
                else return null;
            }
            if (at < name.Length && name[at] != '.') return null;
            var result = new StringBuilder(name.Length + to.Length);
            int used = 0;
            foreach (char letter in to)
                if (letter == '*') result.Append(name.AsSpan()[found[used++]]);
                else result.Append(letter);
            return result.Append(name, at, name.Length - at).ToString();
        }
    }
}
