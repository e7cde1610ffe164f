namespace Graft;

/// <summary>What a report shows.</summary>
public sealed record ReportOptions
{
    /// <summary>The folder of the data, where it has moved since the training.</summary>
    /// <value>null: where it lay then</value>
    public string? Data { get; init; }

    /// <summary>Images in each gallery.</summary>
    /// <value>12</value>
    public int Images { get; init; } = 12;

    /// <summary>Whether mistakes are shown with what the model looked at, for which it has to be opened and run.</summary>
    /// <value>true</value>
    public bool Overlays { get; init; } = true;

    /// <summary>Where the model runs for that.</summary>
    /// <value><c>auto</c></value>
    public string Device { get; init; } = "auto";
}
