using System.Security.Cryptography;
using System.Text.Json;

namespace Graft.Models;

/// <summary>The SHA-256 of a file of weights, with all its parts.</summary>
static class FileHash
{
    public static string Of(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        foreach (string part in Parts(path))
        {
            using FileStream stream = new(part, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<string> Parts(string path)
    {
        if (!path.EndsWith(".index.json", StringComparison.Ordinal)) return [path];
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(path));
        string folder = Path.GetDirectoryName(path) ?? "";
        return index.RootElement.GetProperty("weight_map").EnumerateObject().Select(item => item.Value.GetString()!)
            .Distinct().Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name)).ToList();
    }
}
