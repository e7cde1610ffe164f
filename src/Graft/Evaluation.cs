using Graft.Data;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Measures a model on labelled images.</summary>
public static class Evaluation
{
    /// <summary>Runs every image of a folder or a table through a model.</summary>
    /// <param name="model">the model</param>
    /// <param name="data"><c>root/class/*</c>, or <c>root/{train,val,test}/class/*</c>, or a table (<c>.csv</c>); the classes'
    /// names must be labels of the model; for a model of numbers, the table has a column for each</param>
    /// <param name="options">how; null: as their defaults say</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are no images, or a class that the model does not know; or the model has no
    /// head.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static EvaluationResult Run(
        SavedModel model, string data, EvaluationOptions? options = null, ITrainingProgress? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new EvaluationOptions();
        progress ??= Silent.Instance;
        model.RequireHead();
        ImageData all = Open(model, data, options.Table);
        foreach (string note in all.Notes) progress.Note(note);
        ImageDataset images = DataParts.Find(all, options.Part).WithClasses(model.Labels);
        var bad = new BadImages();
        bad.Found += item => progress.Note($"skipped {item}");
        (ISampleReader reader, Func<Tensor, Tensor> forward, DataLoaderOptions how) = ViewedModel.Of(
            model, new SamplePipeline(model.Preprocess) { IgnoreOrientation = options.IgnoreOrientation }, options.TestTime,
            options.BatchSize, options.Workers);
        var loader = new DataLoader(images, reader, how, bad);
        IReadOnlyList<string> names = options.Metrics ?? UsualMetrics(images.Count, model.Labels.Count, images.Kind);
        var builder = new EvaluationBuilder(model.Labels, names, options.Calibrate ? model.RequireTemperature() : 1,
            model.Network.Task);
        return ModelMeasure.Run(
            new ImageSource(loader), forward, model.Device, builder, () => [.. bad.Items.Select(item => item.Path)],
            progress, cancellation);
    }

    /// <summary>What is measured unless something else is asked for.</summary>
    internal static IReadOnlyList<string> UsualMetrics(long images, int classes, LabelKind kind = LabelKind.Single)
    {
        const long MostScores = 20_000_000; // 100 MB
        IReadOnlyList<string> usual = MetricList.Usual(kind);
        return images * classes <= MostScores ? usual : [.. usual.Where(name => name is not ("auc" or "ap"))];
    }

    // What is in a table is told by what the model has learned.
    static ImageData Open(SavedModel model, string data, TableOptions table)
    {
        LabelKind kind = JobTask.KindOf(model.Network.Task.Problem);
        if (!ImageData.IsTable(data) && kind == LabelKind.Number)
            throw new InvalidDataException(
                $"{data}: the model gives numbers ({string.Join(", ", model.Labels)}), which folders don't have. Give a table "
                + "with these columns.");
        bool namesLabels = table.LabelColumn is not null || table.LabelSeparator is not null || table.MultipleLabels;
        if (kind == LabelKind.Number && table.TargetColumns.Count == 0 && !namesLabels)
            table = table with { TargetColumns = model.Labels };
        if (kind == LabelKind.Multiple && table.TargetColumns.Count == 0) table = table with { MultipleLabels = true };
        if (ImageData.IsTable(data) && table.Kind != kind)
            throw new InvalidDataException(
                $"{data}: the model was trained on {Words(kind)}; the settings for the table ask for {Words(table.Kind)}.");
        ImageData all = ImageData.Open(data, table, minimumClasses: 1);
        if (kind == LabelKind.Multiple && all.Kind == LabelKind.Single)
            throw new InvalidDataException(
                $"{data}: the model was trained on several labels an image, which folders can't say. Give a table.");
        return all;
    }

    static string Words(LabelKind kind) => kind switch
    {
        LabelKind.Multiple => "several labels an image",
        LabelKind.Number => "numbers",
        _ => "one label an image",
    };
}
