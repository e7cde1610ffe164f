namespace Graft.Imaging.Resizing;

/// <summary>A rectangle inside the pixels of an image [H, W, 3].</summary>
/// <param name="bytes">All pixels of the image.</param>
/// <param name="stride">Bytes from row to row.</param>
/// <param name="left">First column of the rectangle, in pixels.</param>
/// <param name="top">First row of the rectangle.</param>
/// <param name="width">Width of the rectangle.</param>
/// <param name="height">Height of the rectangle.</param>
readonly ref struct Plane(ReadOnlySpan<byte> bytes, int stride, int left, int top, int width, int height)
{
    /// <summary>The bytes from the rectangle's first pixel to the end of the image.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes[(top * stride + left * 3)..];

    /// <summary>Bytes from row to row.</summary>
    public int Stride { get; } = stride;

    /// <summary>Width in pixels.</summary>
    public int Width { get; } = width;

    /// <summary>Height in pixels.</summary>
    public int Height { get; } = height;
}
