namespace Graft.Formats;

/// <summary>Where in the file an array's bytes lie, or a part of them.</summary>
/// <param name="Start">the first byte</param>
/// <param name="Length">how many</param>
readonly record struct FlaxPiece(long Start, long Length);
