namespace Graft.Training;

/// <summary>Whether two models differ that answered the same questions.</summary>
public static class PairedTest
{
    /// <summary>
    /// McNemar's exact test: how probable it is, were both equally good, that the questions which only one of them got right
    /// divide at least so unevenly. McNemar 1947; both sides, by the binomial distribution.
    /// </summary>
    /// <param name="first">which questions the first got right, N</param>
    /// <param name="second">which the second</param>
    /// <returns>a probability, in (0, 1]; 1 where both got the same ones right</returns>
    /// <exception cref="ArgumentException">They are not as many.</exception>
    public static double McNemar(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"expected as many answers of both, came {first.Count} and {second.Count}");
        (int onlyFirst, int onlySecond) = (0, 0);
        for (int i = 0; i < first.Count; i++)
        {
            if (first[i] && !second[i]) onlyFirst++;
            if (second[i] && !first[i]) onlySecond++;
        }
        return TwoSided(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond);
    }

    /// <summary>
    /// The p-values after Holm 1979: with several comparisons, chance would make some look different. Each keeps its place.
    /// </summary>
    public static double[] Holm(IReadOnlyList<double> values)
    {
        double[] adjusted = new double[values.Count];
        double highest = 0;
        int left = values.Count;
        foreach (int i in Enumerable.Range(0, values.Count).OrderBy(i => values[i]))
            adjusted[i] = highest = Math.Max(highest, Math.Min(1, values[i] * left--));
        return adjusted;
    }

    /// <summary>Twice the probability of at most that many heads among throws of a fair coin.</summary>
    static double TwoSided(int heads, int throws)
    {
        double logarithm = -throws * Math.Log(2), sum = Math.Exp(logarithm); // of no heads
        for (int i = 1; i <= heads; i++)
        {
            logarithm += Math.Log((double)(throws - i + 1) / i);
            sum += Math.Exp(logarithm);
        }
        return Math.Min(1, 2 * sum);
    }
}
