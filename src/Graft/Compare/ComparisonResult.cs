using System.Text.Json;

namespace Graft;

/// <summary>Which of several models suits some photos.</summary>
public sealed record ComparisonResult
{
    /// <summary>The photos' folder.</summary>
    public required string Data { get; init; }

    /// <summary>How many images were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>The names of their classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Parts of the cross-validation.</summary>
    public required int Folds { get; init; }

    /// <summary>The models, the best linear probe first.</summary>
    public required IReadOnlyList<ComparedModel> Models { get; init; }

    /// <summary>Models that could not be looked at, and why.</summary>
    public required IReadOnlyList<(string Model, string Reason)> Failed { get; init; }

    /// <summary>What the figures say, in a sentence or two.</summary>
    public required string Verdict { get; init; }

    /// <summary>Whether it was stopped before its end.</summary>
    public required bool WasCancelled { get; init; }

    /// <summary>Where report and numbers lie.</summary>
    public required string Folder { get; init; }

    /// <summary>Seconds from the first to the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>The same as a JSON object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("data", Data);
        json.WriteNumber("images", Images);
        json.WriteStartArray("classes");
        foreach (string label in Classes) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteNumber("folds", Folds);
        json.WriteString("verdict", Verdict);
        json.WriteBoolean("cancelled", WasCancelled);
        json.WriteString("folder", Folder);
        json.WriteNumber("seconds", Math.Round(Seconds, 3));
        json.WriteStartArray("models");
        foreach (ComparedModel model in Models) Write(json, model);
        json.WriteEndArray();
        json.WriteStartArray("failed");
        foreach ((string model, string reason) in Failed)
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ComparedModel model)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Model);
        json.WriteString("architecture", model.Architecture);
        json.WriteNumber("parameters", model.Parameters);
        json.WriteNumber("multiply_adds", model.MultiplyAdds);
        json.WriteNumber("features", model.Features);
        json.WriteString("input", model.InputSize);
        json.WriteNumber("images_per_second", Math.Round(model.ImagesPerSecond, 1));
        Write(json, "knn", "k", model.Neighbours);
        Write(json, "linear_probe", "c", model.Linear);
        json.WriteNumber("p_value", model.PValue);
        json.WriteBoolean("within_noise", model.IsWithinNoise);
        if (model.Tuned is { } tuned)
        {
            json.WriteStartObject("fine_tuned");
            json.WriteString("folder", tuned.Folder);
            json.WriteNumber("accuracy", tuned.Accuracy);
            Interval(json, tuned.Interval);
            if (double.IsFinite(tuned.Loss)) json.WriteNumber("loss", tuned.Loss);
            json.WriteNumber("images", tuned.Images);
            json.WriteNumber("epochs", tuned.Epochs);
            json.WriteBoolean("stopped_by_budget", tuned.WasStopped);
            json.WriteNumber("seconds", Math.Round(tuned.Seconds, 3));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, string setting, ProbeScore score)
    {
        json.WriteStartObject(name);
        json.WriteNumber("accuracy", score.Accuracy);
        Interval(json, score.Interval);
        json.WriteStartArray(setting);
        foreach (double value in score.Settings) json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Interval(Utf8JsonWriter json, (double Low, double High) interval)
    {
        json.WriteStartArray("interval95");
        json.WriteNumberValue(interval.Low);
        json.WriteNumberValue(interval.High);
        json.WriteEndArray();
    }
}
