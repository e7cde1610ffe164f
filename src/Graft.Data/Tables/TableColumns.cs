namespace Graft.Data;

/// <summary>Which columns of a table are what, by the names that were given or by usual ones.</summary>
/// <param name="table">what messages call the table</param>
/// <param name="names">its columns</param>
sealed class TableColumns(string table, string[] names)
{
    static readonly string[] images =
        ["image", "images", "path", "file", "filename", "file_name", "filepath", "file_path", "image_path", "image_file", "img"];
    static readonly string[] labels =
        ["label", "labels", "class", "classes", "class_name", "category", "categories", "tag", "tags", "species", "species_name"];
    static readonly string[] splits = ["split"];
    static readonly string[] masks =
        ["mask", "masks", "mask_path", "mask_file", "segmentation", "segmentation_path", "annotation_path", "label_path"];

    /// <summary>The images' column.</summary>
    public int Image(string? wanted) =>
        Column(wanted, images, "image") ?? (names.Length == 2 ? 0 : throw None("image"));

    /// <summary>The labels' column: in a table of two columns, the other.</summary>
    public int Label(string? wanted, int image) =>
        Column(wanted, labels, "label") ?? (names.Length == 2 ? 1 - image : throw None("label"));

    /// <summary>The masks' column: in a table of two columns, the other.</summary>
    public int Mask(string? wanted, int image) =>
        Column(wanted, masks, "mask") ?? (names.Length == 2 ? 1 - image : throw None("mask"));

    /// <summary>The column of the parts, if there is one.</summary>
    public int? Split(string? wanted) => Column(wanted, splits, "split");

    /// <summary>Whether a column has a name that masks' columns have.</summary>
    public bool HasMasks => names.Any(name => masks.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A column by its name.</summary>
    public int Find(string wanted)
    {
        int at = Array.IndexOf(names, wanted);
        if (at < 0) at = Array.FindIndex(names, name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : throw new InvalidDataException(
            $"{table}: line 1: no column '{wanted}'. The columns are {string.Join(", ", names)}.");
    }

    /// <summary>Refuses a table whose first line is a row already.</summary>
    public void ThrowIfUnnamed()
    {
        if (names.FirstOrDefault(LooksLikeImage) is { } first)
            throw new InvalidDataException(
                $"{table}: line 1: expected the columns' names, found an image, '{first}'. "
                + "Put a line such as image,label above.");
    }

    // The one that was named, else the one with a usual name; null where there is neither.
    int? Column(string? wanted, string[] usual, string what)
    {
        if (wanted is not null) return Find(wanted);
        int[] found =
            [.. Enumerable.Range(0, names.Length).Where(i => usual.Contains(names[i], StringComparer.OrdinalIgnoreCase))];
        if (found.Length > 1)
            throw new InvalidDataException(
                $"{table}: columns {Listing.Of([.. found.Select(i => $"'{names[i]}'")])} may all be the {what} column. "
                + $"Name it: --{what}-column.");
        return found.Length == 1 ? found[0] : null;
    }

    InvalidDataException None(string what) => new(
        $"{table}: line 1: no column looks like the {what}s'. Name one: --{what}-column. The columns are "
        + $"{string.Join(", ", names)}.");

    static bool LooksLikeImage(string name) =>
        Imaging.ImageCodec.Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}
