using System.Diagnostics;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Bench;

/// <summary>Fine-tuning steps a second, all parameters, AdamW; the peer is <c>peers/steps.py</c>.</summary>
static class StepsBench
{
    /// <summary>Trains on one batch of noise at 224 px, in memory; the first step warms up.</summary>
    public static object Run(string architecture, string weights, int batch, int steps, DType precision)
    {
        Engine.Prepare();
        Engine.ManualSeed(0);
        using var outer = new TensorScope();
        using ImageModel model = ModelZoo.Open(weights, new ModelOptions { Architecture = $"torchvision:{architecture}" });
        foreach (Parameter parameter in model.Parameters.Weights) parameter.RequiresGrad = true;
        model.Train();
        using var optimizer = new AdamW(model.Parameters.Weights, learningRate: 1e-4);
        var criterion = new CrossEntropyLoss();
        Tensor images = Tensor.Randn([batch, 3, 224, 224]).Contiguous(MemoryFormat.ChannelsLast); // as the data loader gives them
        Tensor labels = Tensor.FromSpan<long>([.. Enumerable.Range(0, batch).Select(i => i * 997L % model.Classes)], [batch]);

        double[] times = new double[steps + 1];
        double loss = 0;
        for (int step = 0; step <= steps; step++)
        {
            long start = Stopwatch.GetTimestamp();
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            Tensor logits;
            using (Precision.Use(precision)) logits = model.Forward(images);
            Tensor value = criterion.Compute(logits, labels);
            value.Backward();
            optimizer.Step();
            loss = value.Item<float>();
            times[step] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        double[] measured = [.. times.Skip(1).Order()];
        double median = measured[measured.Length / 2];
        return new { seconds_per_step = median, steps_per_second = 1 / median, loss, live_tensors = Tensor.LiveCount };
    }
}
