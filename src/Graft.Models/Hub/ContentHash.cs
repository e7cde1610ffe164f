using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Graft.Models;

/// <summary>What a file's content must hash to, so far as its server or its name says.</summary>
/// <param name="Kind">which hash</param>
/// <param name="Expected">in lower-case hexadecimal</param>
readonly record struct ContentHash(ContentHash.Algorithm Kind, string Expected)
{
    public enum Algorithm
    {
        /// <summary>The server's tag is no hash of the content.</summary>
        None,

        /// <summary>SHA-256: the Hub's large files.</summary>
        Sha256,

        /// <summary>The SHA-1 that git gives a file: the Hub's other files.</summary>
        Git,

        /// <summary>The first digits of a SHA-256, in the file's name: torchvision's.</summary>
        Sha256Start,
    }

    /// <summary>The Hub tags large files by their SHA-256 and others by git's hash; mirrors may have tags of their own.</summary>
    public static ContentHash OfTag(string tag) => tag.Length switch
    {
        64 when IsHex(tag) => new(Algorithm.Sha256, tag.ToLowerInvariant()),
        40 when IsHex(tag) => new(Algorithm.Git, tag.ToLowerInvariant()),
        _ => new(Algorithm.None, ""),
    };

    /// <summary>torchvision's file names end in the first eight digits: <c>resnet50-11ad3fa6.pth</c>.</summary>
    public static ContentHash OfName(string name)
    {
        string stem = Path.GetFileNameWithoutExtension(name);
        string digits = stem[(stem.LastIndexOf('-') + 1)..];
        return digits.Length == 8 && IsHex(digits) ? new(Algorithm.Sha256Start, digits) : new(Algorithm.None, "");
    }

    /// <summary>The hash that a file has instead; null where it is as it must be.</summary>
    public string? Mismatch(string path, CancellationToken cancellation)
    {
        if (Kind == Algorithm.None) return null;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(Kind == Algorithm.Git ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (Kind == Algorithm.Git)
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            cancellation.ThrowIfCancellationRequested();
        }
        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found.StartsWith(Expected, StringComparison.Ordinal) ? null : found[..Expected.Length];
    }

    static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);
}
