using System.Text;
using System.Text.Json;

namespace Graft;

/// <summary>The document <c>cross_validation.json</c>, which the command line prints too.</summary>
static class CrossValidationJson
{
    /// <summary>The document as text.</summary>
    public static string Write(CrossValidationResult result)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" })) Write(json, result);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>The document.</summary>
    public static void Write(Utf8JsonWriter json, CrossValidationResult result)
    {
        json.WriteStartObject();
        json.WriteString("folder", result.Folder);
        json.WriteBoolean("cancelled", result.WasCancelled);
        json.WriteNumber("folds", result.FoldCount);
        json.WriteNumber("finished", result.Folds.Count);
        json.WriteString("kind", result.Kind.ToString().ToLowerInvariant());
        json.WriteStartArray("labels");
        foreach (string label in result.Labels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteStartObject("metrics");
        foreach ((string name, MetricSpread spread) in result.Metrics)
        {
            json.WriteStartObject(name);
            Number(json, "mean", spread.Mean);
            Number(json, "deviation", spread.Deviation);
            Number(json, "pooled", spread.Pooled);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartArray("fold_results");
        foreach (FoldResult fold in result.Folds)
        {
            json.WriteStartObject();
            json.WriteNumber("fold", fold.Number);
            json.WriteString("folder", fold.Folder);
            json.WriteNumber("images", fold.Validation.Images);
            if (fold.Validation.Kind != Data.LabelKind.Number) Number(json, "accuracy", fold.Validation.Accuracy);
            Number(json, "loss", fold.Validation.Loss);
            foreach ((string name, double value) in fold.Validation.Metrics)
                if (name is not "accuracy") Number(json, name, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Number(json, "seconds", Math.Round(result.Seconds, 3));
        json.WriteEndObject();
    }

    static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name); // JSON has no NaN
    }
}
