namespace Graft.Imaging;

/// <summary>
/// Gaussian blur of random strength, by torchvision's parameters; at most one level from its pixels. One draw: the standard
/// deviation.
/// </summary>
public sealed record GaussianBlur : IImageTransform
{
    /// <summary>A transform.</summary>
    /// <param name="kernelWidth">Width of the window, odd.</param>
    /// <param name="kernelHeight">Height of the window, odd; the width when null.</param>
    /// <param name="sigma">Standard deviations in pixels, above 0; 0.1 to 2 when null.</param>
    /// <exception cref="ArgumentException">A side of the window is even, or a deviation is not positive.</exception>
    public GaussianBlur(int kernelWidth, int? kernelHeight = null, Interval? sigma = null)
    {
        (KernelWidth, KernelHeight) = (kernelWidth, kernelHeight ?? kernelWidth);
        if (KernelWidth <= 0 || KernelHeight <= 0 || KernelWidth % 2 == 0 || KernelHeight % 2 == 0)
            throw new ArgumentException($"a kernel of {KernelWidth} x {KernelHeight}: expected odd numbers");
        Sigma = (sigma ?? new Interval(0.1, 2)).Check("sigma", double.Epsilon);
    }

    /// <summary>Width of the window, odd.</summary>
    public int KernelWidth { get; }

    /// <summary>Height of the window, odd.</summary>
    public int KernelHeight { get; }

    /// <summary>Standard deviations in pixels. <value>0.1 to 2.</value></summary>
    public Interval Sigma { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random)
    {
        double sigma = Draw(ref random);
        return Blur.Gaussian(image, KernelWidth, KernelHeight, sigma, sigma);
    }

    /// <summary>The standard deviation.</summary>
    public double Draw(ref SampleRandom random) => Sigma.Draw(ref random);
}
