using System.Text.Json;

namespace Graft.Reports;

/// <summary>Everything that a run's folder says of the run.</summary>
sealed record RunRecord
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary><c>summary.json</c></summary>
    public required JsonElement Summary { get; init; }

    /// <summary><c>job.json</c>: the settings; null where there is none.</summary>
    public JsonElement? Job { get; init; }

    /// <summary>The lines of <c>metrics.jsonl</c>, an epoch each.</summary>
    public IReadOnlyList<RunLine> Epochs { get; init; } = [];

    /// <summary>The lines of <c>iterations.jsonl</c>, where steps were recorded.</summary>
    public IReadOnlyList<RunLine> Steps { get; init; } = [];

    /// <summary>What the kept model made of the validation images; null where that was not kept.</summary>
    public RunPredictions? Predictions { get; init; }

    /// <summary>What it made of the pixels of images with masks; null where there are none.</summary>
    public RunMasks? Masks { get; init; }

    /// <summary>The data's make-up and the layers.</summary>
    public RunFacts Facts { get; init; } = new();

    /// <summary>The command line.</summary>
    public string Command { get; init; } = "";

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is not that of a run, or a file of it is damaged.</exception>
    public static RunRecord Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: no such folder.");
        string summary = Path.Combine(folder, RunFiles.Summary), predictions = Path.Combine(folder, RunPredictions.FileName);
        if (!File.Exists(summary))
            throw new InvalidDataException(
                $"{folder}: expected the folder of a finished run, found one without {RunFiles.Summary}. " +
                "A run that was interrupted is finished by graft train --resume.");
        string command = Path.Combine(folder, RunFiles.Command), facts = Path.Combine(folder, RunFacts.FileName);
        string masks = Path.Combine(folder, RunMasks.FileName);
        return new RunRecord
        {
            Folder = folder,
            Summary = Document(summary),
            Job = Path.Combine(folder, RunFiles.Job) is var job && File.Exists(job) ? Document(job) : null,
            Epochs = Lines(Path.Combine(folder, RunFiles.Metrics)),
            Steps = Lines(Path.Combine(folder, RunFiles.Iterations)),
            Predictions = File.Exists(predictions) ? RunPredictions.Read(predictions) : null,
            Masks = File.Exists(masks) ? RunMasks.Read(masks) : null,
            Facts = File.Exists(facts) ? RunFacts.Read(facts) : new RunFacts(),
            Command = File.Exists(command) ? File.ReadAllText(command).Trim() : "",
        };
    }

    /// <summary>A text of the summary, such as <c>Text("model", "architecture")</c>; null where there is none.</summary>
    public string? Text(string section, string name) =>
        Find(section, name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>A number of the summary; NaN where there is none.</summary>
    public double Number(string section, string name) =>
        Find(section, name) is { ValueKind: JsonValueKind.Number } found ? found.GetDouble() : double.NaN;

    /// <summary>A list of texts of the summary.</summary>
    public IReadOnlyList<string> Texts(string section, string name) =>
        Find(section, name) is { ValueKind: JsonValueKind.Array } found
            ? [.. found.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    /// <summary>A member of the summary, or of one of its sections.</summary>
    public JsonElement? Find(string section, string? name = null)
    {
        if (Summary.ValueKind != JsonValueKind.Object || !Summary.TryGetProperty(section, out JsonElement found)) return null;
        if (name is null) return found;
        return found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out JsonElement member) ? member : null;
    }

    static JsonElement Document(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected JSON: {error.Message}", error);
        }
    }

    // a run that was killed may have left half a line at the end: what came before it counts
    static List<RunLine> Lines(string path)
    {
        List<RunLine> lines = [];
        if (!File.Exists(path)) return lines;
        foreach (string line in File.ReadLines(path))
            if (RunLine.Parse(line) is { } read) lines.Add(read);
        return lines;
    }
}
