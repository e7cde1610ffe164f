namespace Graft.Data.Tests;

public class SamplerTests
{
    [Fact]
    public void ShufflingIsAPermutationThatSeedAndEpochDecide()
    {
        ShuffledSampler sampler = new(100, seed: 5);
        int[] first = sampler.Order(0);
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), first);
        Assert.NotEqual(first, sampler.Order(1));
        Assert.NotEqual(first, new ShuffledSampler(100, seed: 6).Order(0));
        Assert.Equal(first, new ShuffledSampler(100, seed: 5).Order(0));
        Assert.Equal(Enumerable.Range(0, 7), new SequentialSampler(7).Order(3));
    }

    [Fact]
    public void EveryPlaceIsEquallyLikely()
    {
        // 8 samples, 4,000 epochs: each sample is first about 500 times; 5 standard deviations are 105.
        ShuffledSampler sampler = new(8, seed: 9);
        int[] firsts = new int[8];
        for (int epoch = 0; epoch < 4000; epoch++) firsts[sampler.Order(epoch)[0]]++;
        Assert.All(firsts, count => Assert.InRange(count, 395, 605));
    }

    [Theory]
    [InlineData(10, 4, false, new[] { 4, 4, 2 })]
    [InlineData(10, 4, true, new[] { 4, 4 })]
    [InlineData(9, 4, false, new[] { 4, 5 })] // a lone last sample joins the batch before
    [InlineData(9, 4, true, new[] { 4, 4 })]
    [InlineData(8, 4, false, new[] { 4, 4 })]
    [InlineData(3, 4, true, new[] { 3 })] // the only batch stays
    [InlineData(1, 4, false, new[] { 1 })]
    [InlineData(3, 1, false, new[] { 1, 1, 1 })]
    [InlineData(5, 2, false, new[] { 2, 3 })]
    public void AnEpochIsCutIntoBatches(int samples, int batchSize, bool dropLast, int[] expected)
    {
        BatchPlan plan = new(samples, batchSize, dropLast);
        Assert.Equal(expected, Enumerable.Range(0, plan.Batches).Select(i => plan[i].Count));
        Assert.Equal(expected.Sum(), plan.Samples);
        Assert.Equal(expected.Max(), plan.LargestBatch);
        int at = 0;
        for (int i = 0; i < plan.Batches; at += plan[i++].Count) Assert.Equal(at, plan[i].Start);
    }
}
