namespace Graft.Imaging;

/// <summary>How an image comes to its size before the centre crop.</summary>
public enum ResizeMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// The shorter side becomes <see cref="Preprocess.ResizeHeight"/>, the longer one follows, truncated. With a
    /// <see cref="Preprocess.ResizeWidth"/> that differs, the image just covers the rectangle, sides rounded (timm's
    /// ResizeKeepRatio).
    /// </summary>
    ShortestEdge,

    /// <summary>Squashed to exactly <see cref="Preprocess.ResizeHeight"/> x <see cref="Preprocess.ResizeWidth"/>.</summary>
    Exact,

    /// <summary>
    /// Fits wholly into <see cref="Preprocess.ResizeHeight"/> x <see cref="Preprocess.ResizeWidth"/>, sides rounded; the crop
    /// pads with
    /// <see cref="Preprocess.Fill"/> (timm's crop mode "border").
    /// </summary>
    Border,
}
