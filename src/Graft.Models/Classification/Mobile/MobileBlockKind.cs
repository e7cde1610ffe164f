namespace Graft.Models.Classification.Mobile;

/// <summary>The blocks of mobile networks, by the layers they have.</summary>
public enum MobileBlockKind
{
    /// <summary>One convolution, activated: the bricks at the ends of MobileNetV3 and EfficientNetV2.</summary>
    Plain,

    /// <summary>A depthwise convolution, then 1 x 1 to the output. Howard et al. 2017, arXiv:1704.04861.</summary>
    Separable,

    /// <summary>
    /// 1 x 1 to more channels, a depthwise convolution, 1 x 1 to few channels. Sandler et al. 2018, arXiv:1801.04381.
    /// </summary>
    Inverted,

    /// <summary>
    /// A full convolution to more channels, 1 x 1 to few: the first two layers of an inverted residual in one. Gupta and Tan
    /// 2019, "EfficientNet-EdgeTPU"; Tan and Le 2021, arXiv:2104.00298.
    /// </summary>
    Fused,
}
