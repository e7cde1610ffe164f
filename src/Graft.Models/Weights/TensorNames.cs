using Graft.Formats;

namespace Graft.Models;

/// <summary>The arrays of a file by name, without what wrappers put before every name.</summary>
sealed class TensorNames
{
    static readonly string[] prefixes =
        ["module.", "_orig_mod.", "_fsdp_wrapped_module.", "model.", "timm_model.", "backbone.", "net."];
    readonly Dictionary<string, ArrayEntry> entries;

    TensorNames(Dictionary<string, ArrayEntry> entries, string prefix)
    {
        this.entries = entries;
        Prefix = prefix;
    }

    /// <summary>What was taken off every name; empty for nothing.</summary>
    public string Prefix { get; }

    /// <summary>The names, in the file's order.</summary>
    public IEnumerable<string> Names => entries.Keys;

    /// <summary>The number of arrays.</summary>
    public int Count => entries.Count;

    /// <summary>The arrays of a file.</summary>
    public static TensorNames Of(ArrayFile file)
    {
        string prefix = "";
        for (bool again = true; again;)
        {
            again = false;
            foreach (string candidate in prefixes)
            {
                if (file.Entries.Count == 0 || !AllStart(file.Entries, prefix, candidate)) continue;
                prefix += candidate;
                again = true;
            }
        }
        var entries = new Dictionary<string, ArrayEntry>(file.Entries.Count, StringComparer.Ordinal);
        foreach (ArrayEntry entry in file.Entries) entries[entry.Name[prefix.Length..]] = entry;
        return new TensorNames(entries, prefix);
    }

    /// <summary>The same arrays with a prefix before each name that does not stand outside of it.</summary>
    public TensorNames Under(string prefix, Func<string, bool> outside)
    {
        var under = new Dictionary<string, ArrayEntry>(entries.Count, StringComparer.Ordinal);
        foreach ((string name, ArrayEntry entry) in entries) under[outside(name) ? name : prefix + name] = entry;
        return new TensorNames(under, Prefix);
    }

    /// <summary>Those that stand below a prefix, which another takes the place of.</summary>
    public TensorNames Below(string prefix, string instead = "")
    {
        var below = new Dictionary<string, ArrayEntry>(StringComparer.Ordinal);
        foreach ((string name, ArrayEntry entry) in entries)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) below[instead + name[prefix.Length..]] = entry;
        return new TensorNames(below, Prefix);
    }

    /// <summary>The array of that name, or null.</summary>
    public ArrayEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>Whether there is an array of that name.</summary>
    public bool Has(string name) => entries.ContainsKey(name);

    /// <summary>A size of the array of that name; 0 where there is no such array or size.</summary>
    public int Size(string name, int dimension)
    {
        if (Find(name) is not { } entry || dimension >= entry.Shape.Count) return 0;
        long size = entry.Shape[dimension];
        return size is > 0 and <= 1 << 20 ? (int)size : 0;
    }

    /// <summary>How many of name(0), name(1), ... there are before the first that is not there.</summary>
    public int CountWhile(Func<int, string> name)
    {
        int count = 0;
        while (count < 1000 && Has(name(count))) count++;
        return count;
    }

    static bool AllStart(IReadOnlyList<ArrayEntry> all, string before, string prefix)
    {
        foreach (ArrayEntry entry in all)
            if (entry.Name.Length <= before.Length || !entry.Name.AsSpan(before.Length).StartsWith(prefix)) return false;
        return true;
    }
}
