using Graft.Torch;

namespace Graft.Torch.Tests;

public class TensorTests
{
    [Fact]
    public void ValuesComeBackAsTheyWentIn()
    {
        using var scope = new TensorScope();
        float[] values = [1, 2, 3, 4, 5, 6];
        Tensor tensor = Tensor.FromSpan<float>(values, [2, 3]);
        Assert.Equal([2L, 3L], tensor.Shape);
        Assert.Equal(DType.Float32, tensor.DType);
        Assert.Equal(Device.Cpu, tensor.Device);
        Assert.Equal(values, tensor.ToArray<float>());
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], tensor.Transpose(0, 1).ToArray<float>());
        Assert.Equal([1L, 2, 3, 4, 5, 6], tensor.ToArray<long>());
        Assert.Equal(21f, tensor.Sum().Item<float>());
    }

    [Fact]
    public void AnArrayIsSharedWithoutACopy()
    {
        float[] values = new float[4];
        using (var scope = new TensorScope())
        {
            Tensor.FromArray(values, [2, 2]).Add_(3);
        }
        Assert.Equal([3f, 3f, 3f, 3f], values);
    }

    [Fact]
    public void AShapeThatDoesNotFitIsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.FromSpan<float>([1, 2, 3], [2, 2]));
        Assert.Contains("expected 4 values", error.Message);
    }

    [Fact]
    public void ScopesFreeWhatTheyOwnAndKeepWhatIsKept()
    {
        long before = Tensor.LiveCount;
        Tensor kept;
        using (var outer = new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                Tensor a = Tensor.Ones([2]);
                Tensor b = a + 1;
                kept = inner.Keep(b * 2);
                Assert.Equal(before + 3, Tensor.LiveCount);
            }
            Assert.Equal(before + 1, Tensor.LiveCount);
            Assert.Equal([4f, 4f], kept.ToArray<float>());
            kept = outer.Keep(kept);
        }
        Assert.False(kept.IsDisposed);
        kept.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Throws<ObjectDisposedException>(() => kept.Shape);
    }

    [Fact]
    public void GradientsAreCollected()
    {
        using var scope = new TensorScope();
        Tensor w = Tensor.FromSpan<float>([1, 2, 3], [3]);
        w.RequiresGrad = true;
        (w * w).Sum().Backward();
        Assert.Equal([2f, 4f, 6f], w.Grad!.ToArray<float>());
        using (Autograd.NoGrad()) Assert.False((w * 2).RequiresGrad);
        Assert.True((w * 2).RequiresGrad);
    }

    [Fact]
    public void AnErrorNamesTheOperatorAndTheShapes()
    {
        using var scope = new TensorScope();
        Tensor a = Tensor.Ones([2, 3]), b = Tensor.Ones([4, 5]);
        TorchException error = Assert.Throws<TorchException>(() => a.MatMul(b));
        Assert.Contains("aten::matmul(float32[2, 3], float32[4, 5])", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("frame #", error.Message);
    }

    [Fact]
    public void SeedsAndGeneratorStatesRepeatDraws()
    {
        using var scope = new TensorScope();
        Engine.ManualSeed(7);
        float[] first = Tensor.Randn([5]).ToArray<float>();
        byte[] state = Engine.GeneratorState();
        float[] second = Tensor.Randn([5]).ToArray<float>();
        Engine.ManualSeed(7);
        Assert.Equal(first, Tensor.Randn([5]).ToArray<float>());
        Engine.SetGeneratorState(state);
        Assert.Equal(second, Tensor.Randn([5]).ToArray<float>());
    }

    [Fact]
    public void ListsGoThroughTheDoor()
    {
        using var scope = new TensorScope();
        Tensor[] tensors = [.. Enumerable.Range(0, 2000).Select(i => Tensor.Full([3], i))];
        Foreach.Add_(tensors, tensors, alpha: 2);
        Assert.Equal([1999f * 3, 1999f * 3, 1999f * 3], tensors[1999].ToArray<float>());
        Tensor[] parts = Tensor.Arange(0, 6).Chunk(3);
        Assert.Equal(3, parts.Length);
        Assert.Equal([2f, 3f], parts[1].ToArray<float>());
        Assert.Equal(6, Tensor.Cat(parts).ElementCount);
    }

    [Fact]
    public void AnObserverSeesTheCallsOfItsThread()
    {
        using var scope = new TensorScope();
        var seen = new Names();
        using (Operator.Observe(seen)) Tensor.Ones([2]).Relu();
        Tensor.Ones([2]).Sigmoid();
        Assert.Equal(["aten::ones", "aten::relu"], seen.All);
    }

    [Fact]
    public void DevicesAreParsed()
    {
        Assert.Equal(Device.Cpu, Device.Parse("cpu"));
        Assert.Contains("expected auto", Assert.Throws<ArgumentException>(() => Device.Parse("gpu")).Message);
        if (Device.CudaCount == 0)
            Assert.Contains("0 CUDA devices", Assert.Throws<ArgumentException>(() => Device.Parse("cuda:0")).Message);
    }

    [Fact]
    public void ManyStepsLeaveNothingBehind()
    {
        void Step()
        {
            using var scope = new TensorScope();
            Tensor x = Tensor.Randn([8, 4]), w = Tensor.Randn([3, 4]);
            w.RequiresGrad = true;
            Tensor loss = x.Linear(w).CrossEntropy(Tensor.FromSpan<long>([0, 1, 2, 0, 1, 2, 0, 1], [8]));
            loss.Backward();
            Assert.NotNull(w.Grad);
        }
        Step();
        long before = Tensor.LiveCount;
        for (int i = 0; i < 100; i++) Step();
        Assert.Equal(before, Tensor.LiveCount);
    }

    sealed class Names : IOperatorObserver
    {
        public List<string> All { get; } = [];

        public void OnCalled(Operator op, ReadOnlySpan<Value> arguments, ReadOnlySpan<Tensor?> results) => All.Add(op.Name);
    }
}
