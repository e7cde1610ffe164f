namespace Graft;

/// <summary>What is done about classes of which there are few training images.</summary>
public enum BalanceKind
{
    /// <summary>
    /// Nothing, unless the largest class has at least ten times as many images as the smallest: then the square roots of the
    /// weights of <see cref="Weights"/>, which help the small classes without giving up much of the accuracy over all images.
    /// </summary>
    Auto,

    /// <summary>Nothing: every image counts the same.</summary>
    None,

    /// <summary>Class k counts N / (K n_k) in the loss, for n_k of the N images in it and K classes: all classes weigh the
    /// same. Of masks, pixels are counted in place of images.</summary>
    Weights,

    /// <summary>An epoch draws as many images as there are, but each class equally often; images of small classes come
    /// repeatedly.</summary>
    Sampler,

    /// <summary>
    /// For masks: a class counts in the loss by the median of the classes' frequencies over its own, which is its share of the
    /// pixels of those images that have it; milder than <see cref="Weights"/> for a class that is small but everywhere. Eigen and
    /// Fergus 2015, arXiv:1411.4734.
    /// </summary>
    Median,
}
