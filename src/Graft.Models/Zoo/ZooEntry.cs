namespace Graft.Models;

/// <summary>What there is to know of a named variant without building it: for lists.</summary>
public sealed class ZooEntry
{
    ZooEntry(ModelVariant variant, IReadOnlyList<PublishedWeights> weights)
    {
        Variant = variant;
        Weights = weights;
        // the origin's own choice, else the most accurate
        Main = weights.FirstOrDefault(one => one.IsDefault) ?? weights.MaxBy(one => one.Top1 ?? one.MeanIou ?? 0);
        Height = variant.Preprocess.Height;
        Width = variant.Preprocess.Width;
        MultiplyAdds = Models.MultiplyAdds.Known(variant);
    }

    /// <summary>The variant.</summary>
    public ModelVariant Variant { get; }

    /// <summary>The weights that its origin publishes, as far as Graft knows them.</summary>
    public IReadOnlyList<PublishedWeights> Weights { get; }

    /// <summary>Those that its origin takes where no others are named; null where it has none.</summary>
    public PublishedWeights? Main { get; }

    /// <summary>Height of the network's input.</summary>
    public int Height { get; }

    /// <summary>Width of the network's input.</summary>
    public int Width { get; }

    /// <summary>What it says: <c>classification</c> of an image, or <c>segmentation</c>, of every pixel.</summary>
    public string Task => Variant.Segments ? "segmentation" : "classification";

    /// <summary>Multiply-adds of one image of that size; null where they were not counted yet.</summary>
    public long? MultiplyAdds { get; }

    /// <summary>The licence of its main weights, or of the origin's code.</summary>
    public string Licence => Main?.Licence ?? Variant.Licence;

    /// <summary>Everything in the zoo.</summary>
    public static IReadOnlyList<ZooEntry> All()
    {
        ILookup<(Origin, string), PublishedWeights> published = PublishedWeights.All.ToLookup(one => (one.Origin, one.Model));
        return [.. ModelZoo.Variants.Select(
            variant => new ZooEntry(variant, [.. published[(variant.Origin, variant.Name)]]))];
    }

    /// <summary>One variant.</summary>
    public static ZooEntry Of(ModelVariant variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return new ZooEntry(variant, PublishedWeights.Of(variant));
    }

    /// <summary>Multiply-adds of one image: counted by running the network once where they are not known.</summary>
    public long CountMultiplyAdds() => MultiplyAdds ?? Models.MultiplyAdds.Count(Variant);
}
