namespace Graft.Formats;

/// <summary>An array that lies in memory as it lies in its file.</summary>
/// <param name="Address">its first byte; valid while the mapping is held</param>
/// <param name="Mapping">what is to be held for as long as it is used</param>
public readonly record struct MappedArray(nint Address, PrivateMapping Mapping);
