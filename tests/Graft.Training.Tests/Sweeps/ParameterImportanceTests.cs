namespace Graft.Training.Tests;

public class ParameterImportanceTests
{
    static readonly SearchSpace space = new([
        SweepRange.Between("lr", SweepDistribution.LogUniformValues, 1e-5, 1),
        SweepRange.Between("idle", SweepDistribution.Uniform, 0, 1),
        new SweepChoice("kind", [.. "a,b,c".Split(',').Select(SweepValue.Of)]),
        new SweepConstant("seed", SweepValue.Of(1)),
    ]);

    [Fact]
    public void What_moves_the_metric_most_comes_first()
    {
        IReadOnlyList<ParameterImportance> found = ParameterImportance.Of(space, Trials(60, (rate, kind) => 3 * rate + kind));
        Assert.Equal(["lr", "kind", "idle"], found.Select(one => one.Name));
        // 3 log10(lr) over 5 decades has the variance 9 * 25 / 12, kind's 0, 4, 8 have 32 / 3: 64% and 36%
        Assert.InRange(found[0].Importance, 0.5, 0.75);
        Assert.InRange(found[1].Importance, 0.2, 0.5);
        Assert.InRange(found[2].Importance, 0, 0.06);
        Assert.True(found[0].Correlation > 0.6);
        Assert.Null(found[1].Correlation);
        Assert.Equal(found, ParameterImportance.Of(space, Trials(60, (rate, kind) => 3 * rate + kind)));
    }

    [Fact]
    public void What_only_matters_together_is_nobody_s_own()
    {
        IReadOnlyList<ParameterImportance> found = ParameterImportance.Of(
            space, Trials(120, (rate, kind) => (rate > -2.5 ? 1 : -1) * (kind - 4)));
        Assert.All(found, one => Assert.True(one.Importance < 0.35, one.ToString()));
    }

    [Fact]
    public void Without_results_or_differences_nothing_matters()
    {
        Assert.Empty(ParameterImportance.Of(space, []));
        Assert.Empty(ParameterImportance.Of(space,
            [.. Trials(20, (_, _) => 1).Select(one => one with { State = SweepTrialState.Failed })]));
        Assert.All(ParameterImportance.Of(space, Trials(20, (_, _) => 1)), one => Assert.Equal(0, one.Importance));
    }

    static List<SweepTrial> Trials(int count, Func<double, double, double> metric)
    {
        RandomSampler sampler = new(space, 3);
        List<SweepTrial> trials = [];
        for (int i = 0; i < count; i++)
        {
            IReadOnlyDictionary<string, SweepValue> values = sampler.Suggest(i, trials);
            double kind = 4 * "abc".IndexOf(values["kind"].ToString(), StringComparison.Ordinal);
            trials.Add(new(i, values, SweepTrialState.Finished)
            {
                Result = metric(Math.Log10(values["lr"].Number!.Value), kind),
            });
        }
        return trials;
    }
}
