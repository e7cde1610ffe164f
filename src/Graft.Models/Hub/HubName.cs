using System.Text.RegularExpressions;

namespace Graft.Models;

/// <summary>A repository of the Hub and, perhaps, a revision of it: <c>facebook/convnext-tiny-224@main</c>.</summary>
readonly partial record struct HubName(string Repository, string? Revision)
{
    static readonly string[] prefixes = ["hf_hub:", "hf-hub:", "hf://", "https://huggingface.co/", "https://hf.co/"];

    /// <summary>Whether a name says that it is one of the Hub, by <c>hf_hub:</c>, <c>hf-hub:</c> or an address.</summary>
    public static bool IsExplicit(string text, string endpoint) => WithoutPrefix(text, endpoint) is not null;

    /// <summary>
    /// Reads <c>org/name</c>, with <c>@revision</c>, after <c>hf_hub:</c>, <c>hf-hub:</c>, <c>hf://</c> or the Hub's address. A
    /// name without an organisation needs one of these.
    /// </summary>
    public static bool TryParse(string text, string endpoint, out HubName name)
    {
        name = default;
        string? rest = WithoutPrefix(text, endpoint);
        bool plain = rest is null;
        rest ??= text;
        string? revision = null;
        if (!plain && Tree().Match(rest) is { Success: true } tree)
            (rest, revision) = (rest[..tree.Index], Uri.UnescapeDataString(tree.Groups[1].Value));
        else if (rest.IndexOf('@') is >= 0 and int at)
            (rest, revision) = (rest[..at], rest[(at + 1)..]);
        if (revision is not null && !IsRevision(revision)) return false;
        string[] parts = rest.TrimEnd('/').Split('/');
        if (parts.Length > 2 || (plain && parts.Length != 2) || !parts.All(IsPart)) return false;
        name = new HubName(string.Join('/', parts), revision);
        return true;
    }

    /// <summary>What git and the Hub take as a branch, tag or commit, and what is safe in a path.</summary>
    public static bool IsRevision(string text) =>
        text.Length is > 0 and <= 250
        && text.Split('/').All(part => part is not ("" or "." or "..") && Revisions().IsMatch(part));

    static string? WithoutPrefix(string text, string endpoint)
    {
        foreach (string prefix in (string[])[.. prefixes, endpoint + "/"])
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return text[prefix.Length..];
        return null;
    }

    // the Hub's own rule: letters, digits, - _ . and neither -- nor .. nor - or . at an end, 96 characters
    static bool IsPart(string part) =>
        part.Length is > 0 and <= 96 && Parts().IsMatch(part) && !part.Contains("--") && !part.Contains("..")
        && part[0] is not ('-' or '.') && part[^1] is not ('-' or '.');

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z")]
    private static partial Regex Parts();

    [GeneratedRegex(@"^[A-Za-z0-9._+=,#-]+\z")]
    private static partial Regex Revisions();

    [GeneratedRegex("/tree/([^/?#]+)/?$")]
    private static partial Regex Tree();
}
