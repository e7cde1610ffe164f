namespace Graft;

/// <summary>Which models are compared on which photos, and for how long.</summary>
public sealed record ComparisonSettings
{
    /// <summary>The photos: <c>root/class/*</c>, or <c>root/train/class/*</c>, whose training part is then looked at.</summary>
    public required string Data { get; init; }

    /// <summary>The models: folders, weights files, or names to fetch.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>
    /// Seconds for everything. The backbones are always looked at; then the best ones are fine-tuned while there is time, and the
    /// last one is stopped with its best epoch.
    /// </summary>
    /// <value>null: no limit</value>
    public double? BudgetSeconds { get; init; }

    /// <summary>How many of the best are fine-tuned.</summary>
    /// <value>null: with a budget as many as it lasts for, else none</value>
    public int? Top { get; init; }

    /// <summary>Parts of the cross-validation.</summary>
    /// <value>5</value>
    public int Folds { get; init; } = 5;

    /// <summary>Decides the folds, and what fine-tuning draws.</summary>
    /// <value>42</value>
    public ulong Seed { get; init; } = 42;

    /// <summary>The folder for report, numbers and fine-tuned models. It must not hold anything yet.</summary>
    /// <value>null: <c>runs/compare-DATA-N</c> with the first free number</value>
    public string? Output { get; init; }

    /// <summary>Epochs of a fine-tuning.</summary>
    /// <value>null: as <see cref="JobConfig.Epochs"/></value>
    public int? Epochs { get; init; }

    /// <summary>Images that go through a model at once.</summary>
    /// <value>32</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Threads that decode images.</summary>
    /// <value>0: as many as cores</value>
    public int Workers { get; init; }

    /// <summary>Threads that one operator may use.</summary>
    /// <value>0: all cores</value>
    public int Threads { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value><c>auto</c></value>
    public string Device { get; init; } = "auto";

    /// <summary>The command line as it was typed, for the report.</summary>
    /// <value>null: none</value>
    public string? CommandLine { get; init; }

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        Require(Models.Count > 0, $"models: expected at least one, came none.");
        string? twice = Models.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        Require(twice is null, $"models: expected each once, came '{twice}' twice.");
        Require(Folds is >= 2 and <= 100, $"folds: expected from 2 to 100, came {Folds}.");
        Require(Top is null or >= 0, $"top: expected at least 0, came {Top}.");
        Require(BudgetSeconds is null or > 0, $"budget: expected more than 0 seconds, came {BudgetSeconds}.");
        Require(Epochs is null or >= 1, $"epochs: expected at least 1, came {Epochs}.");
        Require(BatchSize >= 1, $"batch size: expected at least 1, came {BatchSize}.");
    }

    static void Require(bool holds, FormattableString message)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(message));
    }
}
