namespace Graft.Imaging;

/// <summary>What <see cref="AugMix"/> drew.</summary>
/// <param name="Original">Weight of the image itself.</param>
/// <param name="Weights">Weight of each chain; all weights together are 1.</param>
/// <param name="Chains">The operations of each chain.</param>
public sealed record AugMixDraw(float Original, IReadOnlyList<float> Weights, IReadOnlyList<AugmentStep[]> Chains);
