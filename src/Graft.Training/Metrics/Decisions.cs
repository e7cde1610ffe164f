namespace Graft.Training;

/// <summary>
/// What was decided for and against one class: precision, recall and F-beta of counts, with 0 where scikit-learn divides by
/// zero (<c>zero_division=0</c>).
/// </summary>
/// <param name="Both">taken for the class, and of it</param>
/// <param name="Taken">taken for the class</param>
/// <param name="Support">of the class</param>
readonly record struct Decisions(long Both, long Taken, long Support)
{
    public double Precision => Taken > 0 ? (double)Both / Taken : 0;

    public double Recall => Support > 0 ? (double)Both / Support : 0;

    public double FBeta(double beta)
    {
        double square = beta * beta, all = square * Support + Taken;
        return all > 0 ? (1 + square) * Both / all : 0;
    }

    /// <summary>The mean of what a measure says of each class.</summary>
    /// <param name="classes">those that count</param>
    /// <param name="average">how</param>
    /// <param name="measure">one class, or for micro all together</param>
    public static double Mean(IEnumerable<Decisions> classes, MetricAverage average, Func<Decisions, double> measure)
    {
        if (average == MetricAverage.Micro)
        {
            (long both, long taken, long support) = (0, 0, 0);
            foreach (Decisions one in classes)
                (both, taken, support) = (both + one.Both, taken + one.Taken, support + one.Support);
            return measure(new Decisions(both, taken, support));
        }
        double sum = 0, weights = 0;
        foreach (Decisions one in classes)
        {
            double weight = average == MetricAverage.Weighted ? one.Support : 1;
            sum += weight * measure(one);
            weights += weight;
        }
        return weights > 0 ? sum / weights : 0;
    }
}
