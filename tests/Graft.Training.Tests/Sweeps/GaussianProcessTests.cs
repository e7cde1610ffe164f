using System.Text.Json;

namespace Graft.Training.Tests;

public class GaussianProcessTests
{
    static readonly KernelFeature[] features = [new(0, null), new(1, null)];

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Posterior_likelihood_and_gradient_are_those_of_scikit_learn(int number)
    {
        JsonElement golden = SweepGolden.Processes[number];
        (GaussianKernel kernel, double[] logs) = Parameters(golden);
        double[][] points = golden.Rows("points"), at = golden.Rows("at");
        double[] values = golden.Numbers("values"), means = golden.Numbers("mean"), deviations = golden.Numbers("deviation");
        GaussianProcess process = new(features, kernel, points, values, logs);
        for (int i = 0; i < at.Length; i++)
        {
            (double mean, double deviation) = process.Predict(at[i]);
            Assert.Equal(means[i], mean, 1e-9);
            Assert.Equal(deviations[i], deviation, 1e-7); // scikit-learn's has the noise, which was taken off again
        }
        double[] gradient = new double[4];
        double likelihood = new MarginalLikelihood(features, kernel, points, values).At(logs, gradient);
        Assert.Equal(golden.Number("likelihood"), likelihood, 1e-8);
        double[] theirs = golden.Numbers("gradient"); // by the logarithms of signal, scales, noise
        Assert.Equal([theirs[1], theirs[2], theirs[0], theirs[3]], gradient, (one, other) => Math.Abs(one - other) < 1e-6);
    }

    [Theory, InlineData(0), InlineData(3)]
    public void Predictions_change_as_their_derivatives_say(int number)
    {
        JsonElement golden = SweepGolden.Processes[number];
        (GaussianKernel kernel, double[] logs) = Parameters(golden);
        GaussianProcess process = new(features, kernel, golden.Rows("points"), golden.Numbers("values"), logs);
        const double Step = 1e-5;
        foreach (double[] at in golden.Rows("at"))
        {
            double[] meanBy = new double[2], deviationBy = new double[2];
            Assert.Equal(process.Predict(at), process.Predict(at, meanBy, deviationBy));
            for (int d = 0; d < 2; d++)
            {
                double[] more = [.. at], less = [.. at];
                more[d] += Step;
                less[d] -= Step;
                (double meanMore, double deviationMore) = process.Predict(more);
                (double meanLess, double deviationLess) = process.Predict(less);
                Assert.Equal((meanMore - meanLess) / (2 * Step), meanBy[d], 1e-5);
                Assert.Equal((deviationMore - deviationLess) / (2 * Step), deviationBy[d], 1e-5);
            }
        }
    }

    [Fact]
    public void Categories_are_as_far_apart_as_their_names()
    {
        double[,] names = NameDistance.Of(["resnet18", "resnet50", "resnet50d", "vit_tiny", "vit_small"])!;
        Assert.Equal(0, names[1, 1]);
        Assert.True(names[1, 2] < names[1, 0], "resnet50 is nearer to resnet50d than to resnet18");
        Assert.True(names[1, 0] < names[1, 3], "and to that nearer than to another family");
        Assert.Equal(1, names[0, 3]);
        Assert.Null(NameDistance.Of(["adam", "sgd", "lion", "lamb"])); // nothing in common
        SweepChoice choice = new("m", [.. "ab,ac,ba,cb".Split(',').Select(SweepValue.Of)]);
        Assert.Single(KernelFeature.Of([new Dimension(choice)]));
    }

    [Fact]
    public void Minimising_finds_the_least_of_a_valley_and_of_a_box()
    {
        double[] x = [-1.2, 1];
        double value = BoundedMinimiser.Minimise(Rosenbrock, x, [-5, -5], [5, 5], 200, 1e-8);
        Assert.Equal(0, value, 1e-10);
        Assert.Equal(1, x[0], 1e-4);
        double[] held = [-1.2, 1];
        BoundedMinimiser.Minimise(Rosenbrock, held, [-2, -2], [0.5, 2], 200, 1e-8);
        Assert.Equal(0.5, held[0], 1e-12); // at the bound, where the valley is lowest
        Assert.Equal(0.25, held[1], 1e-5);

        static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
        {
            double bent = x[1] - x[0] * x[0];
            gradient[0] = -400 * x[0] * bent - 2 * (1 - x[0]);
            gradient[1] = 200 * bent;
            return 100 * bent * bent + (1 - x[0]) * (1 - x[0]);
        }
    }

    [Fact]
    public void Costs_keep_their_order_and_a_long_bad_tail_is_pulled_in()
    {
        List<CostScale> scales = CostScale.Of([0.1, 0.2, 0.3, 0.35, 0.5, 900]);
        Assert.All(scales, scale =>
        {
            Assert.Equal(scale.Values.Order(), scale.Values);
            Assert.Equal(0, scale.Values.Average(), 1e-9);
            Assert.Equal(1, scale.Values.Average(value => value * value), 1e-9);
        });
        double[] least = scales[0].Values, most = scales[^1].Values;
        Assert.True(least[5] - least[4] > 1000 * (least[4] - least[0]));
        Assert.True(most[5] - most[4] < most[4] - most[0], string.Join(' ', most));
        Assert.All(CostScale.Of([3, 3, 3, 3]).Single().Values, value => Assert.Equal(0, value));
        Assert.Equal([1, -1], CostScale.Of([5, 3]).Single().Values);
        Assert.All(CostScale.Of([1, 1, 1, 2]), scale => Assert.True(scale.Values.All(double.IsFinite)));
    }

    [Fact]
    public void The_density_of_a_scale_grows_as_its_slopes_say()
    {
        double[] costs = [0.1, 0.2, 0.3, 0.45, 0.7, 3];
        const double Middle = 0.375, Spread = 1.4826 * 0.225; // the median, and that of the distances from it
        foreach ((CostScale scale, double power) in CostScale.Of(costs).Zip((double[])[1, 0.5, 0.25, 0, -0.5, -1]))
        {
            // below the median the scale is a straight line, above it is bent by the power
            double expected = costs.Length * Math.Log((scale.Values[1] - scale.Values[0]) / (costs[1] - costs[0]) * Spread);
            for (int i = 3; i < costs.Length; i++) expected += (power - 1) * Math.Log(1 + (costs[i] - Middle) / Spread);
            Assert.Equal(expected, scale.LogJacobian, 1e-9);
        }
    }

    static (GaussianKernel Kernel, double[] Logs) Parameters(JsonElement golden) => (
        golden.Number("nu") == 1.5 ? GaussianKernel.Matern32 : GaussianKernel.Matern52,
        [.. golden.Numbers("scales").Select(scale => Math.Log(scale)), Math.Log(golden.Number("signal")),
            Math.Log(golden.Number("noise"))]);
}
