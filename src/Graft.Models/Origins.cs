namespace Graft.Models;

/// <summary>The names of <see cref="Origin"/>s, as <c>--arch origin:name</c> takes them.</summary>
public static class Origins
{
    static readonly (string Name, Origin Origin)[] names =
    [
        ("hf", Origin.HuggingFace), ("timm", Origin.Timm), ("torchvision", Origin.TorchVision), ("facebook", Origin.Facebook),
        ("cifar", Origin.Cifar), ("flax", Origin.Flax), ("graft", Origin.Graft), ("torchscript", Origin.TorchScript),
        ("huggingface", Origin.HuggingFace), ("transformers", Origin.HuggingFace), ("tv", Origin.TorchVision),
        ("akamaster", Origin.Cifar),
    ];

    /// <summary>The short name: <c>hf</c>, <c>timm</c>, <c>torchvision</c>, <c>facebook</c>, <c>cifar</c>.</summary>
    public static string ShortName(this Origin origin)
    {
        foreach ((string name, Origin candidate) in names)
            if (candidate == origin) return name;
        throw new ArgumentOutOfRangeException(nameof(origin), $"no such origin: {(int)origin}");
    }

    /// <summary>Reads a short name, or one of its other names (<c>huggingface</c>, <c>tv</c>).</summary>
    public static bool TryParse(string text, out Origin origin)
    {
        foreach ((string name, Origin candidate) in names)
        {
            if (!name.Equals(text, StringComparison.OrdinalIgnoreCase)) continue;
            origin = candidate;
            return true;
        }
        origin = default;
        return false;
    }
}
