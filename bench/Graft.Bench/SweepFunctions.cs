using System.Globalization;
using Graft.Training;

namespace Graft.Bench;

/// <summary>What sweeps are measured on: functions with a known least value, and a recorded table of trainings.</summary>
sealed record SweepFunction(
    string Name, SearchSpace Space, double Least, Func<IReadOnlyDictionary<string, SweepValue>, double> Cost)
{
    static readonly double[,] hartmannA =
    {
        { 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 }, { 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 },
    };

    static readonly double[,] hartmannP =
    {
        { 1312, 1696, 5569, 124, 8283, 5886 }, { 2329, 4135, 8307, 3736, 1004, 9991 },
        { 2348, 1451, 3522, 2883, 3047, 6650 }, { 4047, 8828, 8732, 5743, 1091, 381 },
    };

    static readonly double[] hartmannC = [1, 1.2, 3, 3.2];

    static readonly Dictionary<string, double> offsets = new() { ["a"] = 0, ["b"] = 1, ["c"] = 20, ["d"] = 50 };

    /// <summary>All of them; the table only where there is one.</summary>
    public static IEnumerable<SweepFunction> All(string? table)
    {
        yield return new("branin", new([Uniform("x", -5, 10), Uniform("y", 0, 15)]), 0.397887357729738, Branin);
        yield return new("hartmann6", new([.. Enumerable.Range(0, 6).Select(i => Uniform("x" + i, 0, 1))]),
            -3.322368011415515, Hartmann);
        yield return new("rosenbrock-log", new([Log("a", 1e-2, 1e2), Log("b", 1e-2, 1e2)]), 0,
            values => Rosenbrock(Math.Log10(Of(values, "a")), Math.Log10(Of(values, "b"))));
        yield return new("rosenbrock-mixed", new([
            Log("rate", 1e-4, 1), Uniform("y", -2, 2), SweepRange.Between("steps", SweepDistribution.IntUniform, -8, 8),
            new SweepChoice("kind", [.. offsets.Keys.Select(SweepValue.Of)])]), 0, values =>
            {
                double x = Math.Log10(Of(values, "rate")) + 2;
                string kind = values["kind"].ToString();
                return Rosenbrock(kind == "b" ? -x : x, Of(values, "y"), Of(values, "steps") / 4) + offsets[kind];
            });
        if (table is not null) yield return Models(table);
    }

    static SweepRange Uniform(string name, double low, double high) =>
        SweepRange.Between(name, SweepDistribution.Uniform, low, high);

    static SweepRange Log(string name, double low, double high) =>
        SweepRange.Between(name, SweepDistribution.LogUniformValues, low, high);

    static double Of(IReadOnlyDictionary<string, SweepValue> values, string name) => values[name].Number!.Value;

    static double Branin(IReadOnlyDictionary<string, SweepValue> values)
    {
        double x = Of(values, "x"), y = Of(values, "y");
        double bent = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return bent * bent + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x) + 10;
    }

    static double Hartmann(IReadOnlyDictionary<string, SweepValue> values)
    {
        double sum = 0;
        for (int k = 0; k < 4; k++)
        {
            double inner = 0;
            for (int i = 0; i < 6; i++)
                inner += hartmannA[k, i] * Math.Pow(Of(values, "x" + i) - hartmannP[k, i] * 1e-4, 2);
            sum -= hartmannC[k] * Math.Exp(-inner);
        }
        return sum;
    }

    static double Rosenbrock(params double[] x)
    {
        double sum = 0;
        for (int i = 1; i < x.Length; i++) sum += 100 * Math.Pow(x[i] - x[i - 1] * x[i - 1], 2) + Math.Pow(1 - x[i - 1], 2);
        return sum;
    }

    /// <summary>
    /// The choice of a model: error times seconds of fine-tuning on Pets, the mean of a model's complete runs; 80 seconds more
    /// are what any run costs.
    /// </summary>
    static SweepFunction Models(string path)
    {
        string[][] rows = [.. File.ReadLines(path).Select(line => line.Split(','))];
        int Column(string name) => Array.IndexOf(rows[0], name);
        (int set, int model, int error, int time) =
            (Column("dataset"), Column("model_name"), Column("error_rate"), Column("fit_time"));
        SortedDictionary<string, double> costs = new(rows.Skip(1)
            .Where(row => row[set] == "pets" && row[error].Length > 0 && row[time].Length > 0)
            .GroupBy(row => row[model])
            .ToDictionary(group => group.Key, group => group.Average(row => Number(row[error]) * (Number(row[time]) + 80))),
            StringComparer.Ordinal);
        SearchSpace space = new([new SweepChoice("model_name", [.. costs.Keys.Select(SweepValue.Of)])]);
        return new("models", space, costs.Values.Min(), values => costs[values["model_name"].ToString()]);
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
