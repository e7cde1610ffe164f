namespace Graft.Data.Tests;

public class BalancedSamplerTests
{
    static readonly int[] labels = [.. Enumerable.Repeat(0, 90), .. Enumerable.Repeat(1, 8), .. Enumerable.Repeat(2, 3)];

    [Fact]
    public void Every_class_comes_equally_often()
    {
        var sampler = new BalancedSampler(labels, seed: 4);
        Assert.Equal(101, sampler.Count);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            int[] order = sampler.Order(epoch);
            Assert.Equal(101, order.Length);
            Assert.All(order.CountBy(place => labels[place]), count => Assert.InRange(count.Value, 33, 34));
            // no sample comes once more before all others of its class came
            foreach (IGrouping<int, KeyValuePair<int, int>> its in
                order.CountBy(place => place).GroupBy(item => labels[item.Key]))
                Assert.InRange(its.Max(item => item.Value) - (its.Key == 0 ? 0 : its.Min(item => item.Value)), 0, 1);
        }
    }

    [Fact]
    public void An_order_is_a_function_of_seed_and_epoch()
    {
        Assert.Equal(new BalancedSampler(labels, 4).Order(2), new BalancedSampler(labels, 4).Order(2));
        Assert.NotEqual(new BalancedSampler(labels, 4).Order(2), new BalancedSampler(labels, 4).Order(3));
        Assert.NotEqual(new BalancedSampler(labels, 4).Order(2), new BalancedSampler(labels, 5).Order(2));
        // over the epochs a large class is seen as a whole
        var sampler = new BalancedSampler(labels, 4);
        Assert.Equal(101, Enumerable.Range(0, 12).SelectMany(sampler.Order).Distinct().Count());
    }

    [Fact]
    public void An_absent_class_is_no_trouble_and_no_samples_are()
    {
        Assert.Equal([0, 1, 2, 3], new BalancedSampler([0, 2, 2, 0], 1).Order(0).Order());
        Assert.Throws<ArgumentException>(() => new BalancedSampler([], 1));
    }
}
