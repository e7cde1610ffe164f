namespace Graft.Nn;

/// <summary>One call of one module, as the summary saw it.</summary>
public sealed record LayerSummary
{
    /// <summary>Where the module stands in its model.</summary>
    public required string Path { get; init; }

    /// <summary>What it is, such as <c>Conv2d</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many modules it is inside of: 0 for the model itself.</summary>
    public required int Depth { get; init; }

    /// <summary>Its number among the calls of its depth, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>Whether it called no other module.</summary>
    public required bool IsLeaf { get; init; }

    /// <summary>Whether the module had been called before, so that its parameters are counted there.</summary>
    public required bool IsRepeated { get; init; }

    /// <summary>The shape of what it got.</summary>
    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>The shape of what it gave.</summary>
    public required IReadOnlyList<long> OutputShape { get; init; }

    /// <summary>The sides of its window, where it has one.</summary>
    public required IReadOnlyList<long>? KernelShape { get; init; }

    /// <summary>How many weights it has, its children's included.</summary>
    public required long Parameters { get; init; }

    /// <summary>How many of them are trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>How many weights it has that are none of its children's.</summary>
    public required long OwnParameters { get; init; }

    /// <summary>Its multiplications and additions, by torchinfo's count, its children's included.</summary>
    public required long MultAdds { get; init; }
}
