using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>A long training loop leaves nothing behind, neither handles nor memory.</summary>
public class TrainingLeakTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void A_thousand_steps_leave_tensors_and_memory_flat(bool adam)
    {
        const int Steps = 1000, Settled = 200;
        const long Tolerance = 16 << 20; // the runtime itself grows some; one map left behind a step would be 26 MB
        using var store = new ParameterStore();
        var model = new SmallNet(ModulePath.Root(store));
        store.Reset("", seed: 1);
        store.SetMemoryFormat(MemoryFormat.ChannelsLast);
        store.SetMode("", training: true);
        ParameterGroup[] groups = [new("body", store.Trainable.Where(item => !item.Name.StartsWith("head")), 1e-3, 0.01),
            new("head", store.Trainable.Where(item => item.Name.StartsWith("head")), 1e-2)];
        using Optimizer optimizer = adam ? new AdamW(groups) : new Sgd(groups, momentum: 0.9, nesterov: true);
        ILoss loss = new CrossEntropyLoss { LabelSmoothing = 0.1 };
        // fixed pixels: how far the loss falls depends on them, and libtorch's own generator is shared by every test
        var draws = new Random(1);
        float[] pixels = [.. Enumerable.Range(0, 4 * 3 * 16 * 16).Select(_ => draws.NextSingle() * 4 - 2)];
        using Tensor images = Tensor.FromArray(pixels, [4, 3, 16, 16]), labels = Tensor.FromSpan<long>([0, 1, 2, 3], [4]);
        using Tensor input = images.Contiguous(MemoryFormat.ChannelsLast);

        long tensors = 0, memory = 0;
        float first = 0, last = 0;
        for (int step = 0; step < Steps; step++)
        {
            using var scope = new TensorScope();
            Tensor value = loss.Compute(model.Forward(input), labels);
            optimizer.ZeroGrad();
            value.Backward();
            Gradients.ClipNorm(store.Trainable, 1);
            optimizer.Step();
            if (step == 0) first = value.Item<float>();
            if (step == Steps - 1) last = value.Item<float>();
            if (step == Settled) (tensors, memory) = (Tensor.LiveCount, ResidentBytes());
            if (step > Settled && step % 100 == 0) Assert.Equal(tensors, Tensor.LiveCount);
        }
        Assert.True(last < first * 0.75f, $"the loss went from {first} to {last}");
        Assert.Equal(0, Tensor.LeakCount);
        Assert.InRange(ResidentBytes() - memory, long.MinValue, Tolerance);
    }

    static long ResidentBytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
