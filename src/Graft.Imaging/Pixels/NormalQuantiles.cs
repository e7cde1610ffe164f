namespace Graft.Imaging.Pixels;

/// <summary>
/// The normal distribution as 16,384 equally likely values (Acklam's rational approximation of its inverse, relative error below
/// 1.2e-9): for noise that is rounded to bytes anyway. They end at 4.0 standard deviations.
/// </summary>
static class NormalQuantiles
{
    public const int Bits = 14, Count = 1 << Bits;

    static readonly float[] values = Table();

    public static ReadOnlySpan<float> Values => values;

    static float[] Table()
    {
        float[] table = new float[Count];
        for (int i = 0; i < Count; i++) table[i] = (float)Inverse((i + 0.5) / Count);
        return table;
    }

    static double Inverse(double p)
    {
        if (p > 0.5) return -Inverse(1 - p);
        if (p < 0.02425)
        {
            double t = Math.Sqrt(-2 * Math.Log(p));
            double above = ((((-7.784894002430293e-03 * t - 3.223964580411365e-01) * t - 2.400758277161838) * t
                - 2.549732539343734) * t + 4.374664141464968) * t + 2.938163982698783;
            double below = (((7.784695709041462e-03 * t + 3.224671290700398e-01) * t + 2.445134137142996) * t
                + 3.754408661907416) * t + 1;
            return above / below;
        }
        double q = p - 0.5, r = q * q;
        double numerator = ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
            + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239;
        double denominator = ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
            + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1;
        return numerator * q / denominator;
    }
}
