namespace Graft.Models;

/// <summary>Whose layout a saved model folder has.</summary>
public enum FolderLayout
{
    /// <summary>transformers' <c>from_pretrained</c> opens it.</summary>
    HuggingFace,

    /// <summary>timm's <c>create_model</c> opens it: a network that transformers cannot build.</summary>
    Timm,

    /// <summary>Graft alone opens it, with its origin's names of weights: a network that neither can build.</summary>
    Graft,
}
