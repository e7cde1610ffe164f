namespace Graft;

/// <summary>A ready-made augmentation.</summary>
/// <param name="Name">Its name, such as <c>fastai</c>.</param>
/// <param name="Summary">What it does to an image.</param>
public sealed record AugmentationPreset(string Name, string Summary)
{
    /// <summary>The transform whose parameters the preset takes after a colon.</summary>
    /// <value>null: it takes none</value>
    public string? Transform { get; init; }

    /// <summary>The transforms, for settings and the arguments after the colon.</summary>
    internal Func<AugmentationSettings, IReadOnlyDictionary<string, string>, IEnumerable<TransformSettings>> Expand
    {
        get;
        init;
    } = null!;
}
