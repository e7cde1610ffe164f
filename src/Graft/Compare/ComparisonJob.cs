using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Graft.Data;
using Graft.Formats;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>One comparison from its photos to its report.</summary>
sealed class ComparisonJob(ComparisonSettings settings, ITrainingProgress progress, CancellationToken cancellation)
{
    const string Numbers = "comparison.json", Report = "report.html";
    const double LongestTimer = 4_000_000; // seconds, about what a timer can wait

    static readonly JsonWriterOptions indented = new() { Indented = true, NewLine = "\n" };

    readonly long start = Stopwatch.GetTimestamp();
    readonly ImageCache cache = new();
    readonly BadImages bad = new();
    readonly List<(ComparedModel Model, IReadOnlyList<string> Names, IReadOnlyList<bool> Answers)> known = [];
    readonly List<(string Model, string Reason)> failed = [];
    ImageDataset images = null!;
    Dictionary<string, int> foldOf = [];
    string folder = "";
    int folds;
    bool wasCancelled;

    double Elapsed => Stopwatch.GetElapsedTime(start).TotalSeconds;

    public ComparisonResult Run()
    {
        Prepare();
        foreach (string name in settings.Models)
        {
            try
            {
                Look(name);
            }
            catch (OperationCanceledException) when (known.Count > 0)
            {
                wasCancelled = true;
                break;
            }
            catch (Exception error) when (IsOfTheModel(error))
            {
                failed.Add((name, error.Message.ReplaceLineEndings(" ")));
                progress.Note($"left out: {error.Message.ReplaceLineEndings(" ")}");
                if (failed.Count == settings.Models.Count) throw;
            }
        }
        List<ComparedModel> ranked = Rank();
        if (!wasCancelled) FineTuneBest(ranked);
        return Write(ranked);
    }

    void Prepare()
    {
        Engine.Prepare(settings.Threads);
        progress.PhaseStarted("reading the folder", 0);
        ImageData found = ImageData.Open(settings.Data);
        foreach (string note in found.Notes) progress.Note(note);
        images = found.Train ?? found.All ?? found.ForEvaluation();
        if (images.Kind != LabelKind.Single)
            throw new InvalidDataException($"{settings.Data}: expected images of one class each to compare models on.");
        int least = images.CountsByClass().Min();
        folds = Math.Min(settings.Folds, images.Count);
        if (least < folds)
            progress.Note($"a class has only {least} images, fewer than there are folds: some folds have none of it");
        if (folds < 2) throw new InvalidDataException($"{settings.Data}: expected at least two images, found {images.Count}.");
        int[] places = Split.Folds(images, folds, settings.Seed);
        foldOf = images.Samples.ToDictionary(sample => sample.Path, sample => places[sample.Index]);
        bad.Found += item => progress.Note($"skipped {item}");
        folder = FolderFor(settings);
    }

    static bool IsOfTheModel(Exception error) =>
        error is InvalidDataException or NotSupportedException or ArgumentException or FileNotFoundException or HubException
            or TorchException;

    /// <summary>Embeds all images with one backbone, and cross-validates both probes on that.</summary>
    void Look(string name)
    {
        Device device = Device.Parse(settings.Device);
        progress.PhaseStarted($"loading {name}", 0);
        var fetch = new FetchOptions { Progress = progress.Downloads, Cancellation = cancellation };
        using ImageModel model =
            ModelOpening.ForTraining(JobOf(name, output: null), images.Classes, device, _ => { }, fetch);
        var loader = new DataLoader(
            images, new SamplePipeline(model.Preprocess) { IgnoreOrientation = settings.IgnoreOrientation, Cache = cache },
            new DataLoaderOptions
            {
                BatchSize = settings.BatchSize,
                Workers = settings.Workers,
                MemoryFormat = ModelOpening.FormatOn(device),
            }, bad);
        (Features features, double speed) = Embed(name, model, new ImageSource(loader), device);
        if (features.Count < 2) throw new InvalidDataException($"{settings.Data}: none of the images could be read.");

        progress.PhaseStarted($"probing {name}", 0);
        int[] places = [.. features.Names.Select(path => foldOf[path])];
        var probes = new ProbeRun(features, places, images.Classes.Count, settings.Seed);
        probes.Run(cancellation);
        using Tensor image = Tensor.Zeros(
            [1, model.Config.InputChannels, model.Preprocess.Height, model.Preprocess.Width], device: device);
        known.Add((new ComparedModel
        {
            Model = name,
            Architecture = model.FullName,
            Parameters = model.Parameters.Weights.Where(weight => !model.IsOfHead(weight.Name)).Sum(
                weight => weight.Value.ElementCount),
            MultiplyAdds = MultiplyAddCounter.Of(() => model.Backbone.Forward(image)),
            Features = model.Backbone.FeatureCount,
            InputSize = $"{model.Preprocess.Height}x{model.Preprocess.Width}",
            ImagesPerSecond = speed,
            Neighbours = probes.Neighbours,
            Linear = probes.Linear,
        }, features.Names, probes.Answers));
    }

    (Features Features, double ImagesPerSecond) Embed(string name, ImageModel model, ImageSource source, Device device)
    {
        string phase = $"embedding with {model.Name}";
        progress.PhaseStarted(phase, source.SampleCount);
        model.Evaluate();
        long began = Stopwatch.GetTimestamp();
        int done = 0, batches = 0, timed = 0;
        double busy = 0, first = 0;
        Tensor Timed(Tensor batch)
        {
            long at = Stopwatch.GetTimestamp();
            Tensor made = model.Backbone.Forward(batch);
            if (!device.IsCpu) _ = made.Select(0, 0).ToArray<float>(); // waits for the device
            double seconds = Stopwatch.GetElapsedTime(at).TotalSeconds;
            if (batches == 0) first = batch.Size(0) / Math.Max(1e-9, seconds);
            else (busy, timed) = (busy + seconds, timed + (int)batch.Size(0)); // the first batch warms up
            return made;
        }
        Features features = Features.Compute(source, model.Backbone.FeatureCount, Timed, device, onBatch: count =>
        {
            done += count;
            progress.Advanced(new StepProgress(
                phase, 0, 0, ++batches, source.BatchCount, done, source.SampleCount, double.NaN, double.NaN,
                done / Math.Max(1e-9, Stopwatch.GetElapsedTime(began).TotalSeconds)));
        }, cancellation: cancellation);
        return (features, timed > 0 ? timed / Math.Max(1e-9, busy) : first);
    }

    /// <summary>The best first; each held against the best by the images that both have seen.</summary>
    List<ComparedModel> Rank()
    {
        var ranked = known.OrderByDescending(one => one.Model.Linear.Accuracy)
            .ThenByDescending(one => one.Model.Neighbours.Accuracy).ThenByDescending(one => one.Model.ImagesPerSecond).ToList();
        Dictionary<string, bool> best = Answers(ranked[0]);
        double[] values = new double[ranked.Count - 1];
        for (int i = 1; i < ranked.Count; i++)
        {
            Dictionary<string, bool> own = Answers(ranked[i]);
            string[] common = [.. best.Keys.Where(own.ContainsKey)];
            values[i - 1] = PairedTest.McNemar([.. common.Select(image => best[image])], [.. common.Select(image => own[image])]);
        }
        double[] adjusted = PairedTest.Holm(values);
        return [.. ranked.Select((one, i) => i == 0 ? one.Model : one.Model with { PValue = adjusted[i - 1] })];

        static Dictionary<string, bool> Answers((ComparedModel, IReadOnlyList<string> Names, IReadOnlyList<bool> Right) one) =>
            one.Names.Zip(one.Right).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Fine-tunes the best ones, in their order, while there is time.</summary>
    void FineTuneBest(List<ComparedModel> ranked)
    {
        int wanted = settings.Top ?? (settings.BudgetSeconds is null ? 0 : ranked.Count);
        for (int i = 0; i < Math.Min(wanted, ranked.Count) && !wasCancelled; i++)
        {
            double left = (settings.BudgetSeconds ?? double.PositiveInfinity) - Elapsed;
            if (left <= 0)
            {
                progress.Note($"the budget is spent: {ranked[i].Model} and what follows were not fine-tuned");
                break;
            }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (left < LongestTimer) limit.CancelAfter(TimeSpan.FromSeconds(left));
            progress.Note($"fine-tuning {ranked[i].Model}");
            string output = Path.Combine(folder, $"{i + 1}-{RunNames.Slug(Path.GetFileName(ranked[i].Model.TrimEnd('/')))}");
            try
            {
                TrainResult tuned = FineTune.Run(JobOf(ranked[i].Model, output), progress, limit.Token);
                ranked[i] = ranked[i] with
                {
                    Tuned = new TunedScore(
                        tuned.Folder, tuned.Validation.Accuracy, tuned.Validation.Loss, tuned.Validation.Images,
                        tuned.Epochs.Count, tuned.WasCancelled, tuned.Seconds),
                };
            }
            catch (OperationCanceledException)
            {
                if (!cancellation.IsCancellationRequested)
                    progress.Note($"the budget was spent before {ranked[i].Model} had done an epoch");
            }
            catch (Exception error) when (IsOfTheModel(error) || error is InvalidOperationException)
            {
                progress.Note($"{ranked[i].Model}: not fine-tuned: {error.Message.ReplaceLineEndings(" ")}");
            }
            wasCancelled = cancellation.IsCancellationRequested;
        }
    }

    JobConfig JobOf(string model, string? output)
    {
        var job = new JobConfig
        {
            Data = settings.Data,
            Model = model,
            Output = output,
            Seed = settings.Seed,
            BatchSize = settings.BatchSize,
            Workers = settings.Workers,
            Threads = settings.Threads,
            Device = settings.Device,
            IgnoreOrientation = settings.IgnoreOrientation,
        };
        return settings.Epochs is { } epochs ? job with { Epochs = epochs } : job;
    }

    ComparisonResult Write(List<ComparedModel> ranked)
    {
        var result = new ComparisonResult
        {
            Data = settings.Data,
            Images = images.Count - bad.Items.Count,
            Classes = images.Classes,
            Folds = folds,
            Models = ranked,
            Failed = failed,
            Verdict = VerdictOf(ranked),
            WasCancelled = wasCancelled,
            Folder = folder,
            Seconds = Elapsed,
        };
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, Numbers), Json(result));
        AtomicFile.WriteText(Path.Combine(folder, Report), Reports.ComparisonReport.Build(result, settings.CommandLine));
        return result;
    }

    static string Json(ComparisonResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, indented)) result.WriteTo(json);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    static string VerdictOf(List<ComparedModel> ranked)
    {
        ComparedModel best = ranked[0];
        string accuracy = (100 * best.Linear.Accuracy).ToString("0.0", CultureInfo.InvariantCulture);
        string verdict = $"{best.Name} has the best linear probe, {accuracy}%.";
        string[] alike = [.. ranked.Skip(1).Where(model => model.IsWithinNoise).Select(model => model.Name)];
        if (ranked.Count > 1)
            verdict += alike.Length == 0 ? " The others are behind by more than chance explains."
                : $" Within noise of it: {string.Join(", ", alike)}.";
        ComparedModel[] fast = [.. ranked.Where(model => model.IsWithinNoise).OrderByDescending(model => model.ImagesPerSecond)];
        if (fast[0].Model != best.Model) verdict += $" The fastest of these is {fast[0].Name}.";
        ComparedModel? tuned = ranked.Where(model => model.Tuned is not null).MaxBy(model => model.Tuned!.Accuracy);
        if (tuned is not null)
        {
            string after = (100 * tuned.Tuned!.Accuracy).ToString("0.0", CultureInfo.InvariantCulture);
            verdict += $" Fine-tuned, {tuned.Name} came to {after}% of the validation images.";
        }
        return verdict;
    }

    static string FolderFor(ComparisonSettings settings)
    {
        if (settings.Output is { } asked) return NewFolder.At(asked);
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.Data)));
        return NewFolder.Numbered($"compare-{RunNames.Slug(data)}").First();
    }
}
