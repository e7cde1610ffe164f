namespace Graft.Models;

/// <summary>
/// One map of a backbone's pyramid: of images <c>[N, 3, H, W]</c> it is <c>[N, C, H / s, W / s]</c>, rounded up.
/// </summary>
/// <param name="Channels">C</param>
/// <param name="Stride">s: pixels of the image from one pixel of the map to the next</param>
public sealed record PyramidLevel(int Channels, int Stride);
