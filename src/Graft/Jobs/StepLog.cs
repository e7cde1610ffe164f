using System.Text.Json;
using Graft.Training;

namespace Graft;

/// <summary>
/// Writes each step's loss and rate down: <c>iterations.jsonl</c>. A run that is taken up again writes what came after its
/// checkpoint anew, so that there is one line a step.
/// </summary>
sealed class StepLog(RunFolder folder) : ICallback
{
    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        trainer.On(TrainingEvent.RunStarted, at => Keep(at.State.Iteration));
        trainer.On(TrainingEvent.IterationCompleted, at => folder.Append(RunFiles.Iterations, json => Write(json, at)));
    }

    static void Write(Utf8JsonWriter json, Trainer at)
    {
        json.WriteStartObject();
        json.WriteNumber("iteration", at.State.Iteration);
        json.WriteNumber("epoch", at.State.Epoch + 1);
        if (double.IsFinite(at.Iteration.Loss)) json.WriteNumber("loss", (float)at.Iteration.Loss);
        else json.WriteNull("loss"); // JSON has no NaN
        json.WriteNumber("lr", (float)at.Iteration.LearningRate);
        json.WriteEndObject();
    }

    /// <summary>Keeps the lines up to that step.</summary>
    internal void Keep(long steps)
    {
        string path = folder.PathOf(RunFiles.Iterations);
        if (!File.Exists(path)) return;
        IEnumerable<string> kept = File.ReadLines(path).TakeWhile(line => IsUpTo(line, steps));
        folder.Write(RunFiles.Iterations, string.Concat(kept.Select(line => line + "\n")));
    }

    // a killed process may have left half a line
    static bool IsUpTo(string line, long steps)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("iteration", out JsonElement number) && number.GetInt64() <= steps;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
