namespace Graft.Models;

/// <summary>
/// Brings models that are named here: repositories of the Hugging Face Hub (<c>facebook/convnext-tiny-224</c>,
/// <c>hf_hub:timm/resnet18.a1_in1k</c>) and torchvision's weight enums (<c>resnet50:IMAGENET1K_V2</c>).
/// </summary>
public static class ModelHub
{
    static readonly string[] weightEndings =
        [".safetensors", ".bin", ".pth", ".pt", ".th", ".msgpack", ".ckpt", ".json", ".npz", ".h5"];

    /// <summary>Whether a name is of a kind that is fetched, when there is no file or folder of that name.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        HubSettings settings = HubSettings.FromEnvironment();
        return !Path.Exists(name) && (Published(name) is not null || RepositoryOf(name, settings) is not null);
    }

    /// <summary>Fetches a model, or what of it is missing here.</summary>
    /// <param name="name">a repository of the Hub, or a weight enum of torchvision</param>
    /// <param name="options">how; null for the defaults</param>
    /// <exception cref="HubException">It cannot be had.</exception>
    /// <exception cref="ArgumentException">
    /// The name is of no kind that is fetched, or torchvision has no such weights.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped; the next try goes on from there.</exception>
    public static FetchedModel Fetch(string name, FetchOptions? options = null) =>
        TryFetch(name, options) ?? throw new ArgumentException(
            $"{name}: expected a repository of the Hugging Face Hub (org/name), or weights of torchvision " +
            $"(resnet50:DEFAULT).{Hint(name)}");

    /// <summary>The same, giving null for a name of no such kind.</summary>
    internal static FetchedModel? TryFetch(string name, FetchOptions? options)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new FetchOptions();
        HubSettings settings = options.Settings ?? HubSettings.FromEnvironment();
        PublishedWeights? published = Published(name);
        HubName? repository = published is null || published.Origin != Origin.TorchVision ? RepositoryOf(name, settings) : null;
        if (published is null && repository is null) return null;
        if (options.Revision is { } revision)
        {
            if (repository is null)
                throw new ArgumentException($"{name}: has no revisions: a revision belongs to a repository of the Hub");
            if (!HubName.IsRevision(revision))
                throw new ArgumentException($"{name}: expected a branch, tag or commit as the revision, found '{revision}'");
            if (repository.Value.Revision is { } said && said != revision)
                throw new ArgumentException($"{name}: names the revision {said}, and {revision} was asked for: name one");
            repository = repository.Value with { Revision = revision };
        }
        using var web = new WebClient(settings, options.Progress);
        return (repository is { } one
            ? new HubRepository(one, settings, web, options.Progress, options.Cancellation).FetchAsync(name)
            : new TorchVisionFiles(settings, web, options.Progress, options.Cancellation).FetchAsync(name, published!))
            .GetAwaiter().GetResult();
    }

    /// <summary>Published weights near a name.</summary>
    internal static IReadOnlyList<string> Near(string name)
    {
        IEnumerable<string> known =
            PublishedWeights.All.Where(one => one.Origin != Origin.TorchVision).Select(one => one.Location);
        string[] tagged = [.. known.Where(one => one.StartsWith(name + ".", StringComparison.Ordinal)).Take(3)];
        return tagged.Length > 0 ? tagged : Suggest.Nearest(name, known);
    }

    static string Hint(string name)
    {
        IEnumerable<string> names = PublishedWeights.All.SelectMany(one =>
            (string[])[one.FullName, one.Model, $"{one.Origin.ShortName()}:{one.Model}"]);
        IReadOnlyList<PublishedWeights> its = ModelZoo.TryFindVariant(name) is { } variant ? PublishedWeights.Of(variant) : [];
        IReadOnlyList<string> near = its.Count > 0 ? [.. its.Take(3).Select(one => one.FullName)] : Suggest.Nearest(name, names);
        return near.Count > 0 ? $" Did you mean {string.Join(", ", near)}?" : "";
    }

    /// <exception cref="ArgumentException">torchvision knows the architecture, but has no weights of that name.</exception>
    static PublishedWeights? Published(string name)
    {
        if (PublishedWeights.Find(name) is { } found) return found;
        string[] parts = name.Split(':');
        if (parts.Length is not (2 or 3)) return null;
        string model = parts[^2];
        if (parts.Length == 3 && !(Origins.TryParse(parts[0], out Origin origin) && origin == Origin.TorchVision)) return null;
        string[] tags = [.. PublishedWeights.All.Where(one => one.Origin == Origin.TorchVision && one.Model == model)
            .Select(one => one.Tag)];
        return tags.Length == 0 ? null : throw new ArgumentException(
            $"{name}: torchvision has no weights '{parts[^1]}' of {model}: expected {string.Join(" or ", tags)}, or DEFAULT");
    }

    /// <summary>The repository that a name means; null where it means a path, or nothing.</summary>
    static HubName? RepositoryOf(string name, HubSettings settings)
    {
        if (PublishedWeights.Find(name) is { Origin: not Origin.TorchVision } known) return new HubName(known.Location, null);
        // a tag that the table does not have yet
        if (name.StartsWith("timm:", StringComparison.Ordinal) && name.Contains('.')) name = "timm/" + name["timm:".Length..];
        if (!HubName.TryParse(name, settings.Endpoint, out HubName parsed)) return null;
        if (HubName.IsExplicit(name, settings.Endpoint)) return parsed;
        // org/name also looks like a path: one into a folder that is here, or to a file of weights, is meant as such
        bool isPath = weightEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            || Directory.Exists(name.Split('/')[0]);
        return isPath ? null : parsed;
    }
}
