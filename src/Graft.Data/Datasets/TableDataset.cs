namespace Graft.Data;

/// <summary>
/// A table of images: a path and what is known of the image in each row, in columns named in the first line. Classes are
/// numbered in the order of their names by code points, as those of folders are. See <see cref="TableOptions"/> for the columns.
/// </summary>
public sealed class TableDataset : ImageData
{
    TableDataset(string path) : base(path)
    {
    }

    /// <summary>Reads a table. Every image must be there, but none is opened.</summary>
    /// <param name="path">A file of separated values; its first line names the columns.</param>
    /// <param name="options">Which columns are what. <value>null: by their names.</value></param>
    /// <param name="minimumClasses">The least number of classes where an image has one.
    /// <value>2: a classifier has to choose.</value></param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The table can't be used; the message names line and column.</exception>
    /// <exception cref="ArgumentException">The settings don't go together.</exception>
    public static new TableDataset Open(string path, TableOptions? options = null, int minimumClasses = 2)
    {
        options ??= new TableOptions();
        options.Validate();
        if (options.Kind == LabelKind.Mask)
            throw new ArgumentException($"{path}: a mask column was named: open it as images with masks.");
        using ITable table = CsvTable.Open(path);
        TableDataset dataset = new(path) { Kind = options.Kind };
        dataset.Read(table, options, minimumClasses);
        return dataset;
    }

    void Read(ITable table, TableOptions options, int minimumClasses)
    {
        string[] names = [.. table.Columns];
        TableColumns columns = new(Root, names);
        columns.ThrowIfUnnamed();
        int image = columns.Image(options.ImageColumn);
        int[] targets = [.. options.TargetColumns.Select(columns.Find)];
        int? label = targets.Length > 0 ? null : columns.Label(options.LabelColumn, image);
        int? split = columns.Split(options.SplitColumn);
        var paths = new TablePaths(Root, options.ImageRoot, names[image]);
        List<Row> rows = [];
        foreach (TableRow row in table.Rows())
        {
            (string path, string name) = paths.Take(row.Line, row.Cells[image]);
            string? text = label is { } at ? row.Cells[at].Trim() : null;
            if (text is "" && Kind == LabelKind.Single)
                throw new InvalidDataException(
                    $"{Root}: line {row.Line}, column '{names[label!.Value]}': expected a label for {name}, found nothing.");
            float[]? numbers = targets.Length > 0
                ? [.. targets.Select(each => TableCells.Number(Root, row.Line, names[each], row.Cells[each]))] : null;
            string? part = split is { } cell ? TableCells.Part(Root, row.Line, names[cell], row.Cells[cell]) : null;
            rows.Add(new Row(row.Line, path, name, part, text, numbers));
        }
        if (rows.Count == 0)
            throw new InvalidDataException($"{Root}: expected a row for each image, found none below the first line.");
        paths.ThrowIfMissing();
        Sample[] samples = Kind switch
        {
            LabelKind.Number => Numbers(rows, options.TargetColumns),
            LabelKind.Multiple => Several(rows, names[label!.Value], options.LabelSeparator),
            _ => Single(rows, names[label!.Value], minimumClasses),
        };
        Divide(rows, samples);
    }

    Sample[] Single(List<Row> rows, string column, int minimumClasses)
    {
        string[] classes = [.. rows.Select(row => row.Label!).Distinct(StringComparer.Ordinal).Order(CodePointComparer.Instance)];
        if (classes.Length < minimumClasses)
            throw new InvalidDataException(
                $"{Root}: column '{column}': expected at least {minimumClasses} classes, found only '{classes[0]}'. "
                + "Add images of each further class.");
        Dictionary<string, int> numbers = Numbered(classes);
        Classes = classes;
        if (TableCells.LikelySeparatorOf(classes) is { } sign)
            AddNote($"{Root}: column '{column}': many labels have a '{sign}'. If these are several labels an image: "
                + $"--label-separator '{sign}'.");
        return [.. rows.Select((row, i) => new Sample(row.Path, numbers[row.Label!], i) { Name = row.Name })];
    }

    Sample[] Several(List<Row> rows, string column, string? separator)
    {
        separator ??= TableCells.SeparatorOf([.. rows.Select(row => row.Label!)]);
        string[][] labels = [.. rows.Select(row => TableCells.Labels(Root, row.Line, column, row.Label!, separator))];
        string[] classes =
            [.. labels.SelectMany(each => each).Distinct(StringComparer.Ordinal).Order(CodePointComparer.Instance)];
        if (classes.Length == 0)
            throw new InvalidDataException($"{Root}: column '{column}': expected labels, found only empty cells.");
        int none = labels.Count(each => each.Length == 0);
        if (none > 0) AddNote($"{Root}: {none} of {rows.Count} images have no label: they are shown as having none of them");
        Dictionary<string, int> numbers = Numbered(classes);
        Classes = classes;
        return
        [
            .. rows.Select((row, i) =>
            {
                float[] targets = new float[classes.Length];
                foreach (string name in labels[i]) targets[numbers[name]] = 1;
                return new Sample(row.Path, 0, i) { Name = row.Name, Targets = targets };
            }),
        ];
    }

    Sample[] Numbers(List<Row> rows, IReadOnlyList<string> columns)
    {
        Classes = [.. columns];
        return [.. rows.Select((row, i) => new Sample(row.Path, 0, i) { Name = row.Name, Targets = row.Numbers })];
    }

    void Divide(List<Row> rows, Sample[] samples)
    {
        if (rows[0].Part is null)
        {
            All = new ImageDataset(Root, samples, Classes, Kind);
            return;
        }
        Train = Part("train");
        Validation = Part("val");
        Test = Part("test");

        ImageDataset? Part(string name)
        {
            Sample[] its = [.. samples.Where((_, i) => rows[i].Part == name)];
            return its.Length > 0 ? new ImageDataset(name, its, Classes, Kind) : null;
        }
    }

    static Dictionary<string, int> Numbered(string[] names)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++) numbers[names[i]] = i;
        return numbers;
    }

    readonly record struct Row(int Line, string Path, string Name, string? Part, string? Label, float[]? Numbers);
}
