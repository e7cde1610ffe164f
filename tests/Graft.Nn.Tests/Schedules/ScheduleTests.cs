using System.Text.Json;

namespace Graft.Nn.Tests;

/// <summary>Every schedule against fastai's formula or PyTorch's scheduler of the same name.</summary>
public class ScheduleTests
{
    public static TheoryData<string> Names =>
        [.. GoldenFile.Open("schedules").Cases.Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void A_schedule_gives_the_originals_rates(string name)
    {
        JsonElement options = GoldenFile.Open("schedules").Case(name);
        double[] expected = Numbers(options, "learning_rates");
        if (options.GetProperty("schedule").GetString() == "discriminative")
        {
            AssertClose(expected, DiscriminativeRates.Spread(Real(options, "low"), Real(options, "high"), expected.Length));
            return;
        }
        double length = Length(options);
        ISchedule schedule = Build(options);
        AssertClose(expected, expected.Select((_, k) => Real(options, "lr") * schedule.At(k / length)));
        if (!options.TryGetProperty("momenta", out _)) return;
        ISchedule momentum = options.GetProperty("schedule").GetString() == "one_cycle_fastai"
            ? OneCycleSchedule.Momentum(risingShare: Real(options, "pct_start"))
            : OneCycleSchedule.Momentum(risingShare: TorchShare(options));
        AssertClose(Numbers(options, "momenta"), expected.Select((_, k) => momentum.At(k / length)));
    }

    /// <summary>How many steps make a whole: PyTorch's cosine counts to t_max.</summary>
    static double Length(JsonElement options) => options.GetProperty("schedule").GetString() switch
    {
        "cosine" => Real(options, "t_max"),
        "linear" => Real(options, "total_iters"),
        _ => Real(options, "steps"),
    };

    static double TorchShare(JsonElement options)
    {
        double length = Length(options);
        return (Real(options, "pct_start") * (length + 1) - 1) / length;
    }

    static ISchedule Build(JsonElement options)
    {
        int steps = options.GetProperty("steps").GetInt32();
        switch (options.GetProperty("schedule").GetString())
        {
            case "one_cycle_fastai":
                return OneCycleSchedule.Rate(Real(options, "div"), Real(options, "div_final"), Real(options, "pct_start"));
            case "one_cycle_torch":
                double div = Real(options, "div");
                return OneCycleSchedule.Rate(div, div * Real(options, "div_final"), TorchShare(options));
            case "cosine": return new CosineSchedule(1, Real(options, "eta_min") / Real(options, "lr"));
            case "step": return StepSchedule.Every((int)Real(options, "step_size"), steps, Real(options, "gamma"));
            case "multi_step":
                return new StepSchedule([.. Numbers(options, "milestones").Select(at => at / steps)], Real(options, "gamma"));
            case "exponential": return new ExponentialSchedule(1, Math.Pow(Real(options, "gamma"), steps));
            case "linear": return new LinearSchedule(Real(options, "start_factor"), 1);
            case "warmup_cosine":
                return new WarmupSchedule(Real(options, "warmup") / steps, new CosineSchedule(), Real(options, "start_factor"));
            case "polynomial": return new PolynomialSchedule(Real(options, "power"));
            case "linear_decay": return new WarmupSchedule(Real(options, "warmup") / steps, new LinearSchedule());
            case string other: throw new NotSupportedException(other);
            default: throw new InvalidDataException();
        }
    }

    [Fact]
    public void Progress_beyond_the_end_stays_at_the_end()
    {
        Assert.Equal(1e-5, OneCycleSchedule.Rate().At(1.5), 1e-12);
        Assert.Equal(0, new CosineSchedule().At(2), 1e-12);
        Assert.Equal(0, new LinearSchedule().At(2));
        Assert.Equal(0, new PolynomialSchedule().At(2));
        Assert.Equal(1, new OneCycleSchedule(0, 0.5, 1, RisingShare: 1).At(1));
    }

    static double Real(JsonElement options, string key) => options.GetProperty(key).GetDouble();

    static double[] Numbers(JsonElement options, string key) =>
        [.. options.GetProperty(key).EnumerateArray().Select(number => number.GetDouble())];

    static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        foreach ((double wanted, double came) in expected.Zip(actual, (wanted, came) => (wanted, came)))
            Assert.InRange(came, wanted - 1e-12 - 1e-9 * wanted, wanted + 1e-12 + 1e-9 * wanted);
    }
}
