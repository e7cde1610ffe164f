namespace Graft.Training;

/// <summary>
/// Finds the least value of a smooth convex function by limited-memory BFGS with a backtracking line search. Liu and Nocedal
/// 1989. The same input gives the same output.
/// </summary>
static class Lbfgs
{
    const int Memory = 10, Backtracks = 40;
    const double SufficientDecrease = 1e-4;

    /// <summary>Gives the value at a point, and fills in the gradient.</summary>
    public delegate double Function(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Moves a point to where the largest element of the gradient is below the tolerance.</summary>
    /// <returns>how many steps it took</returns>
    public static int Minimise(Function function, double[] point, double tolerance, int maxSteps, CancellationToken cancellation)
    {
        int size = point.Length;
        double[] gradient = new double[size], direction = new double[size];
        double[] next = new double[size], nextGradient = new double[size];
        List<(double[] Move, double[] Change, double Scale)> history = [];
        double value = function(point, gradient);
        for (int step = 0; step < maxSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Largest(gradient) <= tolerance) return step;
            Direct(gradient, history, direction);
            double slope = Dot(direction, gradient);
            if (!(slope < 0)) // what was remembered misleads: start anew, downhill
            {
                history.Clear();
                for (int i = 0; i < size; i++) direction[i] = -gradient[i];
                slope = Dot(direction, gradient);
            }
            double length = history.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1;
            double nextValue = double.NaN;
            int tries = 0;
            for (; tries < Backtracks; tries++, length /= 2)
            {
                for (int i = 0; i < size; i++) next[i] = point[i] + length * direction[i];
                nextValue = function(next, nextGradient);
                if (nextValue <= value + SufficientDecrease * length * slope) break;
            }
            if (tries == Backtracks) return step; // as low as doubles can tell
            Remember(history, point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
        }
        return maxSteps;
    }

    static void Remember(
        List<(double[] Move, double[] Change, double Scale)> history, double[] point, double[] next, double[] gradient,
        double[] nextGradient)
    {
        double[] move = new double[point.Length], change = new double[point.Length];
        for (int i = 0; i < point.Length; i++)
        {
            move[i] = next[i] - point[i];
            change[i] = nextGradient[i] - gradient[i];
        }
        double curvature = Dot(move, change);
        if (!(curvature > 1e-12 * Dot(change, change))) return;
        if (history.Count == Memory) history.RemoveAt(0);
        history.Add((move, change, 1 / curvature));
    }

    /// <summary>The two loops: minus the inverse Hessian, as far as it is known, times the gradient.</summary>
    static void Direct(
        double[] gradient, List<(double[] Move, double[] Change, double Scale)> history, double[] direction)
    {
        gradient.CopyTo(direction, 0);
        double[] weights = new double[history.Count];
        for (int h = history.Count - 1; h >= 0; h--)
        {
            (double[] move, double[] change, double scale) = history[h];
            weights[h] = scale * Dot(move, direction);
            Add(direction, change, -weights[h]);
        }
        if (history.Count > 0)
        {
            (double[] _, double[] change, double scale) = history[^1];
            double factor = 1 / (scale * Dot(change, change));
            for (int i = 0; i < direction.Length; i++) direction[i] *= factor;
        }
        for (int h = 0; h < history.Count; h++)
        {
            (double[] move, double[] change, double scale) = history[h];
            Add(direction, move, weights[h] - scale * Dot(change, direction));
        }
        for (int i = 0; i < direction.Length; i++) direction[i] = -direction[i];
    }

    static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    static void Add(double[] to, double[] what, double factor)
    {
        for (int i = 0; i < to.Length; i++) to[i] += factor * what[i];
    }

    static double Largest(double[] values)
    {
        double largest = 0;
        foreach (double value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
