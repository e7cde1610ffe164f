using System.Text.Json;

namespace Graft;

/// <summary>The settings of a cross-validation as <c>folds.json</c>.</summary>
/// <param name="Folds">how many folds</param>
/// <param name="Job">what each does, as in a run's <c>job.json</c></param>
sealed record FoldsFile(int Folds, JsonElement Job)
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}
