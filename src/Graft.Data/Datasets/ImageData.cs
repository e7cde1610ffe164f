namespace Graft.Data;

/// <summary>
/// Labelled images as they come, with the parts that they come in: a folder (<see cref="ImageFolder"/>) or a table
/// (<see cref="TableDataset"/>).
/// </summary>
public abstract class ImageData
{
    static readonly string[] tables = [".csv", ".tsv", ".txt"];

    readonly List<string> notes = [];

    /// <summary>Labelled images of that folder or table.</summary>
    private protected ImageData(string root) => Root = root;

    /// <summary>The folder, or the table's file.</summary>
    public string Root { get; }

    /// <summary>The names of the classes, by number; for numbers, of these.</summary>
    public IReadOnlyList<string> Classes { get; private protected set; } = [];

    /// <summary>What is known of each image.</summary>
    public LabelKind Kind { get; private protected init; }

    /// <summary>Every image, where there is no part for training; else null.</summary>
    public ImageDataset? All { get; private protected set; }

    /// <summary>The images to train on, or null.</summary>
    public ImageDataset? Train { get; private protected set; }

    /// <summary>The images to validate on, or null.</summary>
    public ImageDataset? Validation { get; private protected set; }

    /// <summary>The images to test on, or null.</summary>
    public ImageDataset? Test { get; private protected set; }

    /// <summary>What was passed over and might surprise, one line each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Reads the listing of a folder, or a table. No image is opened.</summary>
    /// <param name="path">A folder, or a file <c>.csv</c>, <c>.tsv</c> or <c>.txt</c>.</param>
    /// <param name="table">How a table is read. <value>null: by its columns' names.</value></param>
    /// <param name="minimumClasses">The least number of classes where an image has one.
    /// <value>2: a classifier has to choose.</value></param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or file.</exception>
    /// <exception cref="InvalidDataException">The data can't be used; the message says why.</exception>
    /// <exception cref="ArgumentException">A setting for tables was given with a folder, or the settings don't go
    /// together.</exception>
    public static ImageData Open(string path, TableOptions? table = null, int minimumClasses = 2)
    {
        if (table?.Kind == LabelKind.Mask) return SegmentationData.Open(path, new SegmentationOptions { Table = table });
        if (IsTable(path)) return TableDataset.Open(path, table, minimumClasses);
        if (table is not null && !table.IsDefault && Directory.Exists(path))
            throw new ArgumentException(
                $"{path}: settings for a table's columns were given, and this is a folder. Give the table.");
        return ImageFolder.Open(path, minimumClasses);
    }

    /// <summary>Whether a path is that of a table: a file, by its extension.</summary>
    public static bool IsTable(string path) =>
        !Directory.Exists(path) && tables.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The two sets that a training needs: its own, where it has both, else a seeded, stratified share of the training images
    /// put aside.
    /// </summary>
    /// <param name="fraction">The share of each class for validation, where there is no part for it.</param>
    /// <param name="seed">The seed of that split.</param>
    /// <exception cref="InvalidDataException">There is nothing to train on.</exception>
    public (ImageDataset Train, ImageDataset Validation) TrainAndValidation(double fraction = 0.2, ulong seed = 0)
    {
        ImageDataset train = Train ?? All ?? throw NothingToTrain();
        return Validation is not null ? (train, Validation) : train.Split(fraction, seed);
    }

    /// <summary>
    /// One of several folds: all images but those for testing are dealt out into as many parts as there are folds, each class
    /// evenly; one part validates, the others train.
    /// </summary>
    /// <param name="index">Which fold, from 0.</param>
    /// <param name="count">How many there are, from 2.</param>
    /// <param name="seed">Another seed deals otherwise.</param>
    /// <exception cref="InvalidDataException">There is nothing to train on, or less than one image a fold.</exception>
    public (ImageDataset Train, ImageDataset Validation) Fold(int index, int count, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        ImageDataset all = ForTraining();
        int[] folds = Split.Folds(all, count, seed);
        return (all.With("train", all.Samples.Where(sample => folds[sample.Index] != index)),
            all.With("val", all.Samples.Where(sample => folds[sample.Index] == index)));
    }

    /// <summary>Every image but those for testing, those to train on first.</summary>
    /// <exception cref="InvalidDataException">There is nothing to train on.</exception>
    public ImageDataset ForTraining()
    {
        ImageDataset train = Train ?? All ?? throw NothingToTrain();
        return Validation is null ? train : train.With(train.Name, [.. train.Samples, .. Validation.Samples]);
    }

    /// <summary>The set to measure a model on: the test images, else those for validation, else all there are.</summary>
    public ImageDataset ForEvaluation() => Test ?? Validation ?? All ?? Train!;

    /// <summary>The parts there are.</summary>
    private protected IEnumerable<ImageDataset> Parts()
    {
        if (All is not null) yield return All;
        if (Train is not null) yield return Train;
        if (Validation is not null) yield return Validation;
        if (Test is not null) yield return Test;
    }

    private protected void AddNote(string note) => notes.Add(note);

    private protected string PartNames => Listing.Of([.. Parts().Select(part => part.Name)]);

    InvalidDataException NothingToTrain() => new(
        $"{Root}: expected a {(this is ImageFolder ? "folder" : "part")} train beside {PartNames}, found none.");
}
