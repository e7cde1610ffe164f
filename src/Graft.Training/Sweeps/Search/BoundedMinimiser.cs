namespace Graft.Training;

/// <summary>
/// Minimises a smooth function within a box: limited-memory BFGS (Nocedal 1980) along projected steps (Bertsekas 1982), with
/// Armijo's rule. For functions of few variables that cost more than the bookkeeping here.
/// </summary>
static class BoundedMinimiser
{
    const int Memory = 8;

    /// <summary>A function's value at x, whose gradient it writes.</summary>
    public delegate double Function(ReadOnlySpan<double> x, Span<double> gradient);

    /// <summary>The least value found from a start on; x becomes where it lies.</summary>
    public static double Minimise(Function function, double[] x, double[] low, double[] high, int steps, double tolerance = 1e-5)
    {
        int n = x.Length;
        double[] gradient = new double[n], tried = new double[n], triedGradient = new double[n], direction = new double[n];
        List<(double[] S, double[] Y, double Rho)> pairs = [];
        for (int i = 0; i < n; i++) x[i] = Math.Clamp(x[i], low[i], high[i]);
        double value = function(x, gradient);
        for (int step = 0; step < steps && double.IsFinite(value); step++)
        {
            double largest = 0;
            for (int i = 0; i < n; i++)
                if (!Held(i)) largest = Math.Max(largest, Math.Abs(gradient[i]));
            if (largest < tolerance) break;
            Direct();
            double slope = 0, length = 0;
            for (int i = 0; i < n; i++)
            {
                slope += direction[i] * gradient[i];
                length += direction[i] * direction[i];
            }
            if (!(slope < 0))
            {
                if (pairs.Count == 0) break;
                pairs.Clear();
                continue;
            }
            double scale = pairs.Count == 0 ? Math.Min(1, 0.5 / Math.Sqrt(length)) : 1, next = double.NaN;
            bool found = false;
            for (int half = 0; half < 25; half++, scale *= 0.4)
            {
                double expected = 0;
                for (int i = 0; i < n; i++)
                {
                    tried[i] = Math.Clamp(x[i] + scale * direction[i], low[i], high[i]);
                    expected += gradient[i] * (tried[i] - x[i]);
                }
                if (expected >= 0) break;
                next = function(tried, triedGradient);
                if (next <= value + 1e-4 * expected)
                {
                    found = true;
                    break;
                }
            }
            if (!found)
            {
                if (pairs.Count == 0) break;
                pairs.Clear();
                continue;
            }
            Remember();
            double gained = value - next;
            value = next;
            tried.CopyTo(x, 0);
            triedGradient.CopyTo(gradient, 0);
            if (gained < 1e-9 * (1 + Math.Abs(value))) break;
        }
        return value;

        bool Held(int i) => (x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0);

        void Remember()
        {
            double[] s = new double[n], y = new double[n];
            double product = 0, square = 0;
            for (int i = 0; i < n; i++)
            {
                s[i] = tried[i] - x[i];
                y[i] = triedGradient[i] - gradient[i];
                product += s[i] * y[i];
                square += y[i] * y[i];
            }
            if (product <= 1e-10 * square) return; // not convex here
            if (pairs.Count == Memory) pairs.RemoveAt(0);
            pairs.Add((s, y, 1 / product));
        }

        void Direct()
        {
            Span<double> alphas = stackalloc double[Memory];
            for (int i = 0; i < n; i++) direction[i] = Held(i) ? 0 : -gradient[i];
            for (int k = pairs.Count - 1; k >= 0; k--)
            {
                (double[] s, double[] y, double rho) = pairs[k];
                double dot = 0;
                for (int i = 0; i < n; i++) dot += s[i] * direction[i];
                alphas[k] = rho * dot;
                for (int i = 0; i < n; i++) direction[i] -= alphas[k] * y[i];
            }
            if (pairs.Count > 0)
            {
                (_, double[] y, double rho) = pairs[^1];
                double square = 0;
                for (int i = 0; i < n; i++) square += y[i] * y[i];
                for (int i = 0; i < n; i++) direction[i] /= rho * square;
            }
            for (int k = 0; k < pairs.Count; k++)
            {
                (double[] s, double[] y, double rho) = pairs[k];
                double dot = 0;
                for (int i = 0; i < n; i++) dot += y[i] * direction[i];
                for (int i = 0; i < n; i++) direction[i] += (alphas[k] - rho * dot) * s[i];
            }
            for (int i = 0; i < n; i++)
                if (Held(i)) direction[i] = 0;
        }
    }
}
