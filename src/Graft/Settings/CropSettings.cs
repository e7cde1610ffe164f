namespace Graft;

/// <summary>A size in pixels.</summary>
/// <param name="Height">rows</param>
/// <param name="Width">columns</param>
public sealed record CropSettings(int Height, int Width)
{
    /// <summary><c>480x480</c>, the height first.</summary>
    public override string ToString() => FormattableString.Invariant($"{Height}x{Width}");
}
