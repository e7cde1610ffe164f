namespace Graft.Nn;

/// <summary>A rate for each part of a model, lower the deeper it lies. Howard and Ruder 2018, arXiv:1801.06146.</summary>
public static class DiscriminativeRates
{
    /// <summary>Rates from the deepest part's to the head's in equal ratios, as fastai's <c>slice(low, high)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not positive, or there are no parts.</exception>
    public static double[] Spread(double low, double high, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(high);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        double[] rates = new double[parts];
        for (int i = 0; i < parts; i++) rates[i] = parts == 1 ? high : low * Math.Pow(high / low, (double)i / (parts - 1));
        return rates;
    }
}
