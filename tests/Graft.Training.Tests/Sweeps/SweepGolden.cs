using System.Text.Json;
using Graft.Tests;

namespace Graft.Training.Tests;

/// <summary>What scipy and scikit-learn gave (tools/golden/sweeps.py).</summary>
static class SweepGolden
{
    static readonly JsonElement root = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests/Graft.Training.Tests/Golden/sweeps.json"))).RootElement;

    public static JsonElement[] Distributions { get; } = [.. root.GetProperty("distributions").EnumerateArray()];

    public static JsonElement[] Processes { get; } = [.. root.GetProperty("processes").EnumerateArray()];

    public static double[] Numbers(this JsonElement one, string key) =>
        [.. one.GetProperty(key).EnumerateArray().Select(item => item.GetDouble())];

    public static double[][] Rows(this JsonElement one, string key) =>
        [.. one.GetProperty(key).EnumerateArray().Select(row => row.EnumerateArray().Select(item => item.GetDouble()).ToArray())];

    public static double Number(this JsonElement one, string key) => one.GetProperty(key).GetDouble();
}
