namespace Graft.Training.Tests;

public class StoppingTests
{
    [Fact]
    public void Bands_are_those_of_the_cloud()
    {
        Assert.Equal([1, 3, 9, 27], new Hyperband { MinIterations = 1 }.Bands(30));
        Assert.Equal([3, 9, 27, 81], new Hyperband { MinIterations = 3 }.Bands(100));
        Assert.Equal([2, 3, 4, 6], new Hyperband { MinIterations = 2, Eta = 1.5 }.Bands(9)); // 2, 3, 4.5, 6.75
        Assert.Equal([3, 9], new Hyperband { MaxIterations = 27, Brackets = 2 }.Bands(100));
        Assert.Equal([1, 2], new Hyperband { MaxIterations = 5, Brackets = 2, Eta = 2 }.Bands(100)); // 2.5, 1.25
        Assert.Equal([1, 3, 9], new Hyperband { MaxIterations = 27, Brackets = 9 }.Bands(100)); // down to 1
        Assert.Throws<ArgumentException>(() => new Hyperband { MaxIterations = 2, Brackets = 3 }.Bands(9));
        Assert.Throws<ArgumentException>(() => new Hyperband().Bands(9));
        Assert.Throws<ArgumentException>(() => new Hyperband { MinIterations = 1, Eta = 1 }.Bands(9));
    }

    // at band 1 stand 9 10 8 7 6, of which the better half ends with 8; at band 2 stand 8 7 6, whose half ends with 7
    static readonly SweepTrial[] five =
    [
        Trial(0, SweepTrialState.Finished, 10, 9),
        Trial(1, SweepTrialState.Running, 10, 10),
        Trial(2, SweepTrialState.Running, 10, 8, 8),
        Trial(3, SweepTrialState.Running, 10, 7, 7),
        Trial(4, SweepTrialState.Finished, 10, 6, 6),
    ];

    [Fact]
    public void Who_is_over_the_threshold_of_the_last_band_ends()
    {
        Hyperband rule = new() { MaxIterations = 5, Eta = 2, Brackets = 2 };
        Assert.Equal([1, 2], rule.Stop(five, SweepGoal.Minimize));
        SweepTrial[] upside = [.. five.Select(one => one with { History = [.. one.History.Select(value => -value)] })];
        Assert.Equal([1, 2], rule.Stop([.. upside.Reverse()], SweepGoal.Maximize));
        Assert.Empty(rule.Stop([Trial(0, SweepTrialState.Running, 3)], SweepGoal.Minimize)); // no band yet
        Assert.Empty(rule.Stop([], SweepGoal.Minimize));
    }

    [Fact]
    public void Strictly_the_value_at_the_band_counts_and_not_the_best_before()
    {
        SweepTrial[] trials = [.. five[..2], .. five[3..], Trial(5, SweepTrialState.Running, 5, 20)];
        Hyperband rule = new() { MinIterations = 1, Eta = 2 };
        Assert.DoesNotContain(5, rule.Stop(trials, SweepGoal.Minimize));
        Assert.Contains(5, (rule with { Strict = true }).Stop(trials, SweepGoal.Minimize));
    }

    [Fact]
    public void Values_that_are_no_numbers_are_left_out()
    {
        Hyperband rule = new() { MinIterations = 1, Eta = 2 };
        SweepTrial[] trials =
            [Trial(0, SweepTrialState.Running, double.NaN, 9, double.NaN), Trial(1, SweepTrialState.Finished, 1, 1)];
        Assert.Empty(rule.Stop(trials, SweepGoal.Minimize)); // one value: no band is reached
    }

    [Fact]
    public void Halving_keeps_the_best_third_of_a_rung()
    {
        Asha rule = new() { MinIterations = 2, MaxIterations = 20 };
        Assert.Equal([2, 6, 18], rule.Bands(100));
        Assert.Equal([1, 3, 9], new Asha().Bands(10));
        Assert.Equal([1, 2, 3, 5], new Asha { Eta = 1.5 }.Bands(6)); // 1, 1.5, 2.25, 3.375, 5.06
        List<SweepTrial> trials = [];
        for (int i = 0; i < 6; i++) trials.Add(Trial(i, SweepTrialState.Running, 9, i));
        Assert.Equal([2, 3, 4, 5], rule.Stop(trials, SweepGoal.Minimize)); // two of six go on
        Assert.Equal([0, 1, 2, 3], rule.Stop(trials, SweepGoal.Maximize));
        Assert.Equal([1], rule.Stop(trials[..2], SweepGoal.Minimize)); // of few, the best
        Assert.Empty(rule.Stop(trials[4..5], SweepGoal.Minimize)); // who comes alone goes on
        trials[0] = Trial(0, SweepTrialState.Running, 9, 0, 0, 0, 0, 8);
        trials[1] = Trial(1, SweepTrialState.Finished, 9, 1, 0, 0, 0, 7);
        Assert.Equal([0, 2, 3, 4, 5], rule.Stop(trials, SweepGoal.Minimize)); // at the next rung the other was better
        Assert.Throws<ArgumentException>(() => new Asha { MinIterations = 3, MaxIterations = 3 }.Bands(9));
    }

    static SweepTrial Trial(int number, SweepTrialState state, params double[] history) =>
        new(number, new Dictionary<string, SweepValue>(), state) { History = history };
}
