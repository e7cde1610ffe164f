namespace Graft.Imaging;

/// <summary>An 8-bit RGB colour.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>All zero: what torchvision fills with unless told otherwise.</summary>
    public static RgbColor Black => default;

    /// <summary>(124, 116, 104): what networks trained on ImageNet see as 0.</summary>
    public static RgbColor ImageNetMean => new(124, 116, 104);

    /// <summary>The three bytes as the low three of a little-endian word.</summary>
    internal uint Word => Red | (uint)Green << 8 | (uint)Blue << 16;
}
