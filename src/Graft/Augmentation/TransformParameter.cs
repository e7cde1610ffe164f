namespace Graft;

/// <summary>A parameter of a transform: what may be given, and what it is without.</summary>
/// <param name="Name">Its name, such as <c>p</c>.</param>
/// <param name="Default">Its value when it is not given, as it would be written.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Minimum">The least allowed number.</param>
/// <param name="Maximum">The greatest allowed number.</param>
public sealed record TransformParameter(
    string Name, string Default, string Meaning, double Minimum = double.NegativeInfinity,
    double Maximum = double.PositiveInfinity)
{
    /// <summary>How many numbers it has: two for a range.</summary>
    /// <value>1; 0 for a word</value>
    public int Count { get; init; } = 1;

    /// <summary>For a range around 0: a single number x stands for -x,x.</summary>
    /// <value>false</value>
    public bool IsSymmetric { get; init; }

    /// <summary>Whether numbers must be whole.</summary>
    /// <value>false</value>
    public bool IsWhole { get; init; }

    /// <summary>The words that are allowed, for a parameter that is a word.</summary>
    /// <value>none: it is a number</value>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
