namespace Graft.Data;

/// <summary>Finds the mask of each image of two folders: by the path below the folder, whatever the extensions are.</summary>
static class PairMatcher
{
    const int Shown = 3;

    // what masks' names have more than the images', the most telling first
    static readonly string[] suffixes =
    [
        "", "_mask", "_masks", "_label", "_labels", "_seg", "_segmentation", "_gt", "_L", "_P", "_annotation", "-mask", "-seg",
        "_gtFine_labelTrainIds", "_gtFine_labelIds",
    ];
    static readonly string[] imageSuffixes = ["", "_leftImg8bit", "_image", "_img", "_sat", "_rgb"];
    static readonly (string Image, string Mask)[] words =
        [("image", "mask"), ("image", "label"), ("img", "mask"), ("img", "label")];

    /// <summary>The images with their masks, in the order of the images.</summary>
    /// <exception cref="InvalidDataException">There are no images, or some have no mask.</exception>
    public static List<Sample> Match(PairedFolder pair, Action<string> note)
    {
        string[] images = FolderNames.Files(pair.Images), masks = FolderNames.Files(pair.Masks);
        if (images.Length == 0) throw new InvalidDataException($"{pair.Images}: expected images, found none.");
        if (masks.Length == 0)
            throw new InvalidDataException($"{pair.Masks}: expected the masks of {pair.Images}, found no image file.");
        Dictionary<string, string> byStem = new(StringComparer.Ordinal);
        foreach (string mask in masks)
            if (!byStem.TryAdd(Stem(mask), mask) && mask.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
                byStem[Stem(mask)] = mask;
        List<Sample> samples = [];
        List<string> missing = [];
        Dictionary<string, string> users = new(StringComparer.Ordinal);
        foreach (string image in images)
        {
            if (MaskOf(Stem(image), byStem) is not { } mask)
            {
                missing.Add(image);
                continue;
            }
            if (!users.TryAdd(mask, image))
                throw new InvalidDataException(
                    $"{pair.Images}: expected an image of its own for each mask, found {users[mask]} and {image} for {mask}. "
                    + "Remove one.");
            samples.Add(new Sample(Path.Combine(pair.Images, image), 0, samples.Count)
            {
                Name = image,
                Mask = new MaskFile(Path.Combine(pair.Masks, mask)),
            });
        }
        if (missing.Count > 0)
            throw new InvalidDataException(
                $"{pair.Masks}: expected a mask for each image, found none for {missing.Count} of {images.Length}: "
                + $"{string.Join(", ", missing.Take(Shown))}{(missing.Count > Shown ? ", ..." : "")}. A mask has its image's "
                + $"name: {Stem(missing[0])}.png.");
        int unused = byStem.Count - users.Count;
        if (unused > 0) note($"{pair.Masks}: passed over {unused} mask{(unused > 1 ? "s" : "")} without an image");
        return samples;
    }

    static string? MaskOf(string stem, Dictionary<string, string> masks)
    {
        foreach (string ending in imageSuffixes)
        {
            if (!stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            string start = stem[..^ending.Length];
            foreach (string suffix in suffixes)
                if (masks.TryGetValue(start + suffix, out string? found)) return found;
        }
        int name = stem.LastIndexOf('/') + 1;
        foreach ((string image, string mask) in words)
        {
            string changed = stem[..name] + stem[name..].Replace(image, mask, StringComparison.OrdinalIgnoreCase);
            if (masks.TryGetValue(changed, out string? found)) return found;
        }
        return null;
    }

    static string Stem(string path) => path[..^Path.GetExtension(path).Length];
}
