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
    /// <param name="pair">the folders</param>
    /// <param name="note">told what was passed over</param>
    /// <exception cref="InvalidDataException">There are no images, or some have no mask.</exception>
    public static MaskedPart Match(PairedFolder pair, Action<string> note)
    {
        string[] images = [.. FolderNames.Files(pair.Images).Where(image => pair.Has(Stem(image)))];
        string[] masks = FolderNames.Files(pair.Masks);
        if (images.Length == 0) throw new InvalidDataException($"{pair.Images}: expected images, found none.");
        if (masks.Length == 0)
            throw new InvalidDataException($"{pair.Masks}: expected the masks of {pair.Images}, found no image file.");
        string[] classes = Classes(images, masks);
        if (classes.Length > 0) return ByClass(pair, images, masks, classes, note);
        Dictionary<string, string> byStem = ByStem(masks);
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
        ThrowIfAny(missing, pair, images.Length);
        int unused = pair.Names is null ? byStem.Count - users.Count : 0;
        if (unused > 0) note($"{pair.Masks}: passed over {unused} mask{(unused > 1 ? "s" : "")} without an image");
        return new MaskedPart(pair.Part, samples);
    }

    static MaskedPart ByClass(PairedFolder pair, string[] images, string[] masks, string[] classes, Action<string> note)
    {
        Dictionary<string, string>[] byStem =
        [
            .. classes.Select(name => ByStem(masks.Where(mask => mask.StartsWith(name + "/", StringComparison.Ordinal))
                .Select(mask => mask[(name.Length + 1)..]))),
        ];
        List<Sample> samples = [];
        List<string> missing = [];
        HashSet<string> used = [];
        foreach (string image in images)
        {
            List<(string, string)> files = [];
            for (int i = 0; i < classes.Length; i++)
                if (MaskOf(Stem(image), byStem[i]) is { } mask)
                {
                    files.Add((classes[i], Path.Combine(pair.Masks, classes[i], mask)));
                    used.Add(classes[i] + "/" + mask);
                }
            if (files.Count == 0) missing.Add(image);
            samples.Add(new Sample(Path.Combine(pair.Images, image), 0, samples.Count)
            {
                Name = image,
                Mask = new MaskFilesByClass(Path.Combine(pair.Masks, "*", Stem(image) + ".png"), files),
            });
        }
        ThrowIfAny(missing, pair, images.Length);
        int unused = pair.Names is null ? byStem.Sum(each => each.Count) - used.Count : 0;
        if (unused > 0) note($"{pair.Masks}: passed over {unused} mask{(unused > 1 ? "s" : "")} without an image");
        return new MaskedPart(pair.Part, samples, classes);
    }

    // All masks lie in folders, and these are not the images': each is a class.
    static string[] Classes(string[] images, string[] masks)
    {
        if (masks.Any(mask => !mask.Contains('/'))) return [];
        string[] folders = [.. masks.Select(mask => mask[..mask.IndexOf('/')]).Distinct(StringComparer.Ordinal)];
        return images.Any(image => image.Contains('/') && folders.Contains(image[..image.IndexOf('/')])) ? [] : folders;
    }

    static Dictionary<string, string> ByStem(IEnumerable<string> masks)
    {
        Dictionary<string, string> byStem = new(StringComparer.Ordinal);
        foreach (string mask in masks)
            if (!byStem.TryAdd(Stem(mask), mask) && mask.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
                byStem[Stem(mask)] = mask;
        return byStem;
    }

    static void ThrowIfAny(List<string> missing, PairedFolder pair, int count)
    {
        if (missing.Count > 0)
            throw new InvalidDataException(
                $"{pair.Masks}: expected a mask for each image, found none for {missing.Count} of {count}: "
                + $"{string.Join(", ", missing.Take(Shown))}{(missing.Count > Shown ? ", ..." : "")}. A mask has its image's "
                + $"name: {Stem(missing[0])}.png.");
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
