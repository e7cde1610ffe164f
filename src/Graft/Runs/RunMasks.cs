using System.Text.Json;
using System.Text.Json.Serialization;
using Graft.Formats;

namespace Graft;

/// <summary>
/// What the kept model made of the pixels of the validation images: <c>masks.json</c> in a run's folder. Null stands for NaN.
/// </summary>
sealed record RunMasks
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "masks.json";

    static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new NaN() },
    };

    /// <summary>One class's measures, as <see cref="SegmentationClassResult"/> has them.</summary>
    public sealed record Row(
        string Label, long Pixels, double Iou, double Dice, double Accuracy, double Precision, double BoundaryF);

    /// <summary>One image's measures.</summary>
    /// <param name="Image">the file, below the data's folder where it lies there</param>
    /// <param name="Miou">the mean IoU of its classes</param>
    /// <param name="PixelAccuracy">share of its pixels whose class is right</param>
    public sealed record Picture(string Image, double Miou, double PixelAccuracy);

    /// <summary>The classes, K.</summary>
    public required IReadOnlyList<Row> Classes { get; init; }

    /// <summary>Pixels of class i taken for class j, <c>[K][K]</c>.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Pixels { get; init; }

    /// <summary>The images.</summary>
    public required IReadOnlyList<Picture> Images { get; init; }

    /// <summary>Of an evaluation of masks.</summary>
    public static RunMasks Of(SegmentationResult measured, string data)
    {
        string root = Path.GetFullPath(data);
        return new RunMasks
        {
            Classes =
            [
                .. measured.Classes.Select(one =>
                    new Row(one.Label, one.Pixels, one.IoU, one.Dice, one.Accuracy, one.Precision, one.BoundaryF)),
            ],
            Pixels = measured.Confusion,
            Images =
            [
                .. measured.Samples.Select(one =>
                    new Picture(RunPredictions.Below(root, one.Image), one.MeanIoU, one.PixelAccuracy)),
            ],
        };
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, options) + "\n");

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static RunMasks Read(string path)
    {
        try
        {
            RunMasks? read = JsonSerializer.Deserialize<RunMasks>(File.ReadAllBytes(path), options);
            int? classes = read?.Classes.Count;
            if (read is not null && read.Pixels.Count == classes && read.Pixels.All(row => row.Count == classes)) return read;
            throw new InvalidDataException(
                $"{path}: expected the measures of masks, found another number of classes than of rows.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected the measures of masks: {error.Message}", error);
        }
    }

    // JSON has no NaN
    sealed class NaN : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
