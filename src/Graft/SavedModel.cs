using Graft.Imaging;

namespace Graft;

/// <summary>A model with its labels and its preprocessing, opened from a run's folder, any origin's folder, or a weights file.</summary>
public sealed class SavedModel : IDisposable
{
    SavedModel(string path) => Path = path;

    /// <summary>Opens a model for use.</summary>
    /// <param name="path">a run's folder, a folder of any origin, or a weights file</param>
    /// <param name="architecture">what a weights file holds, such as <c>torchvision:resnet50</c>, when its names don't say</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c></param>
    /// <param name="threads">threads that one operator may use; 0: all cores</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a model, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">It is a model that Graft does not know.</exception>
    public static SavedModel Open(string path, string? architecture = null, string device = "auto", int threads = 0) =>
        throw new NotSupportedException("opening a model is not there yet");

    /// <summary>What was opened.</summary>
    public string Path { get; }

    /// <summary>The architecture's name.</summary>
    public string Architecture => "";

    /// <summary>The class names, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels => [];

    /// <summary>What is done to an image before the model sees it.</summary>
    public Preprocess Preprocess => Preprocess.ImageNet();

    /// <summary>What the weight loader has to say: what was missing, renamed, unused.</summary>
    public IReadOnlyList<string> Notes => [];

    /// <summary>Frees the model.</summary>
    public void Dispose() { }
}
