using Graft.Data;

namespace Graft;

/// <summary>What is learned from which of the images: a table's columns, few examples, a fold.</summary>
public sealed record TaskSettings
{
    /// <summary>How the data is read where it is a table; decides whether images have one label, several, or numbers.</summary>
    /// <value>by the columns' names, one label an image</value>
    public TableOptions Table { get; init; } = new();

    /// <summary>
    /// For several labels: whether the probability from which each is taken to be there is chosen on the validation images, for
    /// the best F1, and saved with the model.
    /// </summary>
    /// <value>false: 0.5 for all</value>
    public bool TuneThresholds { get; init; }

    /// <summary>Training images of each class; validation keeps its own.</summary>
    /// <value>null: all</value>
    public int? Shots { get; init; }

    /// <summary>Training images in all, each class in its share; validation keeps its own.</summary>
    /// <value>null: all</value>
    public int? Limit { get; init; }

    /// <summary>The fold that validates, where the job is one of a cross-validation.</summary>
    /// <value>null: validation is the data's own, or a share of it</value>
    public FoldSettings? Fold { get; init; }

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        Table.Validate();
        Require(Shots is null or >= 1, $"shots: expected at least 1, came {Shots}.");
        Require(Limit is null or >= 1, $"limit: expected at least 1, came {Limit}.");
        Require(Shots is null || Limit is null, $"shots and limit: both say how many images to train on; give one.");
        Require(Shots is null || Table.Kind != LabelKind.Number, $"shots: numbers have no classes; give a limit instead.");
        Require(!TuneThresholds || Table.Kind == LabelKind.Multiple, $"thresholds: only several labels an image have any.");
        Require(
            Fold is null || (Fold.Count >= 2 && Fold.Number >= 1 && Fold.Number <= Fold.Count),
            $"fold: expected one of at least 2, came {Fold?.Number} of {Fold?.Count}.");
    }

    static void Require(bool holds, FormattableString message)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(message));
    }
}
