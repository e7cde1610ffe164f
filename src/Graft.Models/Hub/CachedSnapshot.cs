using System.Text.Json;

namespace Graft.Models;

/// <summary>What the cache has of a repository's revision, and what it lacks.</summary>
/// <param name="Commit">the commit that the revision was; null where the cache does not know it</param>
/// <param name="Files">the files of the model that are there</param>
/// <param name="Problem">what is missing; null where the model is complete</param>
sealed record CachedSnapshot(string? Commit, IReadOnlyList<string> Files, string? Problem)
{
    public static CachedSnapshot Find(HubCache cache, string revision)
    {
        if (cache.CommitOf(revision) is not { } commit) return new(null, [], "it was never fetched");
        List<string> files = [];
        string? Lacks(string file) => cache.Has(commit, file) ? null : file;
        foreach (string file in (ReadOnlySpan<string>)["config.json", "preprocessor_config.json"])
            if (cache.Has(commit, file)) files.Add(file);
            else if (IsNeeded(cache, commit, file)) return new(commit, files, $"{file} is missing");
        string? weights = HubFiles.Weights.FirstOrDefault(file => cache.Has(commit, file))
            ?? OnlyOne(cache.SnapshotOf(commit));
        if (weights is null) return new(commit, files, $"{HubFiles.Weights[0]} is missing");
        files.Add(weights);
        if (!HubFiles.IsIndex(weights)) return new(commit, files, null);
        IReadOnlyList<string> parts = HubFiles.PartsOf(cache.PathOf(commit, weights));
        if (parts.Select(Lacks).FirstOrDefault(part => part is not null) is { } missing)
            return new(commit, files, $"{missing} is missing");
        files.AddRange(parts);
        return new(commit, files, null);
    }

    /// <summary>timm's repositories have no processor; of others without one, the Hub once said so.</summary>
    static bool IsNeeded(HubCache cache, string commit, string file)
    {
        if (cache.IsKnownMissing(commit, file)) return false;
        return file == "config.json" || !IsTimm(cache.PathOf(commit, "config.json"));
    }

    static bool IsTimm(string config)
    {
        if (!File.Exists(config) || new FileInfo(config).Length > 64 << 20) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(config));
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("architecture", out _) && !root.TryGetProperty("model_type", out _);
        }
        catch (JsonException)
        {
            return false; // whoever opens it says what is wrong
        }
    }

    static string? OnlyOne(string snapshot)
    {
        if (!Directory.Exists(snapshot)) return null;
        string[] found = Directory.GetFiles(snapshot, "*.safetensors");
        return found.Length == 1 && File.ResolveLinkTarget(found[0], true) is null or { Exists: true }
            ? Path.GetFileName(found[0]) : null;
    }
}
