namespace Graft;

/// <summary>What a comparison found out about one model.</summary>
public sealed record ComparedModel
{
    /// <summary>As it was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The same for tables: of a path its last part.</summary>
    public string Name => Path.Exists(Model) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Model)) : Model;

    /// <summary>The architecture with its origin.</summary>
    public required string Architecture { get; init; }

    /// <summary>Numbers in the weights of its backbone.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-adds of its backbone for one image.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>How many numbers it makes of an image.</summary>
    public required int Features { get; init; }

    /// <summary>The sides of its input, such as <c>224x224</c>.</summary>
    public required string InputSize { get; init; }

    /// <summary>Images a second through the backbone alone, on this machine; decoding does not count.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The k-nearest-neighbour classifier by the cosine.</summary>
    public required ProbeScore Neighbours { get; init; }

    /// <summary>Logistic regression on standardised features, which decides the order.</summary>
    public required ProbeScore Linear { get; init; }

    /// <summary>
    /// How probable a difference such as that from the best one is by chance alone: McNemar's exact test of the linear probes'
    /// answers, after Holm. 1 for the best one itself.
    /// </summary>
    public double PValue { get; init; } = 1;

    /// <summary>Whether it may well be as good as the best: <see cref="PValue"/> is 0.05 or more.</summary>
    public bool IsWithinNoise => PValue >= 0.05;

    /// <summary>What fine-tuning made of it.</summary>
    /// <value>null: it was not fine-tuned</value>
    public TunedScore? Tuned { get; init; }
}
