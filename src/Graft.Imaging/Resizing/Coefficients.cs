using System.Buffers;

namespace Graft.Imaging.Resizing;

/// <summary>
/// For each pixel of one axis of the result: which source pixels it is made of, and their weights in 22-bit fixed point.
/// Computed in double, in Pillow's order of operations, so that the rounded weights are Pillow's.
/// </summary>
sealed class Coefficients : IDisposable
{
    /// <summary>Bits after the point: 32 less 8 of the pixel less 2 of headroom.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>First source pixel of each result pixel.</summary>
    public readonly int[] First;

    /// <summary>Number of source pixels of each result pixel.</summary>
    public readonly int[] Count;

    /// <summary>Weights, <see cref="Stride"/> for each result pixel, zero beyond its count.</summary>
    public readonly int[] Weights;

    /// <summary>Weights kept for each result pixel: the largest count, rounded up to a multiple of 4.</summary>
    public readonly int Stride;

    /// <summary>Number of result pixels.</summary>
    public readonly int Length;

    public Coefficients(int sourceSize, float from, float to, int size, Interpolation filter, int start, int length)
    {
        double scale = (double)(to - from) / size;
        double filterScale = Math.Max(scale, 1.0);
        double support = Support(filter) * filterScale;
        long most = (long)Math.Ceiling(support) * 2 + 1;
        Stride = (int)Math.Min((most + 3) / 4 * 4, (sourceSize + 3L) / 4 * 4);
        Length = length;
        First = ArrayPool<int>.Shared.Rent(length);
        Count = ArrayPool<int>.Shared.Rent(length);
        Weights = ArrayPool<int>.Shared.Rent(checked(length * Stride));
        double[] buffer = ArrayPool<double>.Shared.Rent(Stride);
        double inverse = 1.0 / filterScale;
        for (int i = 0; i < length; i++)
        {
            double center = from + (start + i + 0.5) * scale;
            int first = Math.Max((int)(center - support + 0.5), 0);
            int count = Math.Min((int)(center + support + 0.5), sourceSize) - first;
            double sum = 0;
            for (int k = 0; k < count; k++)
            {
                double weight = Weight(filter, (k + first - center + 0.5) * inverse);
                buffer[k] = weight;
                sum += weight;
            }
            Span<int> weights = Weights.AsSpan(i * Stride, Stride);
            for (int k = 0; k < count; k++)
            {
                double weight = sum != 0 ? buffer[k] / sum : buffer[k];
                weights[k] = (int)(weight * (1 << PrecisionBits) + (weight < 0 ? -0.5 : 0.5));
            }
            weights[count..].Clear();
            First[i] = first;
            Count[i] = count;
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(First);
        ArrayPool<int>.Shared.Return(Count);
        ArrayPool<int>.Shared.Return(Weights);
    }

    static double Support(Interpolation filter) => filter switch
    {
        Interpolation.Box => 0.5,
        Interpolation.Bilinear or Interpolation.Hamming => 1.0,
        Interpolation.Bicubic => 2.0,
        Interpolation.Lanczos => 3.0,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "not a resampling filter"),
    };

    static double Weight(Interpolation filter, double x)
    {
        switch (filter)
        {
            case Interpolation.Box:
                return x > -0.5 && x <= 0.5 ? 1 : 0;
            case Interpolation.Bilinear:
                x = Math.Abs(x);
                return x < 1 ? 1 - x : 0;
            case Interpolation.Hamming:
                x = Math.Abs(x);
                if (x == 0) return 1;
                if (x >= 1) return 0;
                x *= Math.PI;
                return Math.Sin(x) / x * (0.54f + 0.46f * Math.Cos(x));
            case Interpolation.Bicubic:
                const double a = -0.5;
                x = Math.Abs(x);
                if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
                if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
                return 0;
            default:
                return x >= -3 && x < 3 ? Sinc(x) * Sinc(x / 3) : 0;
        }
    }

    static double Sinc(double x)
    {
        if (x == 0) return 1;
        x *= Math.PI;
        return Math.Sin(x) / x;
    }
}
