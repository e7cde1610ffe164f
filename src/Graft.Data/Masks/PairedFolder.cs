namespace Graft.Data;

/// <summary>A folder of images and the one with their masks.</summary>
/// <param name="Part">train, val, test, or null for all there is</param>
/// <param name="Images">the images' folder</param>
/// <param name="Masks">the masks' folder</param>
sealed record PairedFolder(string? Part, string Images, string Masks)
{
    /// <summary>The images' names without their extensions; null: all there are.</summary>
    public HashSet<string>? Names { get; init; }

    /// <summary>Whether it has the images that are not named, rather than those that are.</summary>
    public bool IsRest { get; init; }

    /// <summary>Whether an image is one of the part's.</summary>
    /// <param name="stem">its path below the folder, without its extension</param>
    public bool Has(string stem) => Names is null || Names.Contains(stem) != IsRest;

    /// <summary>
    /// The pairs of folders below one, in any of the shapes of the field: images/ and masks/; these below train/, val/, test/;
    /// images/train and masks/train; train/ and trainannot/. None where there are none.
    /// </summary>
    public static List<PairedFolder> Find(string root)
    {
        List<PairedFolder> found = [];
        if (!Directory.Exists(root)) return found;
        string[] names = FolderNames.Below(root);
        if (Inside(root) is { } pair)
        {
            foreach (string name in FolderNames.Below(pair.Images))
            {
                string masks = Path.Combine(pair.Masks, name);
                if (FolderNames.PartOf(name) is { } part && Directory.Exists(masks))
                    found.Add(new PairedFolder(part, Path.Combine(pair.Images, name), masks));
            }
            return found.Count > 0 ? found : PartLists.Divide(root, pair);
        }
        foreach (string name in names)
        {
            string word = name.EndsWith("_images", StringComparison.OrdinalIgnoreCase) ? name[..^7] : name;
            if (FolderNames.PartOf(word) is not { } part) continue;
            string folder = Path.Combine(root, name);
            if (Inside(folder) is { } below)
            {
                found.Add(below with { Part = part });
                continue;
            }
            string? beside = FolderNames.First([.. FolderNames.MaskSuffixes.Select(suffix => word + suffix)], names);
            if (beside is not null) found.Add(new PairedFolder(part, folder, Path.Combine(root, beside)));
        }
        return found;
    }

    static PairedFolder? Inside(string folder)
    {
        string[] names = FolderNames.Below(folder);
        return FolderNames.First(FolderNames.Images, names) is { } images
            && FolderNames.First(FolderNames.Masks, names) is { } masks
            ? new PairedFolder(null, Path.Combine(folder, images), Path.Combine(folder, masks)) : null;
    }
}
