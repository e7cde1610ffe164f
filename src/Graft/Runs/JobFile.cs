using System.Text.Json;
using System.Text.Json.Serialization;

namespace Graft;

/// <summary>The settings of a run as <c>job.json</c>, with which it can be taken up again.</summary>
static class JobFile
{
    static readonly JsonSerializerOptions options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The document.</summary>
    public static string Write(JobConfig config) => JsonSerializer.Serialize(config, options) + "\n";

    /// <summary>The settings of a run.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JobConfig Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>The settings in a document.</summary>
    /// <param name="json">the document</param>
    /// <param name="path">what errors call it</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static JobConfig Parse(string json, string path)
    {
        try
        {
            JobConfig config = JsonSerializer.Deserialize<JobConfig>(json, options)
                ?? throw new InvalidDataException($"{path}: expected the settings of a run, found null.");
            config.Validate();
            return config;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: expected the settings of a run: {error.Message}", error);
        }
    }
}
