using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>How a mobile network is built, from the stem to the last stage.</summary>
public abstract record MobileConfig : ModelConfig
{
    /// <summary>The <see cref="OutputStride"/> that leaves every stride as it is.</summary>
    public const int AnyStride = 65536;

    /// <summary>Channels of the first convolution.</summary>
    /// <value>32</value>
    public int Stem { get; init; } = 32;

    /// <summary>Both sides of the first convolution's window.</summary>
    /// <value>3</value>
    public int StemKernel { get; init; } = 3;

    /// <summary>The blocks of each stage.</summary>
    public required IReadOnlyList<IReadOnlyList<MobileBlock>> Stages { get; init; }

    /// <summary>D: channels of the last convolution.</summary>
    /// <value>1280</value>
    public int Features { get; init; } = 1280;

    /// <summary>The activation of the first and the last convolution.</summary>
    /// <value>SiLU</value>
    public ActivationKind Activation { get; init; } = ActivationKind.Silu;

    /// <summary>The activation within squeeze-and-excitations; null for that of the block.</summary>
    /// <value>null</value>
    public ActivationKind? SqueezeActivation { get; init; }

    /// <summary>What weighs the channels at the end of squeeze-and-excitations.</summary>
    /// <value>sigmoid</value>
    public ActivationKind Gate { get; init; } = ActivationKind.Sigmoid;

    /// <summary>Where the zeros around the first convolution's input go.</summary>
    /// <value><see cref="BorderKind.Symmetric"/></value>
    public BorderKind Border { get; init; }

    /// <summary>Added to variances: PyTorch's 1e-5; weights of TensorFlow's want 1e-3.</summary>
    /// <value>1e-5</value>
    public double Eps { get; init; } = 1e-5;

    /// <summary>The new batch's share in the running statistics.</summary>
    /// <value>0.1</value>
    public double Momentum { get; init; } = 0.1;

    /// <summary>The image's size over the last stage's; later stages are dilated instead of strided.</summary>
    /// <value>32</value>
    public int OutputStride { get; init; } = 32;

    /// <summary>
    /// Whether the block that gives its stride up is dilated already, as torchvision has it, not only those after it (timm).
    /// </summary>
    /// <value>false</value>
    public bool DilatesAtOnce { get; init; }

    /// <summary>The share of samples whose last block is skipped in training; earlier blocks less, in proportion.</summary>
    /// <value>0</value>
    public double DropPath { get; init; }
}
