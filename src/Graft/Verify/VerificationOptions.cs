namespace Graft;

/// <summary>How a model is held against recorded logits.</summary>
public sealed record VerificationOptions
{
    /// <summary>The largest difference that passes, as a share of the recorded logits' standard deviation.</summary>
    /// <value>1e-4: what another order of float32 additions may make; every mistake in a port makes more</value>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Whether EXIF's orientation is ignored where the recording does not say.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }
}
