using System.Globalization;
using System.Text.Json;

namespace Graft.Cli;

/// <summary>How a segmentation model does, as text for people and as JSON.</summary>
static class SegmentationScores
{
    /// <summary>The figures of all pixels, then a line for each class.</summary>
    public static void WriteText(TextWriter output, SegmentationResult result)
    {
        output.WriteLine($"images                  {result.Images}");
        if (result.SkippedImages.Count > 0)
            output.WriteLine($"skipped                 {result.SkippedImages.Count} (unreadable)");
        output.WriteLine($"mean IoU                {Share(result.MeanIoU)}");
        output.WriteLine($"mean Dice               {Share(result.MeanDice)}");
        output.WriteLine($"pixel accuracy          {Share(result.PixelAccuracy)}");
        output.WriteLine($"mean accuracy           {Share(result.MeanAccuracy)}");
        output.WriteLine($"frequency-weighted IoU  {Share(result.FrequencyWeightedIoU)}");
        if (!double.IsNaN(result.BoundaryF)) output.WriteLine($"boundary F              {Share(result.BoundaryF)}");
        output.WriteLine();
        var table = new TableWriter("class", "pixels", "IoU", "Dice", "accuracy", "precision", "boundary F");
        foreach (SegmentationClassResult one in result.Classes)
            table.Add(one.Label, one.Pixels.ToString(CultureInfo.InvariantCulture), Share(one.IoU), Share(one.Dice),
                Share(one.Accuracy), Share(one.Precision), Share(one.BoundaryF));
        table.Write(output);
    }

    /// <summary>Everything, with the confusion matrix of pixels and the score of each image.</summary>
    public static void WriteJson(TextWriter output, SegmentationResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("images", result.Images);
        json.WriteNumber("pixels", result.Pixels);
        JsonOutput.WriteFinite(json, "mean_iou", result.MeanIoU);
        JsonOutput.WriteFinite(json, "mean_dice", result.MeanDice);
        JsonOutput.WriteFinite(json, "pixel_accuracy", result.PixelAccuracy);
        JsonOutput.WriteFinite(json, "mean_accuracy", result.MeanAccuracy);
        JsonOutput.WriteFinite(json, "frequency_weighted_iou", result.FrequencyWeightedIoU);
        JsonOutput.WriteFinite(json, "boundary_f", result.BoundaryF);
        json.WriteStartArray("classes");
        foreach (SegmentationClassResult one in result.Classes)
        {
            json.WriteStartObject();
            json.WriteString("label", one.Label);
            json.WriteNumber("pixels", one.Pixels);
            JsonOutput.WriteFinite(json, "iou", one.IoU);
            JsonOutput.WriteFinite(json, "dice", one.Dice);
            JsonOutput.WriteFinite(json, "accuracy", one.Accuracy);
            JsonOutput.WriteFinite(json, "precision", one.Precision);
            JsonOutput.WriteFinite(json, "boundary_f", one.BoundaryF);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("confusion_matrix");
        foreach (IReadOnlyList<long> row in result.Confusion)
        {
            json.WriteStartArray();
            foreach (long count in row) json.WriteNumberValue(count);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("samples");
        foreach (SegmentedSample sample in result.Samples)
        {
            json.WriteStartObject();
            json.WriteString("image", sample.Image);
            JsonOutput.WriteFinite(json, "mean_iou", sample.MeanIoU);
            JsonOutput.WriteFinite(json, "pixel_accuracy", sample.PixelAccuracy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("skipped");
        foreach (string path in result.SkippedImages) json.WriteStringValue(path);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static string Share(double value) =>
        double.IsNaN(value) ? "-" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
