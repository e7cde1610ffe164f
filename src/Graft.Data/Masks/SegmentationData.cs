using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// Images with the class of each of their pixels. The shapes: <c>images/</c> and <c>masks/</c> (or <c>labels/</c>,
/// <c>annotations/</c>, <c>annot/</c>), these below <c>train/</c>, <c>val/</c>, <c>test/</c>; <c>images/train/</c> and
/// <c>masks/train/</c>; <c>train/</c> and <c>trainannot/</c>, matched by the path below them; <c>masks/CLASS/</c> with a file for
/// each class; a table with a column of masks; COCO's JSON and Label Studio's export. Classes come from a class list in the
/// folder, else from the names or the values that the masks hold.
/// </summary>
public sealed class SegmentationData : ImageData
{
    SegmentationData(string root) : base(root) => Kind = LabelKind.Mask;

    /// <summary>What the pixels of the mask files mean: classes, colours, the ignored value.</summary>
    public MaskEncoding Masks { get; private set; } = null!;

    /// <summary>
    /// Whether there are images with masks at a path: by the names of folders and of a table's columns, and the first lines of
    /// JSON files. No image is opened.
    /// </summary>
    /// <param name="path">A folder, a table or a JSON file.</param>
    /// <param name="table">How a table is read. <value>null: by its columns' names</value></param>
    /// <exception cref="InvalidDataException">A table is damaged.</exception>
    public static bool IsAt(string path, TableOptions? table = null) =>
        IsTable(path) ? File.Exists(path) && MaskedTable.IsAt(path, table?.MaskColumn)
            : PairedFolder.Find(path).Count > 0 || AnnotatedFolder.Find(path).Count > 0;

    /// <summary>Reads the listing, and looks at the masks.</summary>
    /// <param name="path">A folder, a table or a JSON file.</param>
    /// <param name="options">How it is read. <value>null: the defaults</value></param>
    /// <param name="progress">Told how many of how many masks were looked at, from several threads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such table.</exception>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    /// <exception cref="ArgumentException">Settings for tables were given with something else.</exception>
    public static SegmentationData Open(
        string path, SegmentationOptions? options = null, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new SegmentationOptions();
        SegmentationData data = new(path);
        data.Read(options, data.Parts(options), progress, cancellation);
        return data;
    }

    List<MaskedPart> Parts(SegmentationOptions options)
    {
        if (IsTable(Root)) return MaskedTable.Read(Root, options);
        if (options.Table is { IsDefault: false })
            throw new ArgumentException($"{Root}: settings for a table's columns were given, and this is no table.");
        if (!Path.Exists(Root))
            throw new DirectoryNotFoundException($"{Root}: no such folder. Give a folder with images/ and masks/.");
        List<PairedFolder> pairs = PairedFolder.Find(Root);
        if (pairs.Count > 0 && (pairs.Any(pair => FolderNames.Files(pair.Masks).Length > 0)
            || AnnotatedFolder.Find(Root).Count == 0))
            return [.. Once(pairs, pair => pair.Part, pair => pair.Images).Select(pair => PairMatcher.Match(pair, AddNote))];
        List<AnnotatedFolder> files = AnnotatedFolder.Find(Root);
        if (files.Count > 0) return [.. Once(files, file => file.Part, file => file.File).Select(file => file.Read(AddNote))];
        string[] names = Directory.Exists(Root) ? FolderNames.Below(Root) : [];
        throw new InvalidDataException(
            $"{Root}: expected folders images/ and masks/, train/ and trainannot/ or the like, or COCO's or Label Studio's JSON, "
            + $"found {(names.Length > 0 ? Listing.Of(names) : "none")}.");
    }

    List<T> Once<T>(List<T> parts, Func<T, string?> part, Func<T, string> path)
    {
        if (parts.GroupBy(part).FirstOrDefault(group => group.Count() > 1) is not { } twice) return parts;
        throw new InvalidDataException(
            $"{Root}: expected one of {Listing.Of([.. twice.Select(each => Path.GetRelativePath(Root, path(each)))])}, found "
            + "all.");
    }

    void Read(SegmentationOptions options, List<MaskedPart> parts, Action<int, int>? progress, CancellationToken cancellation)
    {
        string folder = Directory.Exists(Root) ? Root : Path.GetDirectoryName(Path.GetFullPath(Root))!;
        ClassList? list = options.ClassList is { } file ? ClassList.Read(file, AddNote) : ClassList.Find(folder, AddNote);
        MaskEncoding? known = parts.All(part => part.Classes is null) ? null
            : MaskMeaning.Of(Root, list, [.. parts.SelectMany(part => part.Classes ?? []).Distinct(StringComparer.Ordinal)]);
        MaskScan scan = new(Root, list, options, AddNote);
        (Masks, Sample[] samples) =
            scan.Run([.. parts.SelectMany(part => part.Samples)], known, progress, cancellation);
        Classes = Masks.Names;
        if (Classes.Count < 2)
            throw new InvalidDataException($"{Root}: expected at least 2 classes, found only '{Classes[0]}'.");
        int start = 0;
        foreach (MaskedPart part in parts)
        {
            ImageDataset dataset = new(
                part.Part ?? Root, samples.Skip(start).Take(part.Samples.Count), Classes, LabelKind.Mask, Masks);
            start += part.Samples.Count;
            if (part.Part is null) All = dataset;
            else if (part.Part == "train") Train = dataset;
            else if (part.Part == "val") Validation = dataset;
            else Test = dataset;
        }
    }
}
