namespace Graft.Tests.Segmentation;

public sealed class WindowPlanTests
{
    [Theory]
    [InlineData(100, null, 0.25)]
    [InlineData(100, 100, 0.5)]
    [InlineData(100, 130, 0.5)]
    [InlineData(100, 64, 0)]
    [InlineData(100, 64, 0.5)]
    [InlineData(1023, 128, 0.25)]
    [InlineData(33, 32, 0.9)]
    public void Windows_cover_the_side_and_end_with_it(int side, int? window, double overlap)
    {
        WindowPlan plan = WindowPlan.Of(side, window, overlap);
        var covered = new double[side];
        foreach (int start in plan.Starts)
            for (int i = 0; i < plan.Length; i++) covered[start + i] += plan.Weights[i];
        Assert.All(covered, weight => Assert.True(weight > 0));
        Assert.Equal(0, plan.Starts[0]);
        Assert.Equal(side, plan.Starts[^1] + plan.Length);
        Assert.Equal(plan.Starts.Distinct().Order(), plan.Starts);
        Assert.True(plan.Length <= Math.Max(side, window ?? 0));
        if (window is null || window >= side) Assert.Single(plan.Starts);
    }

    [Fact]
    public void Weights_rise_over_the_overlap_and_are_flat_between()
    {
        WindowPlan plan = WindowPlan.Of(300, 100, 0.25);
        Assert.Equal(0.5f / 25, plan.Weights[0]);
        Assert.Equal(24.5f / 25, plan.Weights[24]);
        Assert.Equal(1, plan.Weights[25]);
        Assert.Equal(plan.Weights.Reverse(), plan.Weights);
        Assert.Equal([0, 75, 150, 200], plan.Starts);
    }
}
