namespace Graft.Data;

/// <summary>How the images of a batch are mixed.</summary>
public enum MixKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Weighted mean of two images. Zhang et al. 2017, arXiv:1710.09412.</summary>
    MixUp,

    /// <summary>A rectangle of one image is put into another. Yun et al. 2019, arXiv:1905.04899.</summary>
    CutMix,
}
