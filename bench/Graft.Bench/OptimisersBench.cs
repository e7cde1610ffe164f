using System.Diagnostics;
using Graft.Training;

namespace Graft.Bench;

/// <summary>Sweeps of the samplers over functions: how far the best trial so far is from the least value.</summary>
static class OptimisersBench
{
    static readonly int[] marks = [10, 20, 30];

    /// <summary>
    /// Rows of a table: function, method, and after 10, 20, 30 trials the mean and the median regret over the seeds.
    /// </summary>
    public static object Run(string? table, int seeds) =>
        SweepFunction.All(table).SelectMany(function => (string[])["random", "tpe", "bayes"],
            (function, method) => Row(function, method, seeds, (seed, goal) => Sampler(function, method, seed))).ToList();

    public static object Row(SweepFunction function, string method, int seeds, Func<ulong, SweepGoal, ISweepSampler> make)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<double[]> regrets = [];
        for (int seed = 0; seed < seeds; seed++)
            regrets.Add([.. Best(function, make((ulong)seed, SweepGoal.Minimize), marks[^1])
                .Select(best => best - function.Least)]);
        return new
        {
            function = function.Name,
            method,
            seeds,
            mean = marks.Select(mark => regrets.Average(one => one[mark - 1])).ToArray(),
            median = marks.Select(mark => Median([.. regrets.Select(one => one[mark - 1])])).ToArray(),
            secondsPerTrial = watch.Elapsed.TotalSeconds / seeds / marks[^1],
        };
    }

    static ISweepSampler Sampler(SweepFunction function, string method, ulong seed) => method switch
    {
        "bayes" => new BayesSampler(function.Space, SweepGoal.Minimize, seed),
        "tpe" => new TpeSampler(function.Space, SweepGoal.Minimize, seed),
        _ => new RandomSampler(function.Space, seed),
    };

    /// <summary>The best cost after each trial.</summary>
    static double[] Best(SweepFunction function, ISweepSampler sampler, int count)
    {
        List<SweepTrial> trials = [];
        double[] best = new double[count];
        for (int number = 0; number < count; number++)
        {
            IReadOnlyDictionary<string, SweepValue> values = sampler.Suggest(number, trials)!;
            double cost = function.Cost(values);
            best[number] = number == 0 ? cost : Math.Min(best[number - 1], cost);
            trials.Add(new(number, values, SweepTrialState.Finished) { Result = cost });
        }
        return best;
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
