using Graft.Imaging;

namespace Graft.Data;

/// <summary>The words that folders of images with masks go by, and what lies in them.</summary>
static class FolderNames
{
    public static readonly string[] Train = ["train", "training"];
    public static readonly string[] Validation = ["val", "valid", "validation"];
    public static readonly string[] Test = ["test", "testing"];
    public static readonly string[] Images =
        ["images", "image", "imgs", "img", "JPEGImages", "leftImg8bit", "photos", "inputs", "input"];
    public static readonly string[] Masks =
    [
        "masks", "mask", "labels", "label", "annotations", "annotation", "annots", "annot", "SegmentationClass", "segmentation",
        "gtFine", "gt", "ground_truth", "groundtruth", "targets", "target",
    ];

    /// <summary>What a folder of masks is called beside the images' folder: <c>trainannot</c>, <c>train_masks</c>.</summary>
    public static readonly string[] MaskSuffixes =
        ["annot", "_annot", "_masks", "_mask", "_labels", "_label", "_annotations", "_gt", "masks", "mask", "labels"];

    static readonly HashSet<string> extensions = new(ImageCodec.Extensions, StringComparer.OrdinalIgnoreCase);
    static readonly string[] leftBehind = ["Thumbs.db", "desktop.ini", "__MACOSX", "@eaDir"];

    /// <summary>The part that a word means: train, val, test, or null.</summary>
    public static string? PartOf(string name) =>
        Has(Train, name) ? "train" : Has(Validation, name) ? "val" : Has(Test, name) ? "test" : null;

    public static bool Has(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the folders below one, in order.</summary>
    public static string[] Below(string path)
    {
        string[] names =
            [.. Directory.EnumerateDirectories(path).Select(each => Path.GetFileName(each)).Where(name => !IsHidden(name))];
        Array.Sort(names, CodePointComparer.Instance);
        return names;
    }

    /// <summary>The first of some names, in their order, that a folder has below it; null where it has none.</summary>
    public static string? First(string[] wanted, string[] names) => wanted
        .Select(word => names.FirstOrDefault(name => string.Equals(name, word, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(name => name is not null);

    /// <summary>The images of a folder at any depth, as paths below it with forward slashes, in order.</summary>
    public static string[] Files(string folder)
    {
        EnumerationOptions deep = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, AttributesToSkip = 0 };
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", deep)
                .Where(path => extensions.Contains(Path.GetExtension(path)))
                .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(path => !path.Split('/').Any(IsHidden)),
        ];
        Array.Sort(files, CodePointComparer.Instance);
        return files;
    }

    static bool IsHidden(string name) =>
        name.StartsWith('.') || leftBehind.Contains(name, StringComparer.OrdinalIgnoreCase);
}
