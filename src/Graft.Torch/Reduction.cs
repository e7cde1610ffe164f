namespace Graft.Torch;

/// <summary>What becomes of the losses of a batch. The numbers are libtorch's.</summary>
public enum Reduction
{
    /// <summary>Each loss by itself.</summary>
    None = 0,

    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>Their sum.</summary>
    Sum = 2,
}
