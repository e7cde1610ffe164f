using System.Globalization;
using System.Text.RegularExpressions;
using Graft.Nn;

namespace Graft.Models;

/// <summary>
/// How deep each weight of a model stands: 0 for the stem, then block by block, the head last. Finer than
/// <see cref="ImageModel.LayerGroups"/>; layer-wise decay goes by it. As timm's group matchers: what lies between two stages
/// counts with the block that follows, a last norm or convolution, or that of a stage, with the block before it. ConvNeXt as its
/// paper's code has it: three blocks share a depth, and the last norm has the head's.
/// </summary>
public sealed partial class LayerDepths
{
    readonly Dictionary<string, int> depths = new(StringComparer.Ordinal);

    /// <summary>The depths of a model's weights.</summary>
    public LayerDepths(ImageModel model)
    {
        int depth = -1;
        IReadOnlyList<LayerGroup> groups = model.LayerGroups;
        for (int i = 0; i < groups.Count; i++)
        {
            bool isHead = model.Head is not null && i == groups.Count - 1;
            string[] names = [.. model.Parameters.Weights.Select(weight => weight.Name).Where(groups[i].Contains)];
            bool goesOn = i > 0 && !isHead && !EndsInNumber(groups[i].Paths[0]);
            if (i == 0 || isHead || goesOn) // one unit as a whole
            {
                if (!goesOn) depth++;
                foreach (string name in names) depths[name] = depth;
            }
            else depth = AddBlocks(groups[i], names, depth + 1, model.Backbone.BlocksPerDepth);
        }
        if (model.Head is not null && model.Backbone.LastNormHasHeadsDepth)
            foreach (string name in model.Backbone.LayerGroups[^1].Paths.Where(path => !EndsInNumber(path)))
                foreach (string weight in depths.Keys.Where(weight => ModulePath.IsWithin(weight, name)).ToArray())
                    depths[weight] = depth;
        Count = depth + 1;
    }

    /// <summary>How many depths there are: the head's is one less.</summary>
    public int Count { get; }

    /// <summary>The depth of a weight, also of one that came to the model later.</summary>
    public int this[string name]
    {
        get
        {
            // an adapter stands below the layer that it belongs to
            for (string path = name; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf('.'))])
            {
                if (depths.TryGetValue(path, out int depth) || depths.TryGetValue(path + ".weight", out depth)) return depth;
            }
            return Count - 1;
        }
    }

    /// <summary>Gives the blocks of a group their depths from a first one on; the last depth given.</summary>
    int AddBlocks(LayerGroup group, string[] names, int first, int blocksPerDepth)
    {
        const int AfterLast = int.MaxValue;
        // which block of the group: by the number of its path, or by the number that follows the stage's path
        Dictionary<string, (int Path, int Block)> blocks = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            int path = group.Paths.Select((place, at) => (place, at)).First(item => ModulePath.IsWithin(name, item.place)).at;
            string place = group.Paths[path];
            if (!EndsInNumber(place)) blocks[name] = (int.MaxValue, 0); // after the last block
            else if (BlockNumber().Match(name, Math.Min(name.Length, place.Length + 1)) is { Success: true } match)
                blocks[name] = (path, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            else if (name.AsSpan(Math.Min(name.Length, place.Length)).StartsWith(".norm."))
                blocks[name] = (path, AfterLast); // a stage's own norm ends it
            else blocks[name] = (path, -1); // before the first block, or the path is a block itself
        }
        (int Path, int Block)[] order = [.. blocks.Values
            .Where(block => block.Path != int.MaxValue && block.Block != AfterLast)
            .Where(block => block.Block >= 0 || !blocks.Values.Any(other =>
                other.Path == block.Path && other.Block is >= 0 and < AfterLast))
            .Distinct().Order()];
        int last = first + Math.Max(0, order.Length - 1) / blocksPerDepth;
        foreach ((string name, (int path, int block)) in blocks)
        {
            int place = block == AfterLast ? Array.FindLastIndex(order, item => item.Path == path)
                : Array.FindIndex(order, item => item.Path == path && item.Block >= block);
            depths[name] = path == int.MaxValue ? last : first + place / blocksPerDepth;
        }
        return last;
    }

    static bool EndsInNumber(string path) => StageEnd().IsMatch(path);

    [GeneratedRegex(@"(^|\.)(\d+|layer\d+|s\d+)$")]
    private static partial Regex StageEnd();

    [GeneratedRegex(@"\G(?:blocks\.|b)?(\d+)\.")]
    private static partial Regex BlockNumber();
}
