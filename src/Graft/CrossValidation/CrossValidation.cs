using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Graft.Data;
using Graft.Models;

namespace Graft;

/// <summary>
/// k-fold cross-validation of a training job: every image is predicted once, by a model that was not trained on it. Folds are
/// stratified, and each is an ordinary run with its own folder.
/// </summary>
public static class CrossValidation
{
    const string SettingsFile = "folds.json", SummaryFile = "cross_validation.json";

    /// <summary>Trains a model for each fold.</summary>
    /// <param name="config">what each fold does; its images for testing, where it has such a part, stay untouched</param>
    /// <param name="folds">how many folds, from 2</param>
    /// <param name="progress">sees how the folds get on</param>
    /// <param name="cancellation">stops it: the folds that are finished are kept</param>
    /// <param name="foldStarted">told the number of each fold, from 1, before it begins</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data or the weights can't be used; the message says why.</exception>
    /// <exception cref="IOException">The folder is not empty, or can't be written.</exception>
    public static CrossValidationResult Run(
        JobConfig config, int folds, ITrainingProgress? progress = null, CancellationToken cancellation = default,
        Action<int>? foldStarted = null)
    {
        if (folds < 2) throw new ArgumentException($"folds: expected at least 2, came {folds}.");
        config.Validate();
        ImageData data = ImageData.Open(config.Data, config.Task.Table);
        int images = data.ForTraining().Count;
        if (folds > images)
            throw new ArgumentException($"folds: expected at most one for each of {images} images, came {folds}.");
        string folder = FolderFor(config);
        Directory.CreateDirectory(folder);
        JobConfig lasting = config with
        {
            Data = Path.GetFullPath(config.Data),
            Model = Path.Exists(config.Model) ? Path.GetFullPath(config.Model) : config.Model,
            Output = null,
        };
        Formats.AtomicFile.WriteText(Path.Combine(folder, SettingsFile), JsonSerializer.Serialize(
            new FoldsFile(folds, JsonDocument.Parse(JobFile.Write(lasting)).RootElement), FoldsFile.Options) + "\n");
        return Go(lasting, folds, folder, progress, cancellation, foldStarted);
    }

    /// <summary>Goes on with a cross-validation that was stopped or killed: finished folds are not run again.</summary>
    /// <param name="folder">its folder</param>
    /// <param name="progress">sees how the folds get on</param>
    /// <param name="cancellation">stops it again</param>
    /// <param name="workers">threads that decode images; null: as it had them</param>
    /// <param name="foldStarted">told the number of each fold, from 1, before it begins</param>
    /// <exception cref="InvalidDataException">It is no cross-validation's folder, or its images are no longer those.</exception>
    public static CrossValidationResult Resume(
        string folder, ITrainingProgress? progress = null, CancellationToken cancellation = default, int? workers = null,
        Action<int>? foldStarted = null)
    {
        string path = Path.Combine(folder, SettingsFile);
        FoldsFile settings;
        try
        {
            settings = JsonSerializer.Deserialize<FoldsFile>(File.ReadAllBytes(path), FoldsFile.Options)
                ?? throw new InvalidDataException($"{path}: expected the settings of a cross-validation, found null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected the settings of a cross-validation: {error.Message}", error);
        }
        JobConfig config = JobFile.Parse(settings.Job.GetRawText(), path);
        if (workers is { } count) config = config with { Workers = count };
        return Go(config, settings.Folds, Path.GetFullPath(folder), progress, cancellation, foldStarted);
    }

    /// <summary>Whether a folder is that of a cross-validation.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, SettingsFile));

    static CrossValidationResult Go(
        JobConfig config, int folds, string folder, ITrainingProgress? progress, CancellationToken cancellation,
        Action<int>? foldStarted)
    {
        long start = Stopwatch.GetTimestamp();
        ImageData data = ImageData.Open(config.Data, config.Task.Table);
        ModelTask? task = data.Kind == LabelKind.Single ? null : new ModelTask { Problem = JobTask.ProblemOf(data.Kind) };
        List<FoldResult> done = [];
        bool wasCancelled = false;
        for (int number = 1; number <= folds && !wasCancelled; number++)
        {
            string its = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"fold-{number}"));
            string predictions = Path.Combine(its, FoldPredictions.FileName);
            if (!File.Exists(predictions))
            {
                foldStarted?.Invoke(number);
                wasCancelled = !RunFold(config, number, folds, its, predictions, data, progress, cancellation);
            }
            if (!wasCancelled)
                done.Add(new FoldResult(number, its, FoldPredictions.Read(predictions, data.Classes, data.Kind, task)));
        }
        var result = new CrossValidationResult
        {
            Folder = folder,
            WasCancelled = wasCancelled,
            FoldCount = folds,
            Folds = done,
            Pooled = Pool(done, data, task),
            Metrics = new Dictionary<string, MetricSpread>(),
            Labels = data.Classes,
            Kind = data.Kind,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
        result = result with { Metrics = Spreads(result) };
        if (done.Count == 0) return result;
        FoldPredictions.Write(Path.Combine(folder, FoldPredictions.FileName), done, data.Classes, data.Kind);
        Formats.AtomicFile.WriteText(Path.Combine(folder, SummaryFile), CrossValidationJson.Write(result));
        return result;
    }

    /// <summary>Runs a fold, or what is left of it; false where it was stopped.</summary>
    static bool RunFold(
        JobConfig config, int number, int folds, string its, string predictions, ImageData data, ITrainingProgress? progress,
        CancellationToken cancellation)
    {
        TrainResult result;
        try
        {
            JobConfig job = config with
            {
                Output = its,
                Task = config.Task with { Fold = new FoldSettings(number, folds) },
                CommandLine = null,
            };
            result = File.Exists(Path.Combine(its, RunFiles.Job)) && !IsWhole(its)
                ? FineTune.Resume(its, progress, cancellation, config.Workers)
                : FineTune.Run(job, progress, cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        if (result.WasCancelled) return false;
        FoldPredictions.Write(predictions, [new FoldResult(number, its, result.Validation)], data.Classes, data.Kind);
        return true;
    }

    // killed between its end and its predictions: rare enough to run it again
    static bool IsWhole(string its)
    {
        string summary = Path.Combine(its, RunFiles.Summary);
        if (!File.Exists(summary)) return false;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(summary));
        if (document.RootElement.TryGetProperty("cancelled", out JsonElement cancelled) && cancelled.GetBoolean()) return false;
        Directory.Delete(its, recursive: true);
        return true;
    }

    static EvaluationResult? Pool(List<FoldResult> done, ImageData data, ModelTask? task)
    {
        if (done.Count == 0) return null;
        IReadOnlyList<string> names = Training.MetricList.Usual(data.Kind);
        var builder = new EvaluationBuilder(data.Classes, names, means: task, keepsOutputs: true);
        foreach (SampleResult sample in done.SelectMany(fold => fold.Validation.Samples))
        {
            if (sample.Targets is { } targets) builder.Add(sample.Image, targets, sample.Outputs);
            else builder.Add(sample.Image, sample.Label, sample.Outputs);
        }
        return builder.Build([]);
    }

    static OrderedDictionary<string, MetricSpread> Spreads(CrossValidationResult result)
    {
        OrderedDictionary<string, MetricSpread> spreads = [];
        if (result.Pooled is not { } pooled) return spreads;
        foreach ((string name, double together) in Measures(pooled))
        {
            double[] each = [.. result.Folds.Select(fold => Measures(fold.Validation).First(pair => pair.Name == name).Value)];
            double mean = each.Average();
            double deviation = each.Length > 1
                ? Math.Sqrt(each.Sum(value => (value - mean) * (value - mean)) / (each.Length - 1)) : double.NaN;
            spreads.Add(name, new MetricSpread(mean, deviation, together));
        }
        return spreads;
    }

    static IEnumerable<(string Name, double Value)> Measures(EvaluationResult result)
    {
        if (result.Kind != LabelKind.Number) yield return ("accuracy", result.Accuracy);
        if (result.Top5Accuracy is { } top5) yield return ("top5_accuracy", top5);
        yield return ("loss", result.Loss);
        if (result.Kind == LabelKind.Single) yield return ("f1:macro", result.Classes.Average(one => one.F1));
        foreach ((string name, double value) in result.Metrics)
            if (name is not ("accuracy" or "loss" or "f1:macro") || (name == "f1:macro" && result.Kind != LabelKind.Single))
                yield return (name, value);
    }

    // a cross-validation's folder, as a run's: new or empty
    static string FolderFor(JobConfig config)
    {
        if (config.Output is { } asked)
            return NewFolder.At(asked, found => IsIn(found) ? $"go on with what lies there: --resume {asked}" : null);
        string model = Path.GetFileName(Path.TrimEndingDirectorySeparator(config.Model)),
            data = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(config.Data));
        return NewFolder.Numbered($"{RunNames.Slug(model)}-{RunNames.Slug(data)}-folds").First();
    }
}
