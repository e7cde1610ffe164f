using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Graft.Data;
using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>What the files of a run's folder say.</summary>
static class RunFiles
{
    public const string Metrics = "metrics.jsonl", Summary = "summary.json", Command = "command.txt",
        Report = "report.html", Job = "job.json", Iterations = "iterations.jsonl";

    /// <summary>The lines of <c>metrics.jsonl</c> of those epochs.</summary>
    public static string MetricsOf(IEnumerable<EpochRecord> epochs)
    {
        using var text = new MemoryStream();
        foreach (EpochRecord epoch in epochs)
        {
            using (var json = new Utf8JsonWriter(text)) WriteEpoch(json, epoch);
            text.WriteByte((byte)'\n');
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>A line of <c>metrics.jsonl</c>.</summary>
    public static void WriteEpoch(Utf8JsonWriter json, EpochRecord epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteString("phase", epoch.Phase);
        Number(json, "train_loss", epoch.TrainLoss);
        Number(json, "train_accuracy", epoch.TrainAccuracy);
        Number(json, "val_loss", epoch.ValidationLoss);
        Number(json, "val_accuracy", epoch.ValidationAccuracy);
        foreach ((string name, double value) in epoch.Metrics) Number(json, "val_" + name, value);
        Number(json, "lr", epoch.LearningRate);
        Number(json, "seconds", Math.Round(epoch.Seconds, 3));
        Number(json, "images_per_second", Math.Round(epoch.ImagesPerSecond, 1));
        Number(json, "wait_share", Math.Round(epoch.WaitShare, 4));
        json.WriteBoolean("best", epoch.IsBest);
        json.WriteEndObject();
    }

    /// <summary>The document <c>summary.json</c>.</summary>
    public static void WriteSummary(Utf8JsonWriter json, TrainResult result, JobConfig config, RunOrigins origins)
    {
        json.WriteStartObject();
        json.WriteStartObject("metrics");
        Number(json, "val_accuracy", result.Validation.Accuracy);
        if (result.Validation.Top5Accuracy is { } top5) Number(json, "val_top5_accuracy", top5);
        Number(json, "val_loss", result.Validation.Loss);
        foreach ((string name, double value) in result.Validation.Metrics)
            if (name != "accuracy") Number(json, "val_" + name, value);
        json.WriteNumber("best_epoch", result.Best.Epoch);
        json.WriteNumber("epochs", result.Epochs.Count);
        json.WriteEndObject();
        Number(json, "seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("peak_memory_bytes", Process.GetCurrentProcess().PeakWorkingSet64);
        if (result.Plan.Estimate is { } estimate)
        {
            json.WriteStartObject("estimated");
            Number(json, "seconds", Math.Round(estimate.Seconds, 3));
            if (estimate.PeakBytes is { } peak) json.WriteNumber("peak_memory_bytes", peak);
            if (estimate.ImagesAtOnce is { } few) json.WriteNumber("images_at_once", few);
            json.WriteEndObject();
        }
        json.WriteBoolean("cancelled", result.WasCancelled);
        if (result.StopReason is not null) json.WriteString("stop_reason", result.StopReason);
        json.WriteNumber("skipped_steps", result.SkippedSteps);
        if (result.Calibration is { } calibration)
        {
            json.WriteStartObject("calibration");
            json.WriteNumber("temperature", calibration.Temperature);
            json.WriteBoolean("has_minimum", calibration.HasMinimum);
            json.WriteNumber("val_images", calibration.Samples);
            Number(json, "val_loss_before", calibration.LossBefore);
            Number(json, "val_loss_after", calibration.LossAfter);
            Number(json, "val_ece_before", calibration.ErrorBefore);
            Number(json, "val_ece_after", calibration.ErrorAfter);
            json.WriteEndObject();
        }

        json.WriteStartObject("data");
        json.WriteString("path", Path.GetFullPath(config.Data));
        json.WriteNumber("train_images", result.Plan.TrainingImages);
        json.WriteNumber("val_images", result.Plan.ValidationImages);
        json.WriteNumber("skipped_images", result.SkippedImages.Count);
        Strings(json, "skipped", result.SkippedImages);
        Strings(json, "classes", result.Plan.Labels);
        json.WriteString("train_listing_sha256", origins.TrainListingHash);
        json.WriteString("val_listing_sha256", origins.ValidationListingHash);
        json.WriteEndObject();

        json.WriteStartObject("model");
        json.WriteString("path", config.Model);
        if (config.Revision is not null) json.WriteString("revision", config.Revision);
        json.WriteString("architecture", result.Plan.Architecture);
        json.WriteString("input", result.Plan.InputSize);
        json.WriteNumber("parameters", result.Plan.Parameters);
        json.WriteNumber("trainable_parameters", result.Plan.TrainableParameters);
        json.WriteString("origin_weights_sha256", origins.WeightsHash);
        json.WriteString("weights_sha256", origins.SavedHash);
        json.WriteEndObject();

        bool isMask = result.Validation.Kind == LabelKind.Mask;
        json.WriteStartObject("settings");
        json.WriteString("mode", RunNames.Of(config.Mode));
        json.WriteNumber("epochs", config.Epochs);
        if (config.Mode == TrainingMode.FineTune)
        {
            json.WriteNumber("freeze_epochs", config.FreezeEpochs);
            Number(json, "lr_spread", config.LearningRateSpread ?? (isMask ? MaskPhases.UsualSpread : LabelPhases.UsualSpread));
        }
        if (config.Mode == TrainingMode.Partial) json.WriteNumber("unfreeze", config.UnfreezeGroups);
        Number(json, "lr", result.Plan.LearningRate);
        Number(json, "weight_decay", config.WeightDecay);
        Number(json, "label_smoothing", config.LabelSmoothing);
        if (isMask) WriteMasks(json, config, result.Plan);
        else
        {
            json.WriteString("head", config.Head.ToString().ToLowerInvariant());
            json.WriteString("pool", config.Pool.ToString().ToLowerInvariant());
        }
        if (config.Dropout is { } dropout) Number(json, "dropout", dropout);
        if (config.InputChannels is { } channels) json.WriteNumber("channels", channels);
        json.WriteNumber("batch_size", result.Plan.BatchSize);
        json.WriteBoolean("augment", isMask ? config.Augment ?? true : config.Augments);
        Strings(json, "augmentation",
            isMask ? MaskTransforms.Words(config) : config.TransformSteps.Select(step => step.ToString()));
        if (config.Augmentation.MixUp > 0) Number(json, "mixup", config.Augmentation.MixUp);
        if (config.Augmentation.CutMix > 0) Number(json, "cutmix", config.Augmentation.CutMix);
        if (config.Augmentation.Resize is { } method) json.WriteString("resize", method.ToString().ToLowerInvariant());
        json.WriteBoolean("keep_statistics", config.KeepsStatistics);
        json.WriteBoolean("ignore_orientation", config.IgnoreOrientation);
        json.WriteBoolean("from_scratch", config.FromScratch);
        json.WriteNumber("seed", config.Seed);
        json.WriteString("device", origins.Device);
        json.WriteNumber("threads", origins.Threads);
        json.WriteString("precision", result.Plan.Precision);
        json.WriteEndObject();

        json.WriteStartObject("versions");
        json.WriteString("graft", typeof(RunFiles).Assembly.GetName().Version!.ToString(3));
        json.WriteString("libtorch", Engine.LibtorchVersion);
        json.WriteString("dotnet", Environment.Version.ToString());
        json.WriteString("system", RuntimeInformation.OSDescription);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteMasks(Utf8JsonWriter json, JobConfig config, JobPlan plan)
    {
        SegmentationSettings its = config.Segmentation;
        if (its.Decoder is { } decoder) json.WriteString("decoder", decoder.ToString().ToLowerInvariant());
        json.WriteString("crop", plan.InputSize);
        json.WriteString("loss", config.Optimisation.Loss == "auto" ? "crossentropy" : config.Optimisation.Loss);
        if (its.Auxiliary is { } auxiliary) json.WriteBoolean("auxiliary", auxiliary);
        Number(json, "auxiliary_weight", its.AuxiliaryWeight);
        if (its.IgnoreIndex is { } ignored) json.WriteNumber("ignore_index", ignored);
    }

    /// <summary>A command line that does the same, for runs that were not started by one.</summary>
    public static string CommandOf(JobConfig config)
    {
        var line = new StringBuilder($"./graft train {ShellQuote.Quote(config.Data)} --model {ShellQuote.Quote(config.Model)}");
        if (config.Architecture is not null) line.Append($" --arch {ShellQuote.Quote(config.Architecture)}");
        if (config.HeadLayer is not null) line.Append($" --head-layer {ShellQuote.Quote(config.HeadLayer)}");
        if (config.PreprocessPath is not null) line.Append($" --preprocess {ShellQuote.Quote(config.PreprocessPath)}");
        if (config.Revision is not null) line.Append($" --revision {ShellQuote.Quote(config.Revision)}");
        if (config.FromScratch) line.Append(" --from-scratch");
        line.Put($" --mode {RunNames.Of(config.Mode)} --epochs {config.Epochs}");
        if (config.Mode == TrainingMode.FineTune) line.Put($" --freeze-epochs {config.FreezeEpochs}");
        if (config.Mode == TrainingMode.Partial) line.Put($" --unfreeze {config.UnfreezeGroups}");
        if (config.KeepStatistics == false && !config.FromScratch) line.Append(" --train-statistics");
        if (config.LearningRate is { } rate) line.Put($" --lr {rate}");
        else if (config.Optimisation.FindRate) line.Append(" --lr auto");
        if (config.Metrics.Names.Count > 0) line.Append($" --metrics {ShellQuote.Quote(string.Join(',', config.Metrics.Names))}");
        if (config.Metrics.Monitor is { } monitor) line.Append($" --monitor {ShellQuote.Quote(monitor)}");
        if (config.Head != HeadKind.Own) line.Append($" --head {config.Head.ToString().ToLowerInvariant()}");
        if (config.Pool != PoolKind.Own)
            line.Append($" --pool {(config.Pool == PoolKind.Average ? "avg" : config.Pool.ToString().ToLowerInvariant())}");
        if (config.Dropout is { } dropout) line.Put($" --dropout {dropout}");
        if (config.InputChannels is { } channels) line.Put($" --channels {channels}");
        if (config.ImageSize is { } size) line.Put($" --image-size {size}");
        if (config.LabelSmoothing > 0) line.Put($" --label-smoothing {config.LabelSmoothing}");
        if (config.Mode == TrainingMode.FineTune && config.LearningRateSpread is { } spread)
            line.Put($" --lr-spread {spread}");
        if (config.WeightDecay != 0.01) line.Put($" --weight-decay {config.WeightDecay}");
        line.Append(OptimisationWords.Of(config));
        AugmentationWords.Put(line, config);
        if (config.IgnoreOrientation) line.Append(" --ignore-orientation");
        if (config.Precision != PrecisionKind.Auto) line.Append($" --precision {config.Precision.ToString().ToLowerInvariant()}");
        PutTask(line, config.Task);
        if (config.BatchSize is { } images) line.Put($" --batch-size {images}");
        SegmentationWords.Put(line, config.Segmentation);
        line.Put($" --val {config.ValidationShare} --seed {config.Seed}");
        return line.ToString();
    }

    static void PutTask(StringBuilder line, TaskSettings task)
    {
        foreach ((string option, string? value) in new[]
        {
            ("--image-column", task.Table.ImageColumn),
            ("--label-column", task.Table.LabelColumn),
            ("--mask-column", task.Table.MaskColumn),
            ("--label-separator", task.Table.LabelSeparator),
            ("--target-columns", task.Table.TargetColumns.Count > 0 ? string.Join(',', task.Table.TargetColumns) : null),
            ("--split-column", task.Table.SplitColumn),
            ("--image-root", task.Table.ImageRoot),
        })
            if (value is not null) line.Append($" {option} {ShellQuote.Quote(value)}");
        if (task.Table.MultipleLabels) line.Append(" --multi-label");
        if (task.TuneThresholds) line.Append(" --tune-thresholds");
        if (task.Shots is { } shots) line.Put($" --shots {shots}");
        if (task.Limit is { } limit) line.Put($" --limit {limit}");
    }

    /// <summary>SHA-256 over the contents of files, in that order, as lower-case hexadecimal digits; empty for none.</summary>
    public static string HashOf(IEnumerable<string> paths)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        bool any = false;
        foreach (string path in paths)
        {
            using FileStream file = File.OpenRead(path);
            for (int read; (read = file.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
            any = true;
        }
        return any ? Convert.ToHexStringLower(hash.GetHashAndReset()) : "";
    }

    static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name); // JSON has no NaN
    }
}
