using System.Text.Json;
using Graft.Data;
using Graft.Training;
using static System.FormattableString;

namespace Graft.Cli;

/// <summary>What a training job came to.</summary>
static class TrainOutput
{
    /// <summary>For people.</summary>
    public static void WriteText(TextWriter output, TrainResult result)
    {
        output.WriteLine();
        if (result.WasCancelled) output.WriteLine("stopped before the end; the best model so far was kept");
        if (result.SkippedImages.Count > 0)
            output.WriteLine($"{result.SkippedImages.Count} images could not be read and were left out");
        if (result.StopReason is not null) output.WriteLine(result.StopReason);
        string scores = ScoresOf(result.Validation);
        output.WriteLine($"best epoch {result.Best.Epoch}: {scores} on {result.Validation.Images} images, " +
            $"after {Durations.Format(result.Seconds)}");
        if (result.Calibration is { HasMinimum: true } calibration)
            output.WriteLine(Invariant($"calibration error {calibration.ErrorBefore:0.0000}; with graft predict --calibrate ") +
                Invariant($"{calibration.ErrorAfter:0.0000}, at temperature {calibration.Temperature:0.00}"));
        output.WriteLine($"model:  {result.Folder}");
        string report = Path.Combine(result.Folder, "report.html");
        if (File.Exists(report)) output.WriteLine($"report: {report}");
        output.WriteLine($"next:   graft predict {ShellQuote.Quote(result.Folder)} IMAGE");
    }

    static string ScoresOf(EvaluationResult measured) => measured.Kind switch
    {
        LabelKind.Number => string.Join("; ", measured.Numbers.Select(number =>
            Invariant($"{number.Name}: RMSE {number.RootMeanSquaredError:G4}, ") +
            Invariant($"MAE {number.MeanAbsoluteError:G4}, R2 {number.RSquared:0.000}"))),
        LabelKind.Multiple => Invariant(
            $"all labels right {measured.Accuracy:0.0000}, macro F1 {measured.Metrics["f1:macro"]:0.0000}, ") +
            Invariant($"average precision {measured.Metrics["ap"]:0.0000}"),
        LabelKind.Mask => Invariant(
            $"mean IoU {measured.Metrics["miou"]:0.0000}, Dice {measured.Metrics["dice"]:0.0000}, ") +
            Invariant($"pixel accuracy {measured.Accuracy:0.0000}, loss {measured.Loss:0.0000}"),
        _ => Invariant($"accuracy {measured.Accuracy:0.0000}, loss {measured.Loss:0.0000}"),
    };

    /// <summary>For programs.</summary>
    public static void WriteJson(TextWriter output, TrainResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("folder", result.Folder);
        json.WriteString("architecture", result.Plan.Architecture);
        json.WriteBoolean("cancelled", result.WasCancelled);
        JsonOutput.WriteFinite(json, "accuracy", result.Validation.Accuracy);
        JsonOutput.WriteFinite(json, "loss", result.Validation.Loss);
        json.WriteNumber("best_epoch", result.Best.Epoch);
        WriteMetrics(json, result.Validation.Metrics);
        if (result.Calibration is { } calibration)
        {
            json.WriteStartObject("calibration");
            json.WriteNumber("temperature", calibration.Temperature);
            JsonOutput.WriteFinite(json, "ece_before", calibration.ErrorBefore);
            JsonOutput.WriteFinite(json, "ece_after", calibration.ErrorAfter);
            json.WriteEndObject();
        }
        json.WriteNumber("seconds", result.Seconds);
        if (result.Plan.Estimate is { } estimate)
        {
            json.WriteStartObject("estimated");
            JsonOutput.WriteFinite(json, "seconds", estimate.Seconds);
            if (estimate.PeakBytes is { } peak) json.WriteNumber("peak_memory_bytes", peak);
            json.WriteEndObject();
        }
        json.WriteNumber("training_images", result.Plan.TrainingImages);
        json.WriteNumber("validation_images", result.Plan.ValidationImages);
        json.WriteStartArray("labels");
        foreach (string label in result.Plan.Labels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteStartArray("epochs");
        foreach (EpochRecord epoch in result.Epochs) WriteEpoch(json, epoch);
        json.WriteEndArray();
        json.WriteStartArray("skipped_images");
        foreach (string image in result.SkippedImages) json.WriteStringValue(image);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void WriteEpoch(Utf8JsonWriter json, EpochRecord epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteString("trained", epoch.Phase);
        JsonOutput.WriteFinite(json, "train_loss", epoch.TrainLoss);
        JsonOutput.WriteFinite(json, "train_accuracy", epoch.TrainAccuracy);
        JsonOutput.WriteFinite(json, "validation_loss", epoch.ValidationLoss);
        JsonOutput.WriteFinite(json, "validation_accuracy", epoch.ValidationAccuracy);
        if (epoch.Metrics.Count > 0) WriteMetrics(json, epoch.Metrics);
        JsonOutput.WriteFinite(json, "learning_rate", epoch.LearningRate);
        JsonOutput.WriteFinite(json, "seconds", epoch.Seconds);
        JsonOutput.WriteFinite(json, "images_per_second", epoch.ImagesPerSecond);
        json.WriteBoolean("best", epoch.IsBest);
        json.WriteEndObject();
    }

    static void WriteMetrics(Utf8JsonWriter json, IReadOnlyDictionary<string, double> metrics)
    {
        json.WriteStartObject("metrics");
        foreach ((string name, double value) in metrics) JsonOutput.WriteFinite(json, name, value);
        json.WriteEndObject();
    }
}
