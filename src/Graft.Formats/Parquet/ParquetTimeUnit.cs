namespace Graft.Formats;

/// <summary>What a time is counted in; the value is how many make a second.</summary>
public enum ParquetTimeUnit
{
    /// <summary>Not a time.</summary>
    None = 0,

    /// <summary>10⁻³ s.</summary>
    Milliseconds = 1_000,

    /// <summary>10⁻⁶ s.</summary>
    Microseconds = 1_000_000,

    /// <summary>10⁻⁹ s.</summary>
    Nanoseconds = 1_000_000_000,
}
