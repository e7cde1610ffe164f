namespace Graft.Imaging;

/// <summary>What lies outside of an image, by torchvision's (and numpy's) names.</summary>
public enum PaddingMode
{
    /// <summary>One colour.</summary>
    Constant,

    /// <summary>The nearest pixel of the edge: a a | a b c | c c.</summary>
    Edge,

    /// <summary>The image mirrored, the edge pixel not repeated: c b | a b c | b a.</summary>
    Reflect,

    /// <summary>The image mirrored, the edge pixel repeated: b a | a b c | c b.</summary>
    Symmetric,
}
