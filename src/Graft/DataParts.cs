using Graft.Data;

namespace Graft;

/// <summary>The parts of data by their names.</summary>
static class DataParts
{
    /// <summary>A part: <c>train</c>, <c>val</c>, <c>test</c>, <c>all</c>; null: what suits an evaluation.</summary>
    /// <exception cref="ArgumentException">No part is called that.</exception>
    /// <exception cref="InvalidDataException">The data has no such part.</exception>
    public static ImageDataset Find(ImageData data, string? part)
    {
        ImageDataset? found = part switch
        {
            null => data.ForEvaluation(),
            "train" => data.Train,
            "val" => data.Validation,
            "test" => data.Test,
            "all" => data.All,
            _ => throw new ArgumentException($"part '{part}': expected train, val, test or all."),
        };
        return found ?? throw new InvalidDataException($"{data.Root}: expected a part {part}, found none.");
    }
}
