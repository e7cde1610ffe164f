namespace Graft.Training;

/// <summary>From which probability each of several labels is taken to be there, for the best F1 on some samples.</summary>
public static class F1Thresholds
{
    /// <summary>
    /// For each label the threshold of the highest F1: halfway between two probabilities that samples have. Of equally good ones
    /// the nearest to 0.5; 0.5 for a label that no sample or every sample has.
    /// </summary>
    /// <param name="logits">[N][K]</param>
    /// <param name="targets">[N][K], 1 for a label that the sample has</param>
    /// <returns>K probabilities between 0 and 1, in steps of 1e-6</returns>
    public static double[] Choose(IReadOnlyList<float[]> logits, IReadOnlyList<float[]> targets)
    {
        if (logits.Count != targets.Count || logits.Count == 0)
            throw new ArgumentException(
                $"expected targets of as many samples as logits, came {targets.Count} and {logits.Count}", nameof(targets));
        double[] thresholds = new double[logits[0].Length];
        for (int k = 0; k < thresholds.Length; k++) thresholds[k] = Choose(logits, targets, k);
        return thresholds;
    }

    static double Choose(IReadOnlyList<float[]> logits, IReadOnlyList<float[]> targets, int label)
    {
        const double Usual = 0.5, Least = 1e-6;
        (double Probability, bool Has)[] samples =
        [
            .. logits.Zip(targets, (row, target) => (1 / (1 + Math.Exp(-row[label])), target[label] >= 0.5f))
                .OrderByDescending(sample => sample.Item1),
        ];
        int support = samples.Count(sample => sample.Has), both = 0;
        if (support == 0 || support == samples.Length) return Usual;
        (double best, double threshold) = (-1, Usual);
        for (int taken = 1; taken <= samples.Length; taken++)
        {
            if (samples[taken - 1].Has) both++;
            double next = taken < samples.Length ? samples[taken].Probability : 0;
            if (samples[taken - 1].Probability - next < 2 * Least) continue; // equal ones go together
            double f1 = 2.0 * both / (support + taken);
            // anything between the two does the same: 0.5, if it lies there
            double here = Math.Clamp(Usual, next + Least, samples[taken - 1].Probability - Least);
            if (here != Usual) here = (next + samples[taken - 1].Probability) / 2;
            if (f1 > best + 1e-12 || (f1 > best - 1e-12 && Math.Abs(here - Usual) < Math.Abs(threshold - Usual)))
                (best, threshold) = (f1, here);
        }
        return Math.Clamp(Math.Round(threshold, 6), Least, 1 - Least);
    }
}
