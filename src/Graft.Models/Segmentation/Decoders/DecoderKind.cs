namespace Graft.Models;

/// <summary>What makes classes of pixels from the maps of a backbone's pyramid.</summary>
public enum DecoderKind
{
    /// <summary>
    /// Up step by step to the image's own size, with the backbone's map of each size beside it: sharp edges, and the usual choice
    /// for small sets of images. Ronneberger et al. 2015, arXiv:1505.04597.
    /// </summary>
    Unet,

    /// <summary>
    /// A pyramid of equally many channels, its levels brought to a quarter of the image's size and added: the lightest. Kirillov
    /// et al. 2019, "Panoptic Feature Pyramid Networks", arXiv:1901.02446.
    /// </summary>
    Fpn,

    /// <summary>
    /// Convolutions of several spacings side by side on the last map, which a dilated backbone keeps larger: wide context. Chen
    /// et al. 2017, arXiv:1706.05587.
    /// </summary>
    DeepLabV3,
}
