using System.Globalization;
using System.Text.Json;

namespace Graft.Training.Tests;

public class SweepRangeTests
{
    public static TheoryData<int, string> Cases
    {
        get
        {
            TheoryData<int, string> data = [];
            for (int i = 0; i < SweepGolden.Distributions.Length; i++)
                data.Add(i, SweepGolden.Distributions[i].GetProperty("distribution").GetString()!);
            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Quantiles_are_those_of_scipy(int number, string distribution)
    {
        JsonElement golden = SweepGolden.Distributions[number];
        SweepRange range = Parsed(golden, distribution);
        double[] shares = golden.Numbers("shares"), values = golden.Numbers("values");
        for (int i = 0; i < shares.Length; i++)
        {
            double actual = range.Quantile(shares[i]).Number!.Value;
            Assert.True(Math.Abs(actual - values[i]) <= 1e-9 * Math.Max(1e-3, Math.Abs(values[i])),
                $"{distribution} at {shares[i]}: expected {values[i]:R}, came {actual:R}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_value_has_the_share_that_it_came_from(int number, string distribution)
    {
        SweepRange range = Parsed(SweepGolden.Distributions[number], distribution);
        foreach (double share in (double[])[0, 0.01, 0.2, 0.5, 0.77, 0.99, 1])
        {
            SweepValue value = range.Quantile(share);
            double back = range.Share(value.Number!.Value);
            if (range.Quantum is null) Assert.Equal(share, back, 1e-6);
            else Assert.Equal(value, range.Quantile(back)); // rounded values are points that stay where they are
        }
    }

    [Fact]
    public void Rounded_values_are_written_as_people_write_them()
    {
        SweepRange range = SweepRange.Between("dropout", SweepDistribution.QUniform, 0, 0.5, 0.1);
        Assert.Equal("0.3", range.Quantile(0.6).ToString());
        Assert.Equal("1e-05", SweepRange.Between("lr", SweepDistribution.LogUniformValues, 1e-5, 1).Quantile(0).ToString());
    }

    [Fact]
    public void Bounds_are_kept_exactly()
    {
        SweepRange range = SweepRange.Between("lr", SweepDistribution.LogUniformValues, 3e-5, 0.7);
        Assert.Equal(3e-5, range.Quantile(0).Number);
        Assert.Equal(0.7, range.Quantile(1).Number);
        Assert.Equal(9, SweepRange.Between("n", SweepDistribution.IntUniform, 1, 9).Quantile(1).Number);
    }

    [Fact]
    public void Equal_probabilities_need_not_be_given()
    {
        SweepChoice even = new("a", [SweepValue.Of("x"), SweepValue.Of("y")]);
        Assert.Equal(["x", "x", "y", "y"], ((double[])[0, 0.49, 0.51, 1]).Select(share => even.Quantile(share).ToString()));
        SweepChoice odd = new("a", [SweepValue.Of("x"), SweepValue.Of("y"), SweepValue.Of("z")], [0.9, 0.1, 0]);
        Assert.Equal(["x", "x", "y", "y"], ((double[])[0, 0.89, 0.91, 1]).Select(share => odd.Quantile(share).ToString()));
    }

    static SweepRange Parsed(JsonElement golden, string distribution)
    {
        string keys = string.Join(", ", golden.GetProperty("keys").EnumerateObject()
            .Select(key => $"{key.Name}: {key.Value.GetDouble().ToString("R", CultureInfo.InvariantCulture)}"));
        string text = $"method: random\nparameters: {{p: {{distribution: {distribution}, {keys}}}}}";
        return Assert.IsType<SweepRange>(SweepFile.Parse(text).Space.Parameters.Single());
    }
}
