using MathNet.Numerics.Distributions;

namespace Graft.Training;

/// <summary>
/// A parameter that is a number with a distribution. Quantiles and rounding are those of W&amp;B's sweeps: a distribution that
/// rounds gives <c>round(x / q) * q</c> with halves to even, which may lie up to q / 2 outside of min and max.
/// </summary>
public sealed record SweepRange : SweepParameter
{
    const double Tail = 1e-9; // an unbounded distribution ends here

    readonly Func<double, double> quantile, share;

    SweepRange(
        string name, SweepDistribution distribution, Func<double, double> quantile, Func<double, double> share, double? quantum)
        : base(name)
    {
        Distribution = distribution;
        this.quantile = quantile;
        this.share = share;
        Quantum = quantum;
    }

    /// <summary>Its distribution.</summary>
    public SweepDistribution Distribution { get; }

    /// <summary>Values are multiples of this; null for any number.</summary>
    public double? Quantum { get; }

    /// <summary>The least value, before rounding; minus infinity for the normal distributions.</summary>
    public double Minimum { get; private init; } = double.NegativeInfinity;

    /// <summary>The largest value, before rounding; infinity without a bound.</summary>
    public double Maximum { get; private init; } = double.PositiveInfinity;

    /// <summary>A number between two others.</summary>
    /// <param name="name">its name</param>
    /// <param name="distribution">one of those with min and max</param>
    /// <param name="min">as in the grammar: the least value, or its exponent of e</param>
    /// <param name="max">the largest value, or its exponent of e</param>
    /// <param name="q">what to round to, for those that round</param>
    /// <exception cref="ArgumentException">The numbers make no such distribution, in one line.</exception>
    public static SweepRange Between(string name, SweepDistribution distribution, double min, double max, double q = 1)
    {
        Check(name, double.IsFinite(min) && double.IsFinite(max), "expected finite min and max");
        Check(name, min <= max, $"expected min <= max, found min {SweepValue.Of(min)} and max {SweepValue.Of(max)}");
        double? quantum = Rounds(distribution) ? Positive(name, q) : null;
        switch (distribution)
        {
            case SweepDistribution.IntUniform:
                Check(name, min == Math.Floor(min) && max == Math.Floor(max),
                    "int_uniform: expected whole numbers as min and max");
                double count = max - min + 1;
                return new(name, distribution, u => Math.Min(max, min + Math.Floor(u * count)), x => (x - min + 0.5) / count, 1)
                {
                    Minimum = min,
                    Maximum = max,
                };
            case SweepDistribution.Uniform or SweepDistribution.QUniform:
                return new(name, distribution, u => min + (max - min) * u,
                    x => max > min ? (x - min) / (max - min) : 0.5, quantum)
                {
                    Minimum = min,
                    Maximum = max,
                };
            case SweepDistribution.LogUniformValues or SweepDistribution.QLogUniformValues
                or SweepDistribution.InvLogUniformValues:
                Check(name, min > 0, $"expected min > 0 for a logarithm, found {SweepValue.Of(min)}");
                return Logarithmic(Math.Log(min), Math.Log(max), min, max);
            case SweepDistribution.LogUniform or SweepDistribution.QLogUniform:
                return Logarithmic(min, max, Math.Exp(min), Math.Exp(max));
            case SweepDistribution.InvLogUniform:
                return Logarithmic(-max, -min, Math.Exp(-max), Math.Exp(-min));
            default:
                throw new ArgumentException($"{name}: {distribution} has no min and max");
        }

        SweepRange Logarithmic(double low, double high, double least, double most)
        {
            Check(name, double.IsFinite(most), $"expected exponents of e as min and max, found a max of {SweepValue.Of(max)}");
            return new(name, distribution, u => Math.Clamp(Math.Exp(low + (high - low) * u), least, most),
                x => x <= least ? 0 : high > low ? (Math.Log(x) - low) / (high - low) : 0.5, quantum)
            {
                Minimum = least,
                Maximum = most,
            };
        }
    }

    /// <summary>A number with a normal distribution, or whose logarithm has one.</summary>
    /// <param name="name">its name</param>
    /// <param name="distribution">normal, q_normal, log_normal or q_log_normal</param>
    /// <param name="mu">mean</param>
    /// <param name="sigma">standard deviation, positive</param>
    /// <param name="q">what to round to, for those that round</param>
    /// <exception cref="ArgumentException">The numbers make no such distribution, in one line.</exception>
    public static SweepRange Around(string name, SweepDistribution distribution, double mu = 0, double sigma = 1, double q = 1)
    {
        Check(name, double.IsFinite(mu), "expected a finite mu");
        Check(name, sigma > 0 && double.IsFinite(sigma), $"expected sigma > 0, found {sigma:R}");
        double? quantum = Rounds(distribution) ? Positive(name, q) : null;
        return distribution switch
        {
            SweepDistribution.Normal or SweepDistribution.QNormal =>
                new(name, distribution, u => Normal.InvCDF(mu, sigma, Inside(u)), x => Normal.CDF(mu, sigma, x), quantum),
            SweepDistribution.LogNormal or SweepDistribution.QLogNormal =>
                new(name, distribution, u => Math.Exp(Normal.InvCDF(mu, sigma, Inside(u))),
                    x => x > 0 ? Normal.CDF(mu, sigma, Math.Log(x)) : 0, quantum)
                {
                    Minimum = 0,
                },
            _ => throw new ArgumentException($"{name}: {distribution} has no mu and sigma"),
        };
    }

    /// <summary>A number between 0 and 1 with a beta distribution.</summary>
    /// <param name="name">its name</param>
    /// <param name="distribution">beta or q_beta</param>
    /// <param name="a">the first shape, positive</param>
    /// <param name="b">the second shape, positive</param>
    /// <param name="q">what to round to, for q_beta</param>
    /// <exception cref="ArgumentException">The numbers make no such distribution, in one line.</exception>
    public static SweepRange Shaped(string name, SweepDistribution distribution, double a = 1, double b = 1, double q = 1)
    {
        if (distribution is not (SweepDistribution.Beta or SweepDistribution.QBeta))
            throw new ArgumentException($"{name}: {distribution} has no a and b");
        Check(name, a > 0 && double.IsFinite(a), $"expected a > 0, found {a:R}");
        Check(name, b > 0 && double.IsFinite(b), $"expected b > 0, found {b:R}");
        double? quantum = Rounds(distribution) ? Positive(name, q) : null;
        return new(name, distribution, u => u <= 0 ? 0 : u >= 1 ? 1 : Beta.InvCDF(a, b, u),
            x => Beta.CDF(a, b, Math.Clamp(x, 0, 1)), quantum)
        {
            Minimum = 0,
            Maximum = 1,
        };
    }

    /// <inheritdoc/>
    public override SweepValue Quantile(double share)
    {
        double value = quantile(Math.Clamp(share, 0, 1));
        if (Quantum is { } q && Distribution != SweepDistribution.IntUniform) value = Round(value, q);
        return SweepValue.Of(value);
    }

    /// <summary>
    /// Which share of the distribution lies below a value, in [0, 1]; of whole numbers half of its own belongs to it.
    /// </summary>
    internal double Share(double value) => Math.Clamp(share(value), 0, 1);

    /// <summary>About how many values it takes; null for any number.</summary>
    internal int? Levels => Distribution == SweepDistribution.IntUniform ? (int)Math.Min(Maximum - Minimum + 1, 1 << 20)
        : Quantum is { } q ? (int)Math.Clamp(Math.Round((quantile(1 - 5e-3) - quantile(5e-3)) / q) + 1, 1, 1 << 20)
        : null;

    /// <summary>Whether the grammar's distribution rounds to multiples of q.</summary>
    internal static bool Rounds(SweepDistribution distribution) => distribution.ToString()[0] == 'Q';

    static double Round(double value, double q)
    {
        double count = Math.Round(value / q, MidpointRounding.ToEven);
        // decimals, so that three times 0.1 is 0.3
        return Math.Abs(count) < 1e12 && q is > 1e-12 and < 1e12 ? (double)((decimal)count * (decimal)q) : count * q;
    }

    static double Inside(double share) => Math.Clamp(share, Tail, 1 - Tail);

    static double Positive(string name, double q)
    {
        Check(name, q > 0 && double.IsFinite(q), $"expected q > 0, found {q:R}");
        return q;
    }

    static void Check(string name, bool holds, string problem)
    {
        if (!holds) throw new ArgumentException($"{name}: {problem}");
    }
}
