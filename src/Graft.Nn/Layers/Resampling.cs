namespace Graft.Nn;

/// <summary>How what was learned for one grid of patches is brought to another, as the origins do it.</summary>
public enum Resampling
{
    /// <summary>Bicubic: Hugging Face's <c>interpolate_pos_encoding</c>.</summary>
    Bicubic,

    /// <summary>Bicubic, the filter widened where the grid shrinks: timm's <c>resample_abs_pos_embed</c>.</summary>
    BicubicAntialiased,

    /// <summary>Bicubic between the outermost points: torchvision's <c>interpolate_embeddings</c>.</summary>
    BicubicAligned,

    /// <summary>Bilinear: Hugging Face's BEiT, for its tables of relative positions; timm's FlexiViT.</summary>
    Bilinear,

    /// <summary>
    /// Linear between points whose distances grow from the middle as a geometric sequence, so that near offsets stay nearly as
    /// they are: timm's <c>resize_rel_pos_bias_table</c>, for BEiT.
    /// </summary>
    Geometric,
}
