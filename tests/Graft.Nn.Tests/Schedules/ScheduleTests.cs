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
        if (options.GetProperty("schedule").GetString() == "plateau")
        {
            CheckPlateau(options, expected);
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
            case "restarts":
                return new CosineRestartsSchedule(
                    Real(options, "t_0") / steps, Real(options, "t_mult"), 1, Real(options, "eta_min") / Real(options, "lr"));
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

    static void CheckPlateau(JsonElement options, double[] expected)
    {
        double Number(string key, double otherwise) =>
            options.TryGetProperty(key, out JsonElement item) ? item.GetDouble() : otherwise;
        bool Is(string key, string value) => options.TryGetProperty(key, out JsonElement item) && item.GetString() == value;
        PlateauSchedule Make() => new()
        {
            HigherIsBetter = Is("mode", "max"),
            IsAbsolute = Is("threshold_mode", "abs"),
            Factor = Number("factor", 0.1),
            Patience = (int)Number("patience", 10),
            Threshold = Number("threshold", 1e-4),
            Cooldown = (int)Number("cooldown", 0),
            Least = Number("min_lr", 0) / Real(options, "lr"),
        };
        PlateauSchedule schedule = Make();
        double?[] measures = [.. options.GetProperty("measures").EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.Null ? (double?)null : item.GetDouble())];
        for (int i = 0; i < measures.Length; i++)
        {
            schedule = Make() is var resumed && i % 3 == 0 ? With(resumed, schedule.State) : schedule;
            schedule.Report(measures[i] ?? double.NaN);
            double rate = Real(options, "lr") * schedule.At(0.5);
            // PyTorch lowers no rate by less than 1e-8
            Assert.InRange(rate, expected[i] * (1 - 1e-9) - 1e-8, expected[i] * (1 + 1e-9));
        }

        static PlateauSchedule With(PlateauSchedule schedule, PlateauState state)
        {
            schedule.State = state;
            return schedule;
        }
    }

    [Fact]
    public void Every_schedule_of_the_list_starts_positive_and_never_exceeds_its_rate()
    {
        foreach (string name in ScheduleList.Names)
        {
            ISchedule schedule = ScheduleList.Parse(name).Rate(epochs: 10);
            for (int k = 0; k < 100; k++) Assert.InRange(schedule.At(k / 100.0), 0, 1);
            Assert.True(schedule.At(0.5) > 0, name);
        }
    }

    [Fact]
    public void A_choice_has_its_parameters_in_epochs()
    {
        ISchedule step = ScheduleList.Parse("step:every=3,gamma=0.5").Rate(epochs: 10, warmupEpochs: 1);
        Assert.Equal(0.5, step.At(0.05), 1e-12); // half of the rise
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.125], ((double[])[0.1, 0.29, 0.3, 0.59, 0.6, 0.9]).Select(step.At));
        ISchedule several = ScheduleList.Parse("multistep:at=2/5").Rate(epochs: 10, warmupEpochs: 0);
        Assert.Equal([1, 0.1, 0.1, 0.01], ((double[])[0.19, 0.2, 0.49, 0.5]).Select(at => Math.Round(several.At(at), 9)));
        ISchedule cosine = ScheduleList.Parse("cosine").Rate(epochs: 10, warmupEpochs: 2);
        Assert.Equal(0.5, cosine.At(0.6), 1e-12); // half of what is left
        Assert.Equal(0.5, ScheduleList.Parse("cosine:cycle=4").Rate(epochs: 8, warmupEpochs: 0).At(0.75), 1e-12);
        Assert.Equal(OneCycleSchedule.Rate(5, risingShare: 0.3), ScheduleList.Parse("onecycle:div=5,rise=0.3").Rate(7));
        Assert.Equal(OneCycleSchedule.Momentum(risingShare: 0.3), ScheduleList.Parse("onecycle:rise=0.3").Momentum());
        Assert.Null(ScheduleList.Parse("linear").Momentum());
    }

    [Theory]
    [InlineData("hill", "onecycle, cosine, linear")]
    [InlineData("step:gama=0.5", "every or gamma")]
    [InlineData("step:gamma", "every or gamma")]
    [InlineData("step:gamma=1/2", "every or gamma")]
    [InlineData("step:gamma=2", "between 0 and 1, came 2")]
    [InlineData("step:every=0", "above 0, came 0")]
    [InlineData("plateau:patience=1.5", "whole number")]
    [InlineData("multistep:at=3/x", "came 'at=3/x'")]
    [InlineData("poly:power=2,power=3", "once")]
    [InlineData("constant:at=3", "nothing after the name")]
    public void A_wrong_choice_says_what_was_expected(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => ScheduleList.Parse(text)).Message);

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
