namespace Graft.Training;

/// <summary>What one row of logits says.</summary>
public static class Logits
{
    /// <summary>
    /// The place of the largest value: the class predicted. Of equal ones the first, as NumPy; NaN counts as smallest.
    /// </summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best] || (float.IsNaN(logits[best]) && !float.IsNaN(logits[i]))) best = i;
        return best;
    }

    /// <summary>How many classes come before one in the order of their logits: 0 for the class predicted.</summary>
    public static int Rank(ReadOnlySpan<float> logits, int label)
    {
        float own = logits[label];
        int before = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            float other = logits[i];
            if (float.IsNaN(own) ? !float.IsNaN(other) || i < label : other > own || (other == own && i < label)) before++;
        }
        return before;
    }

    /// <summary>Cross-entropy of the softmax with a class, in natural units, computed stably in double precision.</summary>
    public static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double largest = double.NegativeInfinity, others = 0;
        int best = ArgMax(logits);
        if (logits.Length > 0) largest = logits[best];
        for (int i = 0; i < logits.Length; i++)
            if (i != best) others += Math.Exp(logits[i] - largest);
        // a sure answer's loss is as small as it is: log(1 + x), not log of a sum that has lost x
        return LogOnePlus(others) + (largest - logits[label]);
    }

    /// <summary>
    /// The logarithm of the odds of a class under the softmax, log(p / (1 - p)): in the order of the probabilities, but where
    /// these have become 0 or 1, it still tells them apart.
    /// </summary>
    public static double LogOdds(ReadOnlySpan<float> logits, int label)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < logits.Length; i++)
            if (i != label) largest = Math.Max(largest, logits[i]);
        if (double.IsNegativeInfinity(largest)) return logits[label] - largest; // the only class that is possible
        for (int i = 0; i < logits.Length; i++)
            if (i != label) sum += Math.Exp(logits[i] - largest);
        return logits[label] - largest - Math.Log(sum);
    }

    /// <summary>The probability of a class under the softmax, in [0, 1].</summary>
    public static double Probability(ReadOnlySpan<float> logits, int label) => Math.Exp(-CrossEntropy(logits, label));

    /// <summary>1 / (1 + exp(-logit)): the probability of one label of several.</summary>
    public static double Sigmoid(double logit)
    {
        double small = Math.Exp(-Math.Abs(logit)); // never overflows
        return logit >= 0 ? 1 / (1 + small) : small / (1 + small);
    }

    /// <summary>Cross-entropy of the sigmoid with a target in [0, 1], in natural units, computed stably.</summary>
    public static double BinaryCrossEntropy(double logit, double target) =>
        Math.Max(logit, 0) - logit * target + LogOnePlus(Math.Exp(-Math.Abs(logit)));

    /// <summary>The logit of a probability: a label is taken where its logit is above that of the threshold.</summary>
    public static double OfProbability(double probability) => Math.Log(probability / (1 - probability));

    // .NET has no log1p; the correction is that of Kahan
    static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsInfinity(sum) ? (double.IsInfinity(sum) ? sum : x) : Math.Log(sum) * (x / (sum - 1));
    }
}
