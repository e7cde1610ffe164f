namespace Graft.Nn;

/// <summary>(1 - progress) ^ power, from 1 to 0: DeepLab's "poly" with its 0.9. Chen et al. 2016, arXiv:1606.00915.</summary>
public sealed record PolynomialSchedule(double Power = 0.9) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) => Math.Pow(1 - Math.Clamp(progress, 0, 1), Power);
}
