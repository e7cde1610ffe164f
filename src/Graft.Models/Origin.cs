namespace Graft.Models;

/// <summary>Whose names and layout a file of weights follows.</summary>
public enum Origin
{
    /// <summary>Hugging Face transformers: <c>hf</c>.</summary>
    HuggingFace,

    /// <summary>PyTorch image models: <c>timm</c>.</summary>
    Timm,

    /// <summary>torchvision: <c>torchvision</c>.</summary>
    TorchVision,

    /// <summary>The ConvNeXt authors' own checkpoints: <c>facebook</c>.</summary>
    Facebook,

    /// <summary>Yerlan Idelbayev's CIFAR-10 ResNets, with the paper's parameter-free shortcuts: <c>cifar</c>.</summary>
    Cifar,

    /// <summary>Hugging Face's Flax checkpoints, with the names of transformers in the layout of Flax: <c>flax</c>.</summary>
    Flax,

    /// <summary>Graft's own names: <c>graft</c>.</summary>
    Graft,

    /// <summary>The names in a TorchScript module, which brings its own program: <c>torchscript</c>.</summary>
    TorchScript,
}
