using Graft.Data;

namespace Graft;

/// <summary>How a model is evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Which part of a folder with <c>train</c>, <c>val</c> and <c>test</c> is used.</summary>
    /// <value>null: <c>test</c> where there is one, else <c>val</c>, else all images.</value>
    public string? Part { get; init; }

    /// <summary>What is measured besides accuracy and loss, see <see cref="Training.MetricList"/>.</summary>
    /// <value>null: the usual ones; for very many images and classes without those that keep every score</value>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>Whether logits are divided by the temperature that was fitted when the model was trained.</summary>
    /// <value>false</value>
    public bool Calibrate { get; init; }

    /// <summary>How the data is read where it is a table.</summary>
    /// <value>by the columns' names; several labels or numbers as the model has them</value>
    public TableOptions Table { get; init; } = new();

    /// <summary>Images that go through the model at once.</summary>
    /// <value>32</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Threads that decode images.</summary>
    /// <value>0: as many as cores</value>
    public int Workers { get; init; }

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Several views of each image instead of one.</summary>
    /// <value>null: the image as it is</value>
    public TestTimeAugmentation? TestTime { get; init; }
}
