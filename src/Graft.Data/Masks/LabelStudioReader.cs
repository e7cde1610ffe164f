using System.Text.Json;
using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// Label Studio's JSON export: polygons, rectangles and brushes, each over those before it. Of several annotations of an image
/// the first that was not cancelled counts.
/// </summary>
/// <param name="path">the file</param>
/// <param name="find">from an image's name to its path, or null</param>
/// <param name="note">told what was passed over</param>
sealed class LabelStudioReader(string path, Func<string, string?> find, Action<string> note)
{
    const double Percent = 100;

    readonly SortedSet<string> classes = new(CodePointComparer.Instance);
    int others, several;

    public (List<Sample> Samples, List<string> Classes) Read(JsonElement root)
    {
        List<Sample> samples = [];
        List<string> missing = [];
        int unlabelled = 0, count = 0;
        foreach (JsonElement task in root.EnumerateArray())
        {
            count++;
            string name = ImageOf(task);
            JsonElement[] annotations = [.. Annotations(task)];
            if (annotations.Length == 0)
            {
                unlabelled++;
                continue;
            }
            if (annotations.Length > 1) several++;
            if (Find(name) is not { } file)
            {
                missing.Add(name);
                continue;
            }
            (int width, int height) = (0, 0);
            List<MaskShape> shapes = [];
            foreach (JsonElement result in annotations[0].GetProperty("result").EnumerateArray())
            {
                if (ShapeOf(result) is not { } shape) continue;
                (width, height) = SizeOf(result);
                shapes.Add(shape);
                classes.Add(shape.Class);
            }
            if (shapes.Count == 0)
            {
                // nothing on it: all of it is background
                ImageInfo info = ImageHeader.Read(file);
                (width, height) = info.Orientation >= 5 ? (info.Height, info.Width) : (info.Width, info.Height);
            }
            samples.Add(new Sample(file, 0, samples.Count) { Name = name, Mask = new MaskShapes(path, width, height, shapes) });
        }
        AnnotationFile.ThrowIfMissing(path, missing, count);
        if (classes.Count == 0)
            throw new InvalidDataException($"{path}: expected polygons, rectangles or brushes with labels, found none.");
        if (unlabelled > 0) note($"{path}: passed over {unlabelled} of {count} images that nobody has annotated");
        if (several > 0) note($"{path}: {several} images have several annotations: the first one counts");
        if (others > 0) note($"{path}: passed over {others} regions that are no polygon, rectangle or brush");
        return (samples, [.. classes]);
    }

    string ImageOf(JsonElement task)
    {
        JsonElement data = task.GetProperty("data");
        JsonElement found = default;
        if (!data.TryGetProperty("image", out found) || found.ValueKind != JsonValueKind.String)
            found = data.EnumerateObject().Select(pair => pair.Value).FirstOrDefault(value =>
                value.ValueKind == JsonValueKind.String && IsImage(value.GetString()!));
        if (found.ValueKind != JsonValueKind.String)
            throw new InvalidDataException($"{path}: expected an image in each task's data.");
        string text = Uri.UnescapeDataString(found.GetString()!);
        int local = text.IndexOf("?d=", StringComparison.Ordinal);
        if (local >= 0) text = text[(local + 3)..];
        return text[(text.LastIndexOf('/') + 1)..];
    }

    static bool IsImage(string text) =>
        ImageCodec.Extensions.Contains(Path.GetExtension(text.Split('?')[0]), StringComparer.OrdinalIgnoreCase);

    // Uploads get eight letters and a hyphen in front of their names.
    string? Find(string name) => find(name) ?? (name.IndexOf('-') == 8 ? find(name[9..]) : null);

    static IEnumerable<JsonElement> Annotations(JsonElement task)
    {
        if (!task.TryGetProperty("annotations", out JsonElement all) && !task.TryGetProperty("completions", out all)) return [];
        return all.EnumerateArray().Where(each =>
            !(each.TryGetProperty("was_cancelled", out JsonElement flag) && flag.ValueKind == JsonValueKind.True));
    }

    (int Width, int Height) SizeOf(JsonElement result)
    {
        (int width, int height) =
            (result.GetProperty("original_width").GetInt32(), result.GetProperty("original_height").GetInt32());
        if (width < 1 || height < 1 || (long)width * height > Image.MaximumPixels)
            throw new InvalidDataException($"{path}: expected an image's size, found {width} x {height}.");
        return (width, height);
    }

    MaskShape? ShapeOf(JsonElement result)
    {
        string type = result.TryGetProperty("type", out JsonElement kind) && kind.ValueKind == JsonValueKind.String
            ? kind.GetString()! : "";
        if (type is not ("polygonlabels" or "rectanglelabels" or "brushlabels")
            || !result.GetProperty("value").TryGetProperty(type, out JsonElement labels) || labels.GetArrayLength() == 0)
        {
            others++;
            return null;
        }
        JsonElement value = result.GetProperty("value");
        string name = AnnotationFile.Text(labels[0]);
        (int width, int height) = SizeOf(result);
        if (type == "polygonlabels")
        {
            double[] points = [.. value.GetProperty("points").EnumerateArray().SelectMany(point =>
                new[] { point[0].GetDouble() * width / Percent, point[1].GetDouble() * height / Percent })];
            return new MaskShape(name) { Polygons = [points] };
        }
        if (type == "rectanglelabels") return new MaskShape(name) { Polygons = [Rectangle(value, width, height)] };
        byte[] packed = [.. value.GetProperty("rle").EnumerateArray().Select(each => each.GetByte())];
        return new MaskShape(name) { Runs = BrushRuns.Decode(packed, width, height) };
    }

    // turned clockwise about its upper left corner
    static double[] Rectangle(JsonElement value, int width, int height)
    {
        double x = Part("x", width), y = Part("y", height), w = Part("width", width), h = Part("height", height);
        double turn = value.TryGetProperty("rotation", out JsonElement degrees) ? degrees.GetDouble() * Math.PI / 180 : 0;
        (double sin, double cos) = Math.SinCos(turn);
        double[] points = [0, 0, w, 0, w, h, 0, h];
        for (int i = 0; i < points.Length; i += 2)
            (points[i], points[i + 1]) = (x + points[i] * cos - points[i + 1] * sin, y + points[i] * sin + points[i + 1] * cos);
        return points;

        double Part(string name, int of) => value.GetProperty(name).GetDouble() * of / Percent;
    }
}
