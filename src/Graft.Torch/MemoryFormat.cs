namespace Graft.Torch;

/// <summary>How the elements of an image batch lie in memory. The numbers are libtorch's.</summary>
public enum MemoryFormat
{
    /// <summary>Row-major in the order of the shape: <c>[N, C, H, W]</c>.</summary>
    Contiguous = 0,

    /// <summary>As the source has it.</summary>
    Preserve = 1,

    /// <summary>Shape <c>[N, C, H, W]</c>, in memory N, H, W, C: what convolutions on CPUs like best.</summary>
    ChannelsLast = 2,
}
