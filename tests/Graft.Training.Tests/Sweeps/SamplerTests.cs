namespace Graft.Training.Tests;

public class SamplerTests
{
    static readonly SearchSpace mixed = new([
        SweepRange.Between("lr", SweepDistribution.LogUniformValues, 1e-5, 1),
        SweepRange.Between("layers", SweepDistribution.IntUniform, 1, 4),
        new SweepChoice("batch", [.. ((double[])[64, 16, 32]).Select(SweepValue.Of)]),
        new SweepChoice("model", [.. "resnet18,resnet50,resnet50d,vit_tiny".Split(',').Select(SweepValue.Of)]),
        SweepRange.Between("dropout", SweepDistribution.QUniform, 0, 0.5, 0.1),
        new SweepConstant("epochs", SweepValue.Of(3)),
    ]);

    public static TheoryData<string> Methods => ["random", "bayes", "tpe"];

    [Theory, MemberData(nameof(Methods))]
    public void The_same_trials_give_the_same_in_any_order(string method)
    {
        List<SweepTrial> trials = Run(method, mixed, 14, seed: 5, Cost);
        ISweepSampler again = Sampler(method, mixed, 5);
        Assert.Equal(again.Suggest(14, trials), Sampler(method, mixed, 5).Suggest(14, [.. Enumerable.Reverse(trials)]));
        Assert.NotEqual(again.Suggest(14, trials), Sampler(method, mixed, 6).Suggest(14, trials));
        Assert.Equal(3, again.Suggest(14, trials)!["epochs"].Number);
    }

    [Fact]
    public void A_random_trial_depends_on_its_number_alone()
    {
        RandomSampler sampler = new(mixed, 9);
        Assert.Equal(sampler.Suggest(7, []), sampler.Suggest(7, Run("random", mixed, 3, 1, Cost)));
        Assert.NotEqual(sampler.Suggest(7, []), sampler.Suggest(8, []));
    }

    [Fact]
    public void A_grid_goes_through_every_combination_in_the_cloud_s_order()
    {
        SearchSpace space = new([
            SweepRange.Between("z", SweepDistribution.QUniform, 0.1, 0.3, 0.1),
            new SweepChoice("b", [SweepValue.Of("x"), SweepValue.Of("y")]),
            SweepRange.Between("a", SweepDistribution.IntUniform, 1, 2),
            new SweepConstant("c", SweepValue.Of(true)),
        ]);
        List<SweepTrial> trials = Run("grid", space, 12, 0, _ => 0);
        Assert.Equal(12, new GridSampler(space).Count);
        Assert.Equal(["1 x 0.1", "1 x 0.2", "1 x 0.3", "1 y 0.1"],
            trials.Take(4).Select(trial => $"{trial.Values["a"]} {trial.Values["b"]} {trial.Values["z"]}"));
        Assert.Equal(12, trials.Select(trial => string.Join(' ', trial.Values.Values)).Distinct().Count());
        Assert.Null(new GridSampler(space).Suggest(12, trials));
        // one that was given back comes again
        Assert.Equal(trials[5].Values, new GridSampler(space).Suggest(12, [.. trials.Where(trial => trial.Number != 5)]));
        Assert.Throws<ArgumentException>(() => new GridSampler(mixed));
    }

    [Theory, MemberData(nameof(Methods))]
    public void Only_what_the_space_holds_is_suggested(string method)
    {
        foreach (SweepTrial trial in Run(method, mixed, 20, seed: 2, Cost))
        {
            Assert.InRange(trial.Values["lr"].Number!.Value, 1e-5, 1);
            Assert.Contains(trial.Values["layers"].ToString(), (string[])["1", "2", "3", "4"]);
            Assert.Contains(trial.Values["batch"].ToString(), (string[])["16", "32", "64"]);
            Assert.Contains(trial.Values["dropout"].ToString(), (string[])["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
            Assert.Equal(mixed.Parameters.Select(one => one.Name), trial.Values.Keys);
        }
    }

    [Theory, InlineData("bayes"), InlineData("tpe")]
    public void Failed_and_hopeless_trials_are_survived(string method)
    {
        List<SweepTrial> trials = Run("random", mixed, 12, 4, Cost);
        Assert.NotNull(Sampler(method, mixed, 1).Suggest(12,
            [.. trials.Select(one => one with { State = SweepTrialState.Failed })]));
        Assert.NotNull(Sampler(method, mixed, 1).Suggest(12, [.. trials.Select(one => one with { Result = double.NaN })]));
        Assert.NotNull(Sampler(method, mixed, 1).Suggest(12, [.. trials.Select(one => one with { Result = 7 })]));
        for (int i = 0; i < 6; i++)
            trials[i] = i % 2 == 0 ? trials[i] with { State = SweepTrialState.Failed, Result = null }
                : trials[i] with { Result = i == 1 ? double.PositiveInfinity : 1e30 };
        Assert.NotNull(Sampler(method, mixed, 1).Suggest(12, trials));
        // a trial from before the file was changed has no place here
        Dictionary<string, SweepValue> other = new() { ["lr"] = SweepValue.Of("high") };
        trials.Add(new(13, other, SweepTrialState.Finished) { Result = 0 });
        Assert.NotNull(Sampler(method, mixed, 1).Suggest(14, trials));
    }

    [Fact]
    public void Where_all_trials_fail_there_is_little_to_look_for()
    {
        SearchSpace space = new([
            SweepRange.Between("x", SweepDistribution.Uniform, -5, 10),
            SweepRange.Between("y", SweepDistribution.Uniform, 0, 15)]);
        BayesSampler sampler = new(space, SweepGoal.Minimize, 4);
        List<SweepTrial> trials = [];
        for (int number = 0; number < 30; number++)
        {
            IReadOnlyDictionary<string, SweepValue> values = sampler.Suggest(number, trials)!;
            bool fails = values["x"].Number < 0; // two of Branin's three minima have x > 0
            trials.Add(new(number, values, fails ? SweepTrialState.Failed : SweepTrialState.Finished)
            {
                Result = fails ? null : Branin(values),
            });
        }
        Assert.InRange(trials.Skip(5).Count(one => one.State == SweepTrialState.Failed), 0, 8);
        Assert.True(trials.Min(one => one.Result) < 0.45);
    }

    [Fact]
    public void Feasibility_is_the_share_of_results_around()
    {
        Dimension[] dimensions = [.. mixed.Searched.Take(1).Select(one => new Dimension(one))];
        Feasibility feasibility = new(dimensions, [[0.9]], [[0.1], [0.1]]);
        Assert.Equal(1.0 / 3, Math.Exp(feasibility.Log([0.1], [])), 1e-3); // one of its own against two
        Assert.Equal(1, Math.Exp(feasibility.Log([0.9], [])), 1e-3);
        double[] gradient = [0];
        feasibility.Log([0.3], gradient);
        Assert.Equal((feasibility.Log([0.3001], []) - feasibility.Log([0.2999], [])) / 2e-4, gradient[0], 1e-5);
        Assert.Equal(0, new Feasibility(dimensions, [[0.9]], []).Log([0.1], []));
    }

    [Fact]
    public void Agents_side_by_side_try_different_things()
    {
        List<SweepTrial> trials = Run("bayes", mixed, 12, seed: 3, Cost);
        BayesSampler sampler = new(mixed, SweepGoal.Minimize, 3);
        List<double[]> points = [];
        SpaceEncoding encoding = new(mixed);
        for (int i = 12; i < 16; i++)
        {
            SweepTrial next = new(i, sampler.Suggest(i, trials)!, SweepTrialState.Running);
            trials.Add(next);
            points.Add(encoding.Encode(next)!);
        }
        for (int i = 0; i < points.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.True(points[i].Zip(points[j], (one, other) => Math.Abs(one - other)).Max() > 1e-3, "the same point twice");
    }

    [Fact]
    public void A_small_space_is_used_up_before_anything_comes_twice()
    {
        SearchSpace space = new([
            new SweepChoice("model", [.. "a,b,c,d,e".Split(',').Select(SweepValue.Of)]),
            SweepRange.Between("n", SweepDistribution.IntUniform, 1, 2)]);
        List<SweepTrial> trials = Run("bayes", space, 10, 1, values => values["model"].ToString()[0] * values["n"].Number!.Value);
        Assert.Equal(10, trials.Select(trial => string.Join(' ', trial.Values.Values)).Distinct().Count());
        Assert.NotNull(Sampler("bayes", space, 1).Suggest(10, trials)); // and then again
    }

    [Fact]
    public void Large_results_are_as_good_as_small_ones_where_they_are_the_goal()
    {
        List<SweepTrial> trials = Run("bayes", mixed, 12, seed: 8, Cost);
        List<SweepTrial> negative = [.. trials.Select(one => one with { Result = -one.Result })];
        Assert.Equal(new BayesSampler(mixed, SweepGoal.Minimize, 8).Suggest(12, trials),
            new BayesSampler(mixed, SweepGoal.Maximize, 8).Suggest(12, negative));
    }

    [Theory, InlineData("bayes", 0.2), InlineData("tpe", 0.8)]
    public void Knowing_beats_guessing_on_Branin(string method, double share)
    {
        SearchSpace space = new([
            SweepRange.Between("x", SweepDistribution.Uniform, -5, 10),
            SweepRange.Between("y", SweepDistribution.Uniform, 0, 15)]);
        double knowing = 0, guessing = 0;
        for (ulong seed = 100; seed < 106; seed++)
        {
            knowing += Run(method, space, 25, seed, Branin).Min(trial => trial.Result!.Value) - 0.397887;
            guessing += Run("random", space, 25, seed, Branin).Min(trial => trial.Result!.Value) - 0.397887;
        }
        Assert.True(knowing < share * guessing, $"regret {knowing / 6} against {guessing / 6} of random draws");
    }

    [Fact]
    public void Many_results_are_thinned_out()
    {
        List<SweepTrial> trials = Run("random", mixed, 60, 4, Cost);
        BayesSampler sampler = new(mixed, SweepGoal.Minimize, 1, new() { MostResults = 20, Candidates = 100 });
        Assert.NotNull(sampler.Suggest(60, trials));
    }

    static double Branin(IReadOnlyDictionary<string, SweepValue> values)
    {
        double x = values["x"].Number!.Value, y = values["y"].Number!.Value;
        double bent = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return bent * bent + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x) + 10;
    }

    static double Cost(IReadOnlyDictionary<string, SweepValue> values) =>
        Math.Pow(Math.Log10(values["lr"].Number!.Value) + 3, 2) + values["layers"].Number!.Value
        + (values["model"].ToString() == "vit_tiny" ? 2 : 0) + values["dropout"].Number!.Value;

    static List<SweepTrial> Run(
        string method, SearchSpace space, int count, ulong seed, Func<IReadOnlyDictionary<string, SweepValue>, double> cost)
    {
        ISweepSampler sampler = Sampler(method, space, seed);
        List<SweepTrial> trials = [];
        for (int number = 0; number < count; number++)
        {
            IReadOnlyDictionary<string, SweepValue> values = sampler.Suggest(number, trials)!;
            trials.Add(new(number, values, SweepTrialState.Finished) { Result = cost(values) });
        }
        return trials;
    }

    static ISweepSampler Sampler(string method, SearchSpace space, ulong seed) =>
        new SweepConfig(Enum.Parse<SweepMethod>(method, ignoreCase: true), space).CreateSampler(seed);
}
