namespace Graft.Data;

/// <summary>
/// Which images of two folders are of which part, by lists of names: PASCAL VOC's <c>ImageSets/Segmentation/train.txt</c> and
/// <c>val.txt</c>, of which other images are passed over; fastai's <c>valid.txt</c>, of which other images are for training.
/// </summary>
static class PartLists
{
    static readonly string[] parts = ["train", "val", "test"];

    /// <summary>The parts of a pair of folders; the pair itself where there are no lists.</summary>
    public static List<PairedFolder> Divide(string root, PairedFolder pair)
    {
        string folder = Path.Combine(root, "ImageSets", "Segmentation");
        List<PairedFolder> found =
        [
            .. parts.Select(part => (Part: part, File: Path.Combine(folder, part + ".txt"))).Where(each => File.Exists(each.File))
                .Select(each => pair with { Part = each.Part, Names = Read(each.File) }),
        ];
        if (found.Count > 0) return found;
        string valid = Path.Combine(root, "valid.txt");
        if (!File.Exists(valid)) return [pair];
        HashSet<string> names = Read(valid);
        return [pair with { Part = "train", Names = names, IsRest = true }, pair with { Part = "val", Names = names }];
    }

    // without extensions, which VOC's have not and fastai's have
    static HashSet<string> Read(string file) => new(
        File.ReadLines(file).Select(line => line.Trim().Replace('\\', '/')).Where(line => line.Length > 0)
            .Select(line => line[..^Path.GetExtension(line).Length]),
        StringComparer.Ordinal);
}
