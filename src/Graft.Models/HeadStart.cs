namespace Graft.Models;

/// <summary>How the weights of a new head are drawn, as the model's origin draws them.</summary>
public enum HeadStart
{
    /// <summary>PyTorch's linear layer: weights and biases uniform within 1 / sqrt(features).</summary>
    Uniform,

    /// <summary>Weights from N(0, 0.01), biases 0: torchvision's MobileNetV2.</summary>
    Normal,

    /// <summary>Weights from N(0, 0.02) cut at 2, biases 0: ConvNeXt, and most Hugging Face models.</summary>
    TruncatedNormal,
}
