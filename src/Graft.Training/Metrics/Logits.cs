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
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float value in logits) largest = Math.Max(largest, value);
        foreach (float value in logits) sum += Math.Exp(value - largest);
        return Math.Log(sum) + largest - logits[label];
    }
}
