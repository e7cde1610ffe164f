namespace Graft.Torch.Tests;

public class MemoryCounterTests
{
    [Fact]
    public void What_operators_make_is_counted_and_views_are_not()
    {
        using var scope = new TensorScope();
        Tensor images = Tensor.Zeros([2, 3, 8, 8]);
        var memory = new MemoryCounter();
        using (Operator.Observe(memory))
        {
            Tensor sum = images + images; // 2 x 3 x 8 x 8 x 4 bytes
            Assert.Equal(1536, memory.Total);
            _ = sum.Slice(0, 1, 2).Permute(0, 2, 3, 1).Reshape(64, 3);
            sum.Mul_(2.0);
            Assert.Equal(1536, memory.Total);
            _ = sum.MaxPool2d(2, 2); // 384 bytes, and the places of 96 maxima
            Assert.Equal(1536 + 384 + 96 * 8, memory.Total);
        }
        _ = images + images;
        Assert.Equal(2688, memory.Total);
        Assert.Equal(1536, memory.Largest);
    }
}
