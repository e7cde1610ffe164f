namespace Graft.Training.Tests.Metrics;

public class F1ThresholdsTests
{
    [Fact]
    public void Each_label_gets_the_threshold_of_its_best_f1()
    {
        var random = new Random(3);
        const int Samples = 60, Labels = 4;
        float[][] targets = [.. Enumerable.Range(0, Samples).Select(_ => Row(_ => random.Next(4) == 0 ? 1f : 0))];
        // better than chance, and off by different amounts
        float[][] logits = [.. targets.Select(row => Row(k => (float)(2 * row[k] + 3 * random.NextDouble() - 5 + 2 * k)))];
        double[] thresholds = F1Thresholds.Choose(logits, targets);
        for (int k = 0; k < Labels; k++)
        {
            double best = logits.Select(row => Probability(row[k])).Append(0.5).SelectMany(
                at => (double[])[at - 1e-9, at + 1e-9]).Max(at => F1(k, at));
            Assert.Equal(best, F1(k, thresholds[k]), 1e-9);
            Assert.True(F1(k, thresholds[k]) >= F1(k, 0.5));
        }
        Assert.Contains(thresholds, threshold => threshold < 0.4);
        Assert.Contains(thresholds, threshold => threshold > 0.6);

        double F1(int k, double threshold)
        {
            int both = 0, sum = 0;
            for (int i = 0; i < Samples; i++)
            {
                bool taken = Probability(logits[i][k]) > threshold, has = targets[i][k] > 0.5f;
                if (taken && has) both++;
                sum += (taken ? 1 : 0) + (has ? 1 : 0);
            }
            return sum > 0 ? 2.0 * both / sum : 0;
        }

        static float[] Row(Func<int, float> value) => [.. Enumerable.Range(0, Labels).Select(value)];
    }

    [Fact]
    public void What_decides_nothing_stays_at_a_half()
    {
        float[][] logits = [[-3, 2, -1], [-2, 1, 1], [-4, 3, 2]];
        float[][] targets = [[0, 1, 0], [0, 1, 1], [0, 1, 1]]; // none, all, and apart at a half as well as anywhere
        Assert.Equal([0.5, 0.5, 0.5], F1Thresholds.Choose(logits, targets));
    }

    [Fact]
    public void Equal_scores_can_not_be_told_apart()
    {
        // of three that score the same, one has the label: to take them all is better than to take none
        double threshold = F1Thresholds.Choose([[1], [1], [1], [-1]], [[1], [0], [0], [0]])[0];
        Assert.InRange(threshold, Probability(-1), Probability(1));
    }

    [Fact]
    public void Samples_without_targets_are_refused() =>
        Assert.Throws<ArgumentException>(() => F1Thresholds.Choose([[1], [2]], [[1]]));

    static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
}
