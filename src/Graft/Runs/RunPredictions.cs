using System.Runtime.InteropServices;
using System.Text.Json;
using Graft.Data;
using Graft.Formats;

namespace Graft;

/// <summary>
/// What the kept model made of each validation image: <c>predictions.safetensors</c> in a run's folder, with the arrays
/// <c>outputs</c> float32 <c>[N, K]</c>, and <c>labels</c> int64 <c>[N]</c> or <c>targets</c> float32 <c>[N, K]</c>; its
/// metadata has <c>kind</c>, and <c>images</c> and <c>labels</c> as JSON lists.
/// </summary>
sealed record RunPredictions
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "predictions.safetensors";

    /// <summary>What is known of an image.</summary>
    public required LabelKind Kind { get; init; }

    /// <summary>The classes, labels or numbers, in the order of the outputs, K.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The images, below the data's folder where they lie there, N.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The model's outputs, row by row, <c>[N, K]</c>.</summary>
    public required float[] Outputs { get; init; }

    /// <summary>The right class of each image, <c>[N]</c>; empty for other kinds.</summary>
    public long[] Classes { get; init; } = [];

    /// <summary>The right labels or numbers, row by row, <c>[N, K]</c>; empty for single classes.</summary>
    public float[] Targets { get; init; } = [];

    /// <summary>How many images.</summary>
    public int Count => Images.Count;

    /// <summary>What the model gave for an image, <c>[K]</c>.</summary>
    public ReadOnlySpan<float> OutputsOf(int image) => Outputs.AsSpan(image * Labels.Count, Labels.Count);

    /// <summary>What is right for an image, <c>[K]</c>.</summary>
    public ReadOnlySpan<float> TargetsOf(int image) => Targets.AsSpan(image * Labels.Count, Labels.Count);

    /// <summary>Of an evaluation, with images named below the data's folder.</summary>
    public static RunPredictions Of(EvaluationResult result, string data)
    {
        string root = Path.GetFullPath(data);
        return new RunPredictions
        {
            Kind = result.Kind,
            Labels = result.Kind == LabelKind.Number ? [.. result.Numbers.Select(each => each.Name)]
                : [.. result.Classes.Select(each => each.Label)],
            Images = [.. result.Samples.Select(sample => Below(root, sample.Image))],
            Outputs = result.Outputs,
            Classes = result.Kind == LabelKind.Single ? [.. result.Samples.Select(sample => (long)sample.Label)] : [],
            Targets = [.. result.Samples.SelectMany(sample => sample.Targets ?? [])],
        };
    }

    internal static string Below(string root, string image)
    {
        string full = Path.GetFullPath(image), below = Path.GetRelativePath(root, full);
        return below.StartsWith("..", StringComparison.Ordinal) ? full : below;
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path)
    {
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays =
            [(new ArrayEntry("outputs", ElementType.Float32, [Count, Labels.Count]), Bytes<float>(Outputs))];
        if (Kind == LabelKind.Single) arrays.Add((new ArrayEntry("labels", ElementType.Int64, [Count]), Bytes<long>(Classes)));
        else arrays.Add((new ArrayEntry("targets", ElementType.Float32, [Count, Labels.Count]), Bytes<float>(Targets)));
        SafetensorsWriter.Write(path, arrays, new Dictionary<string, string>
        {
            ["format"] = "graft predictions 1",
            ["kind"] = NameOf(Kind),
            ["labels"] = JsonSerializer.Serialize(Labels),
            ["images"] = JsonSerializer.Serialize(Images),
        });
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or something else.</exception>
    public static RunPredictions Read(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string Text(string key) => file.Metadata.TryGetValue(key, out string? text) ? text : throw Wrong($"no {key}");
        LabelKind kind = Text("kind") switch
        {
            "single" => LabelKind.Single,
            "multiple" => LabelKind.Multiple,
            "number" => LabelKind.Number,
            string other => throw Wrong($"the kind {other}"),
        };
        string[] labels = List("labels"), images = List("images");
        float[] outputs = Array<float>("outputs", ElementType.Float32, (long)images.Length * labels.Length);
        var read = new RunPredictions { Kind = kind, Labels = labels, Images = images, Outputs = outputs };
        if (kind != LabelKind.Single)
            return read with { Targets = Array<float>("targets", ElementType.Float32, (long)images.Length * labels.Length) };
        long[] classes = Array<long>("labels", ElementType.Int64, images.Length);
        foreach (long one in classes)
            if (one < 0 || one >= labels.Length) throw Wrong($"the class {one}");
        return read with { Classes = classes };

        string[] List(string key)
        {
            try
            {
                return JsonSerializer.Deserialize<string[]>(Text(key)) ?? throw Wrong($"no {key}");
            }
            catch (JsonException)
            {
                throw Wrong($"{key} that are no list");
            }
        }

        T[] Array<T>(string name, ElementType type, long count) where T : unmanaged
        {
            if (!file.TryFind(name, out ArrayEntry entry) || entry.Type != type || entry.ElementCount != count)
                throw Wrong($"{name} that are not {type} of {count} values");
            return MemoryMarshal.Cast<byte, T>(file.Bytes(entry)).ToArray();
        }

        InvalidDataException Wrong(string found) => new($"{path}: expected predictions that Graft wrote, found {found}.");
    }

    static string NameOf(LabelKind kind) => kind.ToString().ToLowerInvariant();

    static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
