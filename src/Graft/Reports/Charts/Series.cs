namespace Graft.Reports.Charts;

/// <summary>One curve.</summary>
/// <param name="Name">what the legend calls it</param>
/// <param name="Points">its points, from left to right; a value that is no number leaves a gap</param>
sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether each point gets a mark that tells its values. <value>true</value></summary>
    public bool HasMarks { get; init; } = true;

    /// <summary>Whether it is drawn at first; only where curves can be chosen. <value>true</value></summary>
    public bool IsShown { get; init; } = true;

    /// <summary>A faint line for what only guides the eye. <value>false</value></summary>
    public bool IsFaint { get; init; }

    /// <summary>Its colour's number. <value>null: its place among the curves</value></summary>
    public int? Color { get; init; }
}
