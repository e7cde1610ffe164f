using System.Text.Json;

namespace Graft;

/// <summary>
/// The logits of some images, recorded by any tool: the JSON of <c>graft predict --logits --format json</c>, which is a list of
/// objects with <c>image</c> and <c>logits</c> (of segmentation networks <c>logits_map</c>, see <see cref="RecordedMap"/>), or an
/// object with such a list as its <c>results</c>.
/// </summary>
public sealed class RecordedLogits
{
    const long MaximumBytes = 1 << 30;
    const string HowTo = "graft predict --logits --format json writes such a file";

    RecordedLogits(string path, IReadOnlyList<RecordedImage> images, double spread) =>
        (Path, Images, Spread) = (path, images, spread);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The images, in the file's order.</summary>
    public IReadOnlyList<RecordedImage> Images { get; }

    /// <summary>The standard deviation of all recorded logits, by which differences are measured.</summary>
    public double Spread { get; }

    /// <summary>Reads a recording and finds its images.</summary>
    /// <param name="path">the JSON</param>
    /// <param name="folder">where the images lie, by their path or name; null: beside the JSON, or here</param>
    /// <exception cref="FileNotFoundException">There is no such file, or an image is nowhere.</exception>
    /// <exception cref="InvalidDataException">It is no such recording.</exception>
    public static RecordedLogits Read(string path, string? folder = null)
    {
        using JsonDocument document = Parse(path);
        JsonElement root = document.RootElement;
        List<JsonElement> entries = [];
        int main = 0; // further images are checked, but the spread is that of the main ones
        if (root.ValueKind == JsonValueKind.Array) entries.AddRange(root.EnumerateArray());
        else if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("results", out JsonElement list) &&
            list.ValueKind == JsonValueKind.Array)
        {
            entries.AddRange(list.EnumerateArray());
            main = entries.Count;
            if (root.TryGetProperty("extra_results", out JsonElement more) && more.ValueKind == JsonValueKind.Array)
                entries.AddRange(more.EnumerateArray());
        }
        else if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("image", out _)) entries.Add(root);
        else throw new InvalidDataException($"{path}: expected a list of images with their logits: {HowTo}.");
        if (main == 0) main = entries.Count;
        List<RecordedImage> images = [.. entries.Select((entry, i) => ReadImage(entry, i, path, folder))];
        if (images.Count == 0) throw new InvalidDataException($"{path}: expected at least one image, found none.");
        return new RecordedLogits(path, images, SpreadOf(images.Take(main)));
    }

    static JsonDocument Parse(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file.");
        if (new FileInfo(path).Length is > MaximumBytes and var length)
            throw new InvalidDataException($"{path}: expected at most {MaximumBytes} bytes of recorded logits, found {length}");
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonDocument.Parse(stream);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: not valid JSON: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    static RecordedImage ReadImage(JsonElement entry, int index, string path, string? folder)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("image", out JsonElement name) ||
            name.ValueKind != JsonValueKind.String || name.GetString() is not { Length: > 0 } image)
            throw new InvalidDataException($"{path}: entry {index + 1}: expected an object with an image's path: {HowTo}.");
        (RecordedMap? map, float[]? pixels) = entry.TryGetProperty("logits_map", out JsonElement recorded)
            ? RecordedMap.Read(recorded, $"{path}: {image}") : default;
        if (!entry.TryGetProperty("logits", out JsonElement logits) && pixels is null)
            throw new InvalidDataException($"{path}: {image}: expected logits, found none: {HowTo}.");
        List<IReadOnlyList<float>> others = [];
        foreach (JsonProperty property in entry.EnumerateObject())
            if (property.Name.StartsWith("logits_v", StringComparison.Ordinal))
                others.Add(ReadLogits(property.Value, path, image));
        return new RecordedImage
        {
            Name = image,
            Path = Find(image, path, folder),
            Logits = pixels ?? ReadLogits(logits, path, image),
            Map = map,
            Alternatives = others,
            Labels = ReadLabels(entry),
            IsTurned = entry.TryGetProperty("exif_transposed", out JsonElement turned) ? turned.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            } : null,
            Pixels = RecordedPixels.Read(entry),
        };
    }

    static float[] ReadLogits(JsonElement list, string path, string image)
    {
        // a batch of one
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == 1 && list[0].ValueKind == JsonValueKind.Array)
            list = list[0];
        bool fits = list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number);
        return fits ? [.. list.EnumerateArray().Select(item => item.GetSingle())]
            : throw new InvalidDataException(
                $"{path}: {image}: logits: expected a list of numbers, found {Short(list.GetRawText())}");
    }

    static string[] ReadLabels(JsonElement entry)
    {
        if (entry.TryGetProperty("predictions", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
            return [.. list.EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("label", out JsonElement label) &&
                    label.ValueKind == JsonValueKind.String ? label.GetString()! : "")
                .TakeWhile(label => label.Length > 0)];
        return entry.TryGetProperty("top1_label", out JsonElement top) && top.ValueKind == JsonValueKind.String
            ? [top.GetString()!] : [];
    }

    /// <summary>The image in the folder, by its path or its name; without a folder beside the recording, or from here.</summary>
    static string Find(string image, string recording, string? folder)
    {
        string beside = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(recording))!;
        string[] places = folder is null
            ? [System.IO.Path.Combine(beside, image), System.IO.Path.GetFullPath(image)]
            : [System.IO.Path.Combine(folder, image), System.IO.Path.Combine(folder, System.IO.Path.GetFileName(image))];
        return places.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"{recording}: the image {image} is neither {places[0]} nor {places[1]}. " +
            (folder is null ? "Name the folder of the images with --images." : "Is it the right folder of images?"));
    }

    static double SpreadOf(IEnumerable<RecordedImage> images)
    {
        double[] all = [.. images.SelectMany(image => image.Logits).Select(value => (double)value)];
        double mean = all.Average();
        return Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / all.Length);
    }

    static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
