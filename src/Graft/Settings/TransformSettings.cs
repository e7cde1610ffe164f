namespace Graft;

/// <summary>One step of an augmentation: a transform of <see cref="AugmentationList"/> and what it is given.</summary>
/// <param name="Name">The transform's name, such as <c>rotate</c>.</param>
public sealed record TransformSettings(string Name)
{
    /// <summary>Parameters by name; several numbers are joined by commas: <c>0.35,1</c>.</summary>
    /// <value>none: each has its default</value>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>As a file of <see cref="AugmentationFile"/> has it: <c>rotate: {degrees: [-10,10]}</c>.</summary>
    public override string ToString() => Parameters.Count == 0 ? Name
        : $"{Name}: {{{string.Join(", ", Parameters.Select(one => $"{one.Key}: {Written(one.Value)}"))}}}";

    static string Written(string value) => value.Contains(',') ? $"[{value.Replace(",", ", ")}]" : value;
}
