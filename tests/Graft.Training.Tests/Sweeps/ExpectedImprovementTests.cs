namespace Graft.Training.Tests;

public class ExpectedImprovementTests
{
    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0.3, 0.5, 1)]
    [InlineData(2, 0.7, -1)]
    [InlineData(-1, 3, 0.5)]
    [InlineData(5, 1, 0)]
    public void It_is_the_mean_of_what_is_better(double mean, double deviation, double best)
    {
        // Simpson's rule over (best - y) N(y; mean, deviation) below best
        const int Steps = 200_000;
        double from = Math.Min(mean, best) - 12 * deviation, width = (best - from) / Steps, sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double y = from + i * width, z = (y - mean) / deviation;
            double value = (best - y) * Math.Exp(-0.5 * z * z) / (deviation * Math.Sqrt(2 * Math.PI));
            sum += value * (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2);
        }
        Assert.Equal(Math.Log(sum * width / 3), ExpectedImprovement.Log(mean, deviation, best), 1e-7);
    }

    [Theory]
    [InlineData(-0.999)]
    [InlineData(-1.001)]
    [InlineData(-7.0)]
    [InlineData(-8.0)]
    [InlineData(-40.0)]
    [InlineData(-999.0)]
    [InlineData(-1001.0)]
    [InlineData(-1e5)]
    public void Far_below_the_smallest_double_it_goes_on_smoothly(double z)
    {
        // log h(z) falls as -z^2 / 2 - 2 log|z| - log sqrt(2 pi) + log(1 - 3 / z^2 + 15 / z^4 ...)
        double step = 1e-4 * Math.Abs(z), middle = ExpectedImprovement.LogH(z);
        double slope = (ExpectedImprovement.LogH(z + step) - ExpectedImprovement.LogH(z - step)) / (2 * step);
        ExpectedImprovement.Log(-z, 1, 0, out double byMean, out double byDeviation);
        Assert.Equal(1, -slope / byMean, 1e-4);
        Assert.True(double.IsFinite(middle) && double.IsFinite(byDeviation) && byDeviation > 0);
        if (z < -30) Assert.Equal(-0.5 * z * z - 2 * Math.Log(-z) - 0.9189385332046727 - 3 / (z * z), middle, 1e-4);
    }
}
