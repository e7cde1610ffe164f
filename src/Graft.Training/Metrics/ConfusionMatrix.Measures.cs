namespace Graft.Training;

public sealed partial class ConfusionMatrix
{
    /// <summary>The mean precision of the classes; NaN when nothing was added.</summary>
    /// <inheritdoc cref="FBeta(double, MetricAverage)"/>
    public double Precision(MetricAverage average = MetricAverage.Macro) => Mean(average, static one => one.Precision);

    /// <summary>The mean recall of the classes; NaN when nothing was added.</summary>
    /// <inheritdoc cref="FBeta(double, MetricAverage)"/>
    public double Recall(MetricAverage average = MetricAverage.Macro) => Mean(average, static one => one.Recall);

    /// <summary>
    /// The mean F-beta of the classes, as scikit-learn's <c>fbeta_score</c> by default has it: a class that neither occurs nor is
    /// predicted does not count; NaN when nothing was added. van Rijsbergen 1979.
    /// </summary>
    /// <param name="beta">how many times recall matters as much as precision; 1 for F1</param>
    /// <param name="average">how; <see cref="MetricAverage.Micro"/> is the accuracy</param>
    /// <exception cref="ArgumentException">The average is <see cref="MetricAverage.Samples"/>.</exception>
    public double FBeta(double beta = 1, MetricAverage average = MetricAverage.Macro) => Mean(average, one => one.FBeta(beta));

    /// <summary>F-beta of one class against all others; 0 where it has no samples and none was taken for it.</summary>
    public double FBeta(double beta, int label) => Of(label).FBeta(beta);

    /// <summary>
    /// The mean recall of the classes that occur, as scikit-learn's <c>balanced_accuracy_score</c>; NaN when nothing was added.
    /// </summary>
    public double BalancedAccuracy()
    {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < Classes; k++)
        {
            Decisions one = Of(k);
            if (one.Support == 0) continue;
            sum += one.Recall;
            present++;
        }
        return present > 0 ? sum / present : double.NaN;
    }

    /// <summary>
    /// Matthews' correlation coefficient of truth and predictions, in [-1, 1], as scikit-learn's <c>matthews_corrcoef</c>: 0
    /// where either is always the same class; NaN when nothing was added. Gorodkin 2004.
    /// </summary>
    public double Matthews()
    {
        if (Count == 0) return double.NaN;
        double right = 0, cross = 0, taken = 0, support = 0, all = Count;
        for (int k = 0; k < Classes; k++)
        {
            Decisions one = Of(k);
            right += one.Both;
            cross += (double)one.Taken * one.Support;
            taken += (double)one.Taken * one.Taken;
            support += (double)one.Support * one.Support;
        }
        double spread = (all * all - taken) * (all * all - support);
        return spread > 0 ? (right * all - cross) / Math.Sqrt(spread) : 0;
    }

    /// <summary>
    /// Cohen's kappa: agreement beyond chance, as scikit-learn's <c>cohen_kappa_score</c> with all class numbers as
    /// <c>labels</c>. NaN when nothing was added, or when all samples are of one class and taken for it: chance agrees as well.
    /// Cohen 1960.
    /// </summary>
    /// <param name="weights">what a mistake costs</param>
    public double Kappa(KappaWeights weights = KappaWeights.None)
    {
        double seen = 0, expected = 0, all = Count;
        Decisions[] classes = [.. Enumerable.Range(0, Classes).Select(Of)];
        for (int actual = 0; actual < Classes; actual++)
            for (int predicted = 0; predicted < Classes; predicted++)
            {
                double apart = Math.Abs(actual - predicted);
                double cost = weights switch
                {
                    KappaWeights.Linear => apart,
                    KappaWeights.Quadratic => apart * apart,
                    _ => apart > 0 ? 1 : 0,
                };
                seen += cost * this[actual, predicted];
                expected += cost * classes[actual].Support * classes[predicted].Taken / all;
            }
        return expected > 0 ? 1 - seen / expected : double.NaN;
    }

    Decisions Of(int label)
    {
        long support = 0, taken = 0;
        for (int k = 0; k < Classes; k++)
        {
            support += this[label, k];
            taken += this[k, label];
        }
        return new Decisions(this[label, label], taken, support);
    }

    double Mean(MetricAverage average, Func<Decisions, double> measure)
    {
        if (average == MetricAverage.Samples)
            throw new ArgumentException("samples: expected macro, micro or weighted: a sample has one class", nameof(average));
        if (Count == 0) return double.NaN;
        IEnumerable<Decisions> classes = Enumerable.Range(0, Classes).Select(Of);
        return Decisions.Mean(classes.Where(one => one.Support + one.Taken > 0), average, measure);
    }
}
