namespace Graft.Imaging;

/// <summary>
/// Two operations of a random one of 25 pairs that were learned, each with its probability and magnitude ("AutoAugment: learning
/// augmentation policies from data", Cubuk et al. 2018, arXiv:1805.09501), as torchvision for Pillow images. The draws, in its
/// order: the pair; whether for the first, for the second; the sign of the first, of the second.
/// </summary>
/// <param name="Policy">Which policy. <value>ImageNet.</value></param>
/// <param name="Interpolation">Nearest, bilinear or bicubic. <value>Nearest.</value></param>
/// <param name="Fill">Colour of what has no source. <value>Black.</value></param>
public sealed record AutoAugment(
    AutoAugmentPolicy Policy = AutoAugmentPolicy.ImageNet, Interpolation Interpolation = Interpolation.Nearest,
    RgbColor Fill = default) : IImageTransform
{
    const int Bins = 10;

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) =>
        AugmentStep.ApplyAll(Draw(image.Width, image.Height, ref random), image, Interpolation, Fill);

    /// <summary>The operations drawn for an image of this size: none, one or two.</summary>
    public AugmentStep[] Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        ReadOnlySpan<AutoAugmentRule> rules = AutoAugmentRules.Of(Policy);
        int pair = random.Next(rules.Length / 2);
        (float chance0, float chance1) = (random.NextSingle(), random.NextSingle());
        (int sign0, int sign1) = (random.Next(2), random.Next(2));
        bool first = chance0 <= rules[pair * 2].Probability, second = chance1 <= rules[pair * 2 + 1].Probability;
        return (first, second) switch
        {
            (true, true) => [Step(rules[pair * 2], sign0), Step(rules[pair * 2 + 1], sign1)],
            (true, false) => [Step(rules[pair * 2], sign0)],
            (false, true) => [Step(rules[pair * 2 + 1], sign1)],
            _ => [],
        };

        AugmentStep Step(in AutoAugmentRule rule, int sign)
        {
            double magnitude = AugmentSpace.Standard.Magnitude(rule.Operation, rule.Magnitude, Bins, imageWidth, imageHeight);
            return new(rule.Operation, AugmentSpace.IsSigned(rule.Operation) && sign == 0 ? -magnitude : magnitude);
        }
    }
}
