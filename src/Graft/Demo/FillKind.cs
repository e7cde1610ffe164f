namespace Graft.Demo;

/// <summary>How a shape of the demo is painted.</summary>
public enum FillKind
{
    /// <summary>One colour.</summary>
    Plain,

    /// <summary>Parallel bands.</summary>
    Stripes,

    /// <summary>Round spots.</summary>
    Dots,

    /// <summary>A chessboard.</summary>
    Checks,
}
