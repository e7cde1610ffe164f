using System.Globalization;
using System.Text.Json;

namespace Graft.Cli;

/// <summary>A segmentation model's predictions as a table, as CSV, as JSON: which classes, and how much of them.</summary>
static class SegmentationPrinter
{
    /// <summary>A table for people.</summary>
    public static void WriteTable(TextWriter output, IEnumerable<SegmentationLine> lines, int count)
    {
        var table = new TableWriter("image", "label", "pixels", "share");
        foreach (SegmentationLine line in lines)
        {
            string name = line.Prediction.Image;
            foreach (ClassShare one in line.Prediction.Classes.Take(count))
            {
                table.Add(name, one.Label, one.Pixels.ToString(CultureInfo.InvariantCulture), Share(one.Share));
                name = "";
            }
        }
        table.Write(output);
    }

    /// <summary>A table for programs.</summary>
    public static void WriteCsv(TextWriter output, IEnumerable<SegmentationLine> lines, int count)
    {
        output.WriteLine("image,rank,label,pixels,share");
        foreach (SegmentationLine line in lines)
        {
            int rank = 0;
            foreach (ClassShare one in line.Prediction.Classes.Take(count))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{CsvText.Of(line.Prediction.Image)},{++rank},{CsvText.Of(one.Label)},{one.Pixels},{(float)one.Share}"));
        }
    }

    /// <summary>A list for programs; with the raw output as <c>logits_map</c> where predictions have it.</summary>
    public static void WriteJson(TextWriter output, IEnumerable<SegmentationLine> lines, int count) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteStartArray();
            foreach (SegmentationLine line in lines) Write(json, line, count);
            json.WriteEndArray();
        });

    static void Write(Utf8JsonWriter json, SegmentationLine line, int count)
    {
        SegmentationPrediction prediction = line.Prediction;
        json.WriteStartObject();
        json.WriteString("image", prediction.Image);
        if (prediction.Error is { } error) json.WriteString("error", error);
        else
        {
            json.WriteNumber("width", prediction.Width);
            json.WriteNumber("height", prediction.Height);
        }
        json.WriteStartArray("classes");
        foreach (ClassShare one in prediction.Classes.Take(count))
        {
            json.WriteStartObject();
            json.WriteString("label", one.Label);
            json.WriteNumber("index", one.Index);
            json.WriteNumber("pixels", one.Pixels);
            json.WriteNumber("share", (float)one.Share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (line.Files.Count > 0)
        {
            json.WriteStartObject("files");
            foreach ((string kind, string path) in line.Files) json.WriteString(kind, path);
            json.WriteEndObject();
        }
        if (prediction.Logits is { } map)
        {
            json.WriteStartObject("logits_map");
            json.WriteStartArray("shape");
            json.WriteNumberValue(map.Classes);
            json.WriteNumberValue(map.Height);
            json.WriteNumberValue(map.Width);
            json.WriteEndArray();
            json.WriteStartArray("data");
            foreach (float value in map.Values) JsonOutput.WriteFinite(json, value);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static string Share(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
