using System.Numerics;
using System.Runtime.InteropServices;

namespace Graft.Training;

/// <summary>
/// Cholesky factors of small matrices, row by row in one array, without allocation: they are made thousands of times.
/// </summary>
static class Cholesky
{
    /// <summary>A = L L' in place, L below and on the diagonal. False where A is not positive definite.</summary>
    public static bool Factor(Span<double> a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            Span<double> row = a.Slice(i * n, n);
            for (int j = 0; j < i; j++)
                row[j] = (row[j] - Dot(row[..j], a.Slice(j * n, j))) / a[j * n + j];
            double pivot = row[i] - Dot(row[..i], row[..i]);
            if (!(pivot > 0)) return false;
            row[i] = Math.Sqrt(pivot);
        }
        return true;
    }

    /// <summary>The inverse of L into another matrix: lower triangular, zeros above.</summary>
    public static void Invert(ReadOnlySpan<double> l, Span<double> inverse, int n)
    {
        inverse[..(n * n)].Clear();
        for (int i = 0; i < n; i++)
        {
            Span<double> row = inverse.Slice(i * n, n);
            double diagonal = 1 / l[i * n + i];
            for (int k = 0; k < i; k++)
            {
                double factor = -l[i * n + k] * diagonal;
                ReadOnlySpan<double> other = inverse.Slice(k * n, k + 1);
                for (int j = 0; j < other.Length; j++) row[j] += factor * other[j];
            }
            row[i] = diagonal;
        }
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> x = MemoryMarshal.Cast<double, Vector<double>>(a);
        ReadOnlySpan<Vector<double>> y = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> sums = default;
        int wide = Math.Min(x.Length, y.Length);
        for (int i = 0; i < wide; i++) sums += x[i] * y[i];
        double sum = Vector.Sum(sums);
        for (int i = wide * Vector<double>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
