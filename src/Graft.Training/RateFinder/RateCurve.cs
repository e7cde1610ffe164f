namespace Graft.Training;

/// <summary>What a <see cref="LearningRateFinder"/> has recorded: a loss for each rate, the rates rising.</summary>
/// <param name="Rates">the rate of each batch</param>
/// <param name="Losses">the smoothed losses after it; the last may have run away</param>
/// <param name="Iterations">how many batches were meant</param>
public sealed record RateCurve(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses, int Iterations)
{
    const int DroppedAtEnd = 5;

    /// <summary>The points that suggestions go by: without the first tenth of those that were meant, and the last 5.</summary>
    public RateCurve Trimmed()
    {
        int from = Iterations / 10, to = Losses.Count - DroppedAtEnd;
        for (int i = from; i < to; i++)
            if (!double.IsFinite(Losses[i])) to = i;
        return to <= from ? new RateCurve([], [], Iterations)
            : new RateCurve([.. Rates.Take(to).Skip(from)], [.. Losses.Take(to).Skip(from)], Iterations);
    }

    /// <summary>The rate that a rule suggests; null where the loss ran away before there was anything to see.</summary>
    public double? Suggest(RateSuggestion rule = RateSuggestion.Valley)
    {
        RateCurve seen = Trimmed();
        return RateSuggestions.Of(rule, seen.Rates, seen.Losses);
    }
}
