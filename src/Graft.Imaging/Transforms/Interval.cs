namespace Graft.Imaging;

/// <summary>The numbers from one bound to another, of which transforms draw uniformly.</summary>
/// <param name="Minimum">The lower bound, included.</param>
/// <param name="Maximum">The upper bound, excluded unless it is the lower one too.</param>
public readonly record struct Interval(double Minimum, double Maximum)
{
    /// <summary>From -x to x.</summary>
    public static Interval Around0(double reach) => new(-reach, reach);

    /// <summary>A pair of bounds.</summary>
    public static implicit operator Interval((double Minimum, double Maximum) bounds) => new(bounds.Minimum, bounds.Maximum);

    /// <summary>One of the numbers.</summary>
    public double Draw(ref SampleRandom random) => random.Uniform(Minimum, Maximum);

    /// <summary>The interval, when it is finite, not empty and inside of the bounds.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    internal Interval Check(string name, double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        if (!(Minimum <= Maximum && Minimum >= least && Maximum <= most && double.IsFinite(Maximum - Minimum)))
            throw new ArgumentException($"{name} {Minimum} to {Maximum}: expected {least} <= minimum <= maximum <= {most}");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Minimum}..{Maximum}");
}
