namespace Graft.Formats;

/// <summary>What wrappers do to the names of weights, and how to undo it.</summary>
public static class WeightNames
{
    /// <summary>
    /// The prefixes that wrappers put before every name, none of which is part of a model: <c>module.</c> (DataParallel,
    /// DistributedDataParallel), <c>_orig_mod.</c> (torch.compile), <c>_fsdp_wrapped_module.</c>.
    /// </summary>
    public static IReadOnlyList<string> WrapperPrefixes { get; } = ["module.", "_orig_mod.", "_fsdp_wrapped_module."];

    /// <summary>
    /// The longest prefix of whole path segments that all names share, with its dot; never a whole name, and empty when there is
    /// none: <c>model.</c> for <c>model.conv.weight</c> and <c>model.fc.weight</c>.
    /// </summary>
    public static string CommonPrefix(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0) return "";
        ReadOnlySpan<char> prefix = names[0].AsSpan(0, names[0].LastIndexOf('.') + 1);
        for (int i = 1; i < names.Count && prefix.Length > 0; i++)
        {
            int shared = prefix.CommonPrefixLength(names[i]);
            prefix = prefix[..(prefix[..shared].LastIndexOf('.') + 1)];
        }
        return prefix.ToString();
    }

    /// <summary>
    /// The names without the <see cref="WrapperPrefixes"/> that every one of them carries; <paramref name="prefix"/> is what was
    /// taken off (empty for none, <c>module._orig_mod.</c> for two wrappers).
    /// </summary>
    public static IReadOnlyList<string> StripWrappers(IReadOnlyList<string> names, out string prefix)
    {
        ArgumentNullException.ThrowIfNull(names);
        prefix = "";
        string common = CommonPrefix(names);
        while (WrapperPrefixes.FirstOrDefault(one => common.AsSpan(0).StartsWith(one)) is { } found)
        {
            prefix += found;
            common = common[found.Length..];
        }
        return Strip(names, prefix);
    }

    /// <summary>The names without the longest prefix of whole segments that all share, whatever it is called.</summary>
    public static IReadOnlyList<string> StripCommonPrefix(IReadOnlyList<string> names, out string prefix)
    {
        prefix = CommonPrefix(names);
        return Strip(names, prefix);
    }

    static IReadOnlyList<string> Strip(IReadOnlyList<string> names, string prefix)
    {
        if (prefix.Length == 0) return names;
        string[] stripped = new string[names.Count];
        for (int i = 0; i < stripped.Length; i++) stripped[i] = names[i][prefix.Length..];
        return stripped;
    }
}
