using Graft.Nn;

namespace Graft.Models;

/// <summary>What only a built network tells of a variant; its weights are not drawn.</summary>
public sealed class ZooDetails
{
    /// <summary>Builds the network of an entry and, where its multiply-adds are not known, runs it once.</summary>
    public ZooDetails(ZooEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ModelVariant variant = entry.Variant;
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, variant.Name, variant.Preprocess);
        model.Evaluate();
        MultiplyAdds = entry.MultiplyAdds ?? Models.MultiplyAdds.Count(model, entry.Height, entry.Width);
        Features = model.FeatureCount;
        Classes = model.Classes;
        HeadParameters = Count(model, model.IsOfHead);
        LayerGroups = [.. model.LayerGroups.Select(group => (group.Name, Count(model, group.Contains)))];
    }

    /// <summary>Multiply-adds of one image of the variant's size.</summary>
    public long MultiplyAdds { get; }

    /// <summary>D: how many features the head sees.</summary>
    public int Features { get; }

    /// <summary>K: the number of classes of the origin's weights.</summary>
    public int Classes { get; }

    /// <summary>Trained parameters of the head.</summary>
    public long HeadParameters { get; }

    /// <summary>
    /// The groups of layers from stem to head, as <c>graft train --unfreeze</c> counts them, with their parameters.
    /// </summary>
    public IReadOnlyList<(string Name, long Parameters)> LayerGroups { get; }

    static long Count(ImageModel model, Func<string, bool> contains)
    {
        long count = 0;
        foreach (Parameter parameter in model.Parameters.Weights)
            if (contains(parameter.Name)) count += parameter.Value.ElementCount;
        return count;
    }
}
