using System.Text.Json;
using Graft.Tests;

namespace Graft.Formats.Tests;

/// <summary>The files that tools/golden/formats.py wrote with torch.save, and what they hold.</summary>
static class GoldenFiles
{
    public static string Folder { get; } = Path.Combine(SharedFiles.Repository, "tests", "Graft.Formats.Tests", "Golden");

    public static JsonElement Expected { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "formats.json"))).RootElement;

    public static IEnumerable<string> With(string field) =>
        Expected.EnumerateObject().Where(file => file.Value.TryGetProperty(field, out _)).Select(file => file.Name);

    public static string At(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(At(name));
}
