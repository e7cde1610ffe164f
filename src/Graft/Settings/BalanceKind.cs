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
    /// same.</summary>
    Weights,

    /// <summary>An epoch draws as many images as there are, but each class equally often; images of small classes come
    /// repeatedly.</summary>
    Sampler,
}
