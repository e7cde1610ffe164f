using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// Images with the class of each of their pixels: pairs of folders, matched by the path below them. The shapes: <c>images/</c>
/// and <c>masks/</c> (or <c>labels/</c>, <c>annotations/</c>, <c>annot/</c>), these below <c>train/</c>, <c>val/</c>,
/// <c>test/</c>; <c>images/train/</c> and <c>masks/train/</c>; <c>train/</c> and <c>trainannot/</c>. Classes come from a class
/// list in the folder, else from the values that the masks hold.
/// </summary>
public sealed class SegmentationData : ImageData
{
    SegmentationData(string root) : base(root) => Kind = LabelKind.Mask;

    /// <summary>What the pixels of the mask files mean: classes, colours, the ignored value.</summary>
    public MaskEncoding Masks { get; private set; } = null!;

    /// <summary>Whether there are images with masks at a path: by the names of folders, no file is opened.</summary>
    /// <param name="path">A folder or a file.</param>
    public static bool IsAt(string path) => PairedFolder.Find(path).Count > 0;

    /// <summary>Reads the listing, and looks at the masks.</summary>
    /// <param name="path">A folder.</param>
    /// <param name="options">How it is read. <value>null: the defaults</value></param>
    /// <param name="progress">Told how many of how many masks were looked at, from several threads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    public static SegmentationData Open(
        string path, SegmentationOptions? options = null, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: no such folder. Give a folder with images/ and masks/.");
        SegmentationData data = new(path);
        data.Read(options ?? new SegmentationOptions(), progress, cancellation);
        return data;
    }

    void Read(SegmentationOptions options, Action<int, int>? progress, CancellationToken cancellation)
    {
        List<PairedFolder> pairs = PairedFolder.Find(Root);
        if (pairs.Count == 0)
            throw new InvalidDataException(
                $"{Root}: expected folders images/ and masks/, train/ and trainannot/ or the like, found "
                + $"{(FolderNames.Below(Root) is { Length: > 0 } names ? Listing.Of(names) : "no folder")}.");
        if (pairs.GroupBy(pair => pair.Part).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException(
                $"{Root}: expected one of the folders {Listing.Of([.. twice.Select(pair => Path.GetFileName(pair.Images))])}, "
                + "found all.");
        List<(string? Part, List<Sample> Samples)> parts =
            [.. pairs.Select(pair => (pair.Part, PairMatcher.Match(pair, AddNote)))];
        ClassList? list = options.ClassList is { } file ? ClassList.Read(file, AddNote)
            : ClassList.Find(Root, AddNote);
        MaskScan scan = new(Root, list, options, AddNote);
        (Masks, Sample[] samples) = scan.Run(
            [.. parts.SelectMany(part => part.Samples)], names: null, progress, cancellation);
        Classes = Masks.Names;
        if (Classes.Count < 2)
            throw new InvalidDataException($"{Root}: expected at least 2 classes, found only '{Classes[0]}'.");
        int start = 0;
        foreach ((string? part, List<Sample> its) in parts)
        {
            ImageDataset dataset = new(
                part ?? Root, samples.Skip(start).Take(its.Count), Classes, LabelKind.Mask, Masks);
            start += its.Count;
            if (part is null) All = dataset;
            else if (part == "train") Train = dataset;
            else if (part == "val") Validation = dataset;
            else Test = dataset;
        }
    }
}
