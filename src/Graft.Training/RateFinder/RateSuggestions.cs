namespace Graft.Training;

/// <summary>
/// Learning rates read off rates (rising) and the smoothed losses that went with them, by fastai's rules. Each gives null where
/// there are too few points to say anything.
/// </summary>
public static class RateSuggestions
{
    const int SlideInterval = 15;
    const double SlideThreshold = 0.005;

    /// <summary>What one of the rules suggests.</summary>
    public static double? Of(RateSuggestion rule, IReadOnlyList<double> rates, IReadOnlyList<double> losses) => rule switch
    {
        RateSuggestion.Slide => Slide(rates, losses),
        RateSuggestion.Minimum => Minimum(rates, losses),
        RateSuggestion.Steep => Steep(rates, losses),
        _ => Valley(rates, losses),
    };

    /// <summary>
    /// The longest subsequence of losses of which each is less than the one before (of equal ones the first to end); the stretch
    /// from its length before its end, to its end, is cut in three, and the rate stands a third and half a third into it.
    /// </summary>
    public static double? Valley(IReadOnlyList<double> rates, IReadOnlyList<double> losses)
    {
        int count = losses.Count;
        if (count == 0) return null;
        int[] lengths = new int[count];
        int end = 0;
        for (int i = 0; i < count; i++)
        {
            lengths[i] = 1;
            for (int j = 0; j < i; j++)
                if (losses[i] < losses[j]) lengths[i] = Math.Max(lengths[i], lengths[j] + 1);
            if (lengths[i] > lengths[end]) end = i;
        }
        int start = end == 0 ? 0 : end - lengths[end];
        double third = (end - start) / 3.0;
        return rates[Math.Max(0, start + (int)third + (int)(third / 2))];
    }

    /// <summary>
    /// Two slopes of the loss 15 points apart, from the end down, until they differ by no more than 0.005: the last rate of the
    /// earlier one.
    /// </summary>
    public static double? Slide(IReadOnlyList<double> rates, IReadOnlyList<double> losses)
    {
        int count = losses.Count;
        if (count <= SlideInterval) return null;
        int right = count - 1, left = right - SlideInterval;
        double rate = rates[left];
        for (; left >= 0 && Math.Abs(Slope(losses, right) - Slope(losses, left)) > SlideThreshold; left--, right--)
            rate = rates[left];
        return rate;
    }

    /// <summary>A tenth of the rate of the least loss.</summary>
    public static double? Minimum(IReadOnlyList<double> rates, IReadOnlyList<double> losses) =>
        losses.Count == 0 ? null : rates[FirstLeast(losses.Count, i => losses[i])] / 10;

    /// <summary>The rate at the start of the step in which the loss falls fastest by the rate's logarithm.</summary>
    public static double? Steep(IReadOnlyList<double> rates, IReadOnlyList<double> losses) =>
        losses.Count < 2 ? null : rates[FirstLeast(
            losses.Count - 1, i => (losses[i + 1] - losses[i]) / (Math.Log(rates[i + 1]) - Math.Log(rates[i])))];

    // as numpy's gradient: central within, one-sided at the ends
    static double Slope(IReadOnlyList<double> losses, int at)
    {
        int from = Math.Max(at - 1, 0), to = Math.Min(at + 1, losses.Count - 1);
        return (losses[to] - losses[from]) / (to - from);
    }

    static int FirstLeast(int count, Func<int, double> number)
    {
        int least = 0;
        for (int i = 1; i < count; i++)
            if (number(i) < number(least)) least = i;
        return least;
    }
}
