using System.Diagnostics;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Bench;

/// <summary>
/// What a fine-tuning step costs with products in bfloat16 against float32: all parameters, AdamW, an image of noise at 224 px,
/// new weights, batch norms as in training. The two take turns, so that what else the machine does counts for both.
/// </summary>
static class PrecisionBench
{
    /// <summary>
    /// Trains a batch in turns; the first turn warms up and does not count. Times are CPU seconds of the process.
    /// </summary>
    public static object Run(string architectures, int batch, int steps, int threads) =>
        architectures.Split(',').ToDictionary(name => name, name => Compare(name, batch, steps, threads));

    static object Compare(string name, int batch, int steps, int threads)
    {
        Engine.Prepare(threads);
        Engine.ManualSeed(0);
        using var outer = new TensorScope();
        ModelVariant variant = ModelZoo.FindVariant(name);
        using ImageModel model = ModelZoo.Create(
            variant.Family, variant.Config, variant.Origin, variant.Preprocess,
            [.. Enumerable.Range(0, 10).Select(i => $"{i}")], seed: 1);
        model.Parameters.SetMemoryFormat(MemoryFormat.ChannelsLast);
        model.Train();
        using var optimizer = new AdamW(model.Parameters.Weights, learningRate: 1e-4);
        Tensor images = Tensor.Randn([batch, 3, variant.Preprocess.Height, variant.Preprocess.Width])
            .Contiguous(model.Backbone.TakesChannelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
        Tensor labels = Tensor.FromSpan<long>([.. Enumerable.Range(0, batch).Select(i => i * 7L % 10)], [batch]);
        DType[] types = [DType.Float32, DType.BFloat16];
        List<double>[] cpu = [[], []], wall = [[], []], forward = [[], []];
        for (int turn = 0; turn <= steps; turn++)
            for (int i = 0; i < types.Length; i++)
            {
                TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
                long start = Stopwatch.GetTimestamp();
                using (var scope = new TensorScope())
                {
                    optimizer.ZeroGrad();
                    Tensor logits;
                    using (Precision.Use(types[i])) logits = model.Forward(images);
                    if (turn > 0) forward[i].Add(Seconds(before));
                    logits.CrossEntropy(labels).Backward();
                    optimizer.Step();
                }
                if (turn == 0) continue;
                cpu[i].Add(Seconds(before));
                wall[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        return new
        {
            fp32 = Median(cpu[0]),
            bf16 = Median(cpu[1]),
            times_faster = Median(cpu[0]) / Median(cpu[1]),
            forward_times_faster = Median(forward[0]) / Median(forward[1]),
            wall_times_faster = Median(wall[0]) / Median(wall[1]),
        };
    }

    static double Seconds(TimeSpan before) => (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
