namespace Graft.Models.Segmentation;

/// <summary>A map that a decoder sees.</summary>
/// <param name="Channels">C</param>
/// <param name="Stride">the image's size over the map's: 3.5 for the finest of four maps of patches of 14</param>
readonly record struct DecoderLevel(int Channels, double Stride);
