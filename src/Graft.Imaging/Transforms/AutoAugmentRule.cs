namespace Graft.Imaging;

/// <summary>One half of a pair of AutoAugment.</summary>
/// <param name="Operation">What.</param>
/// <param name="Probability">How often.</param>
/// <param name="Magnitude">Which of ten magnitudes; 0 where the operation has none.</param>
readonly record struct AutoAugmentRule(AugmentOperation Operation, float Probability, int Magnitude = 0)
{
    public static implicit operator AutoAugmentRule((AugmentOperation Operation, double Probability, int Magnitude) rule) =>
        new(rule.Operation, (float)rule.Probability, rule.Magnitude);

    public static implicit operator AutoAugmentRule((AugmentOperation Operation, double Probability) rule) =>
        new(rule.Operation, (float)rule.Probability);
}
