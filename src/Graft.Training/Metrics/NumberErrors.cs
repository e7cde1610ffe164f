namespace Graft.Training;

/// <summary>
/// How far predicted numbers are from the true ones. With several numbers a sample, the mean over them of each one's measure,
/// as scikit-learn's <c>multioutput="uniform_average"</c>.
/// </summary>
public sealed class NumberErrors : IMetric
{
    readonly double[] squares, absolutes, means, spreads; // [D]; the spread is the sum of squares about the mean

    /// <summary>No samples yet.</summary>
    /// <param name="numbers">how many numbers each sample has, D</param>
    public NumberErrors(int numbers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers, 1);
        (squares, absolutes) = (new double[numbers], new double[numbers]);
        (means, spreads) = (new double[numbers], new double[numbers]);
    }

    /// <inheritdoc/>
    public string Name => "rmse";

    /// <summary>How many numbers each sample has, D.</summary>
    public int Numbers => squares.Length;

    /// <summary>Samples.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (double[] sums in (double[][])[squares, absolutes, means, spreads]) Array.Clear(sums);
        Count = 0;
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(Numbers, outputs, targets);
        Count++;
        for (int d = 0; d < outputs.Length; d++)
        {
            double error = (double)outputs[d] - targets[d], off = targets[d] - means[d];
            squares[d] += error * error;
            absolutes[d] += Math.Abs(error);
            means[d] += off / Count; // Welford: no large sums that cancel
            spreads[d] += off * (targets[d] - means[d]);
        }
    }

    /// <summary>Mean squared error; NaN when nothing was added.</summary>
    public double MeanSquaredError() => Mean(d => squares[d] / Count);

    /// <summary>Root of the mean squared error, of each number by itself; NaN when nothing was added.</summary>
    public double RootMeanSquaredError() => Mean(RootMeanSquaredError);

    /// <summary>The same of one number.</summary>
    public double RootMeanSquaredError(int number) => Count > 0 ? Math.Sqrt(squares[number] / Count) : double.NaN;

    /// <summary>Mean absolute error; NaN when nothing was added.</summary>
    public double MeanAbsoluteError() => Mean(d => absolutes[d] / Count);

    /// <summary>
    /// R²: the share of the numbers' variance that is explained. NaN with fewer than two samples; where the truth is always the
    /// same number, 1 if every prediction is it, else 0, as scikit-learn's <c>r2_score</c>.
    /// </summary>
    public double RSquared() => Mean(d => Count < 2 ? double.NaN
        : spreads[d] > 0 ? 1 - squares[d] / spreads[d] : squares[d] == 0 ? 1 : 0);

    /// <summary>The root of the mean squared error.</summary>
    public double Compute() => RootMeanSquaredError();

    double Mean(Func<int, double> measure) =>
        Count > 0 ? Enumerable.Range(0, Numbers).Average(measure) : double.NaN;
}
