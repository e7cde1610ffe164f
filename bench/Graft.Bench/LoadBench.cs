using System.Diagnostics;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Bench;

/// <summary>A file of weights to a model that is ready to run; the peer is <c>peers/load.py</c>.</summary>
static class LoadBench
{
    /// <summary>Opens it, and says how long that took and the most memory that the process ever had.</summary>
    /// <param name="weights">a file of torchvision's names</param>
    /// <param name="architecture">torchvision's name</param>
    /// <param name="reads">whether every number is read once: until then, large weights are in the file only</param>
    public static object Run(string weights, string architecture, bool reads)
    {
        Engine.Prepare();
        long start = Stopwatch.GetTimestamp();
        using ImageModel model = ModelZoo.Open(weights, new ModelOptions { Architecture = $"torchvision:{architecture}" });
        double? total = reads ? model.Parameters.All.Sum(Total) : null;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new { seconds, peak_megabytes = PeakMegabytes(), total };
    }

    static double Total(Parameter parameter)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        return parameter.Value.To(DType.Float64).Sum().Item<double>();
    }

    static double PeakMegabytes()
    {
        string line = File.ReadLines("/proc/self/status").First(one => one.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(string.Concat(line.Where(char.IsAsciiDigit))) / 1024.0;
    }
}
