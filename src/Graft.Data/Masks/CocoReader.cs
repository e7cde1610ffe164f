using System.Text.Json;
using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// COCO's JSON: polygons, and runs in numbers or in text. Of shapes that overlap the smaller lies on top; crowds are ignored
/// where no other shape is.
/// </summary>
/// <param name="path">the file</param>
/// <param name="find">from an image's name to its path, or null</param>
/// <param name="note">told what was passed over</param>
sealed class CocoReader(string path, Func<string, string?> find, Action<string> note)
{
    public (List<Sample> Samples, List<string> Classes) Read(JsonElement root)
    {
        Dictionary<long, string> categories = [];
        foreach (JsonElement category in root.GetProperty("categories").EnumerateArray())
            categories[category.GetProperty("id").GetInt64()] = AnnotationFile.Text(category.GetProperty("name"));
        Dictionary<long, List<(double Area, MaskShape Shape)>> shapes = [];
        HashSet<long> used = [];
        int without = 0;
        foreach (JsonElement annotation in root.GetProperty("annotations").EnumerateArray())
        {
            long id = annotation.GetProperty("category_id").GetInt64();
            if (!categories.TryGetValue(id, out string? name))
                throw new InvalidDataException($"{path}: expected a category of the list, found category_id {id}.");
            used.Add(id);
            if (ShapeOf(annotation, name) is not { } shape)
            {
                without++;
                continue;
            }
            long image = annotation.GetProperty("image_id").GetInt64();
            if (!shapes.TryGetValue(image, out var its)) shapes[image] = its = [];
            double area = annotation.TryGetProperty("area", out JsonElement given) && given.ValueKind == JsonValueKind.Number
                ? given.GetDouble() : AreaOf(shape);
            its.Add((area, shape));
        }
        if (shapes.Count == 0)
            throw new InvalidDataException($"{path}: expected annotations with a segmentation, found none: boxes make no masks.");
        if (without > 0) note($"{path}: passed over {without} annotations without a segmentation");
        List<Sample> samples = Images(root, shapes);
        // a category that is only a heading of others (Roboflow's first) is no class
        List<string> classes = [.. categories.Where(pair => used.Contains(pair.Key) || !IsHeading(root, pair.Value))
            .OrderBy(pair => pair.Key).Select(pair => pair.Value).Distinct()];
        return (samples, classes);
    }

    List<Sample> Images(JsonElement root, Dictionary<long, List<(double Area, MaskShape Shape)>> shapes)
    {
        List<Sample> samples = [];
        List<string> missing = [];
        int count = 0;
        foreach (JsonElement image in root.GetProperty("images").EnumerateArray())
        {
            count++;
            string name = AnnotationFile.Text(image.GetProperty("file_name"));
            if (find(name) is not { } file)
            {
                missing.Add(name);
                continue;
            }
            (int width, int height) = (image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32());
            if (width < 1 || height < 1 || (long)width * height > Image.MaximumPixels)
                throw new InvalidDataException($"{path}: {name}: expected an image's size, found {width} x {height}.");
            shapes.TryGetValue(image.GetProperty("id").GetInt64(), out var its);
            MaskShape[] drawn = [.. (its ?? []).OrderByDescending(each => each.Area).Select(each => each.Shape)];
            samples.Add(new Sample(file, 0, samples.Count)
            {
                Name = name,
                Mask = new MaskShapes(path, width, height, drawn),
            });
        }
        AnnotationFile.ThrowIfMissing(path, missing, count);
        return samples;
    }

    static MaskShape? ShapeOf(JsonElement annotation, string name)
    {
        if (!annotation.TryGetProperty("segmentation", out JsonElement shape)) return null;
        bool crowd = annotation.TryGetProperty("iscrowd", out JsonElement flag)
            && (flag.ValueKind == JsonValueKind.True || (flag.ValueKind == JsonValueKind.Number && flag.GetInt32() == 1));
        if (shape.ValueKind == JsonValueKind.Object)
        {
            JsonElement counts = shape.GetProperty("counts");
            int[] runs = counts.ValueKind == JsonValueKind.String ? RunLengths.Parse(counts.GetString()!)
                : [.. counts.EnumerateArray().Select(each => each.GetInt32())];
            return new MaskShape(name) { Runs = runs, IsIgnored = crowd };
        }
        if (shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() == 0) return null;
        double[][] polygons =
            [.. shape.EnumerateArray().Select(polygon => polygon.EnumerateArray().Select(each => each.GetDouble()).ToArray())];
        return new MaskShape(name) { Polygons = polygons, IsIgnored = crowd };
    }

    static double AreaOf(MaskShape shape)
    {
        if (shape.Runs is { } runs)
        {
            long inside = 0;
            for (int i = 1; i < runs.Length; i += 2) inside += runs[i];
            return inside;
        }
        double sum = 0;
        foreach (double[] polygon in shape.Polygons)
        {
            double area = 0;
            for (int i = 0; i + 1 < polygon.Length; i += 2)
            {
                int next = (i + 2) % polygon.Length;
                area += polygon[i] * polygon[(next + 1) % polygon.Length] - polygon[next] * polygon[i + 1];
            }
            sum += Math.Abs(area) / 2;
        }
        return sum;
    }

    static bool IsHeading(JsonElement root, string name) =>
        root.GetProperty("categories").EnumerateArray().Any(category =>
            category.TryGetProperty("supercategory", out JsonElement above) && above.ValueKind == JsonValueKind.String
            && above.GetString() == name && category.GetProperty("name").GetString() != name);
}
