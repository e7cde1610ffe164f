using Graft.Data;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Measures a model on labelled images.</summary>
public static class Evaluation
{
    /// <summary>Runs every image of a folder through a model.</summary>
    /// <param name="model">the model</param>
    /// <param name="data"><c>root/class/*</c>, or <c>root/{train,val,test}/class/*</c>; the classes' names must be labels of
    /// the model</param>
    /// <param name="options">how; null: as their defaults say</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder has no images, or a class that the model does not know; or the model has
    /// no head.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static EvaluationResult Run(
        SavedModel model, string data, EvaluationOptions? options = null, ITrainingProgress? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new EvaluationOptions();
        progress ??= Silent.Instance;
        model.RequireHead();
        ImageFolder folder = ImageFolder.Open(data, minimumClasses: 1);
        foreach (string note in folder.Notes) progress.Note(note);
        ImageDataset images = Part(folder, options.Part).WithClasses(model.Labels);
        var bad = new BadImages();
        bad.Found += item => progress.Note($"skipped {item}");
        (ISampleReader reader, Func<Tensor, Tensor> forward, DataLoaderOptions how) = ViewedModel.Of(
            model, new SamplePipeline(model.Preprocess) { IgnoreOrientation = options.IgnoreOrientation }, options.TestTime,
            options.BatchSize, options.Workers);
        var loader = new DataLoader(images, reader, how, bad);
        IReadOnlyList<string> names = options.Metrics ?? UsualMetrics(images.Count, model.Labels.Count);
        var builder = new EvaluationBuilder(model.Labels, names, options.Calibrate ? model.RequireTemperature() : 1);
        return ModelMeasure.Run(
            new ImageSource(loader), forward, model.Device, builder, () => [.. bad.Items.Select(item => item.Path)],
            progress, cancellation);
    }

    /// <summary>What is measured unless something else is asked for.</summary>
    internal static IReadOnlyList<string> UsualMetrics(long images, int classes)
    {
        const long MostScores = 20_000_000; // 100 MB
        IReadOnlyList<string> usual = MetricList.Usual(LabelKind.Single);
        return images * classes <= MostScores ? usual : [.. usual.Where(name => name is not ("auc" or "ap"))];
    }

    static ImageDataset Part(ImageFolder folder, string? part)
    {
        ImageDataset? found = part switch
        {
            null => folder.ForEvaluation(),
            "train" => folder.Train,
            "val" => folder.Validation,
            "test" => folder.Test,
            "all" => folder.All,
            _ => throw new ArgumentException($"part '{part}': expected train, val, test or all."),
        };
        return found ?? throw new InvalidDataException($"{folder.Root}: expected a folder {part}, found none.");
    }
}
