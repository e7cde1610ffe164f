using System.Buffers;
using Graft.Imaging.Pixels;

namespace Graft.Imaging;

/// <summary>
/// The image mixed with the results of some random chains of operations ("AugMix: a simple data processing method to improve
/// robustness and uncertainty", Hendrycks et al. 2019, arXiv:1912.02781), by torchvision's parameters. torchvision runs the
/// operations on tensors, even for Pillow images; here they are Pillow's, as in its other policies. The draws, in its order: the
/// image's weight; the chains' weights; for each chain its length, then for each operation which, magnitude and sign.
/// </summary>
public sealed record AugMix : IImageTransform
{
    const int Bins = 10;

    /// <summary>A transform.</summary>
    /// <param name="severity">The greatest magnitude, 1 to 10; drawn from 0 to severity - 1. <value>3.</value></param>
    /// <param name="width">How many chains are mixed. <value>3.</value></param>
    /// <param name="depth">Length of a chain; 1 to 3 at random when 0 or less. <value>-1.</value></param>
    /// <param name="alpha">Parameter of the Dirichlet distributions of the weights, above 0. <value>1.</value></param>
    /// <param name="allOperations">
    /// Whether brightness, colour, contrast and sharpness are among the operations. <value>true.</value>
    /// </param>
    /// <param name="interpolation">Nearest, bilinear or bicubic. <value>Bilinear.</value></param>
    /// <param name="fill">Colour of what has no source. <value>Black.</value></param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public AugMix(
        int severity = 3, int width = 3, int depth = -1, double alpha = 1, bool allOperations = true,
        Interpolation interpolation = Interpolation.Bilinear, RgbColor fill = default)
    {
        if (severity is < 1 or > Bins) throw new ArgumentException($"severity {severity}: expected 1 to {Bins}");
        if (!(alpha > 0 && double.IsFinite(alpha))) throw new ArgumentException($"alpha {alpha}: expected a number above 0");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Severity, Width, Depth, Alpha, AllOperations) = (severity, width, depth, alpha, allOperations);
        (Interpolation, Fill) = (interpolation, fill);
    }

    /// <summary>The greatest magnitude.</summary>
    public int Severity { get; }

    /// <summary>How many chains are mixed.</summary>
    public int Width { get; }

    /// <summary>Length of a chain; random when 0 or less.</summary>
    public int Depth { get; }

    /// <summary>Parameter of the Dirichlet distributions.</summary>
    public double Alpha { get; }

    /// <summary>Whether changes of colour are among the operations.</summary>
    public bool AllOperations { get; }

    /// <summary>The filter.</summary>
    public Interpolation Interpolation { get; }

    /// <summary>Colour of what has no source.</summary>
    public RgbColor Fill { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Mix(image, Draw(image.Width, image.Height, ref random));

    /// <summary>The weights and operations drawn for an image of this size.</summary>
    public AugMixDraw Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        AugmentSpace space = AllOperations ? AugmentSpace.AugMix : AugmentSpace.AugMixWithoutColours;
        Span<double> pair = stackalloc double[2];
        Dirichlet.Draw(Alpha, pair, ref random);
        double[] shares = new double[Width];
        Dirichlet.Draw(Alpha, shares, ref random);
        float[] weights = new float[Width];
        for (int i = 0; i < Width; i++) weights[i] = (float)shares[i] * (float)pair[1];
        AugmentStep[][] chains = new AugmentStep[Width][];
        for (int i = 0; i < Width; i++)
        {
            chains[i] = new AugmentStep[Depth > 0 ? Depth : 1 + random.Next(3)];
            for (int k = 0; k < chains[i].Length; k++)
            {
                AugmentOperation operation = space.Operations[random.Next(space.Operations.Length)];
                int index = AugmentSpace.HasMagnitude(operation) ? random.Next(Severity) : 0;
                double magnitude = space.Magnitude(operation, index, Bins, imageWidth, imageHeight);
                if (AugmentSpace.IsSigned(operation) && random.Next(2) == 1) magnitude = -magnitude;
                chains[i][k] = new(operation, magnitude);
            }
        }
        return new((float)pair[0], weights, chains);
    }

    /// <summary>The weighted sum in single precision, truncated.</summary>
    public Image Mix(Image image, AugMixDraw draw)
    {
        int length = image.Rgb.Length;
        float[] buffer = ArrayPool<float>.Shared.Rent(length);
        Span<float> sum = buffer.AsSpan(0, length);
        sum.Clear();
        WeightedSum.Add(image.Rgb, draw.Original, sum);
        for (int i = 0; i < draw.Chains.Count; i++)
        {
            Image changed = AugmentStep.ApplyAll(draw.Chains[i], image, Interpolation, Fill);
            WeightedSum.Add(changed.Rgb, draw.Weights[i], sum);
            if (!ReferenceEquals(changed, image)) changed.Dispose();
        }
        Image result = Image.Uninitialized(image.Width, image.Height);
        WeightedSum.Truncate(sum, result.Rgb);
        ArrayPool<float>.Shared.Return(buffer);
        return result;
    }
}
