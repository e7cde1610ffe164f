using Graft.Imaging;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft;

/// <summary>
/// A model with its labels and its preprocessing, opened from a run's folder, any origin's folder, or a weights file.
/// </summary>
public sealed class SavedModel : IDisposable
{
    DType type = DType.Float32;

    SavedModel(string path, ImageModel model, IReadOnlyList<string> notes) => (Path, Network, Notes) = (path, model, notes);

    /// <summary>Opens a model for use.</summary>
    /// <param name="path">a run's folder, a folder of any origin, a weights file, or the name of a model to fetch</param>
    /// <param name="architecture">what a weights file holds, such as <c>torchvision:resnet50</c>, when its names don't
    /// say</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c></param>
    /// <param name="threads">threads that one operator may use; 0: all cores</param>
    /// <param name="fetch">how a named model is fetched</param>
    /// <param name="preprocess">a <c>preprocessor_config.json</c>; null: how images are prepared comes with the weights</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="HubException">It is the name of a model that cannot be fetched.</exception>
    /// <exception cref="InvalidDataException">It is not a model, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">It is a model that Graft does not know.</exception>
    public static SavedModel Open(
        string path, string? architecture = null, string device = "auto", int threads = 0, FetchOptions? fetch = null,
        string? preprocess = null)
    {
        Engine.Prepare(threads);
        List<string> notes = [];
        Device where = Torch.Device.Parse(device);
        ImageModel model = ModelOpening.ForUse(path, architecture, where, notes.Add, fetch, preprocess);
        return new SavedModel(path, model, notes);
    }

    /// <summary>What was opened.</summary>
    public string Path { get; }

    /// <summary>The architecture with its origin, such as <c>timm:resnet18</c>.</summary>
    public string Architecture => Network.FullName;

    /// <summary>The class names, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels => Network.Labels;

    /// <summary>The colour in which each class of a segmentation model is shown.</summary>
    public IReadOnlyList<RgbColor> Palette => Network.Task.Palette ?? MaskPalette.Of(Labels.Count);

    /// <summary>What is done to an image before the model sees it.</summary>
    public Preprocess Preprocess => Network.Preprocess;

    /// <summary>What the weight loader has to say: what was missing, renamed, unused.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The network itself, in evaluation mode.</summary>
    public ImageModel Network { get; }

    /// <summary>Where it lives.</summary>
    public Device Device => Network.Parameters.Device;

    /// <summary>The type in which its layers multiply when it is run.</summary>
    /// <value><see cref="PrecisionKind.Fp32"/></value>
    /// <exception cref="ArgumentException">float16 on a CPU.</exception>
    public PrecisionKind Precision
    {
        get;
        set => (field, type) = (value, Precisions.Of(value, Device, Network, _ => { }));
    } = PrecisionKind.Fp32;

    /// <summary>Logits <c>[N, K]</c> of normalised images <c>[N, 3, H, W]</c>, without gradients.</summary>
    public Tensor Logits(Tensor images)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        using PrecisionScope products = Nn.Precision.Use(type);
        return scope.Keep(Network.Forward(images.To(Device)));
    }

    /// <summary>What the model makes of one image: <see cref="Predictor"/> with its defaults.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image that can be read.</exception>
    public ImagePrediction Predict(string image) => new Predictor(this).Predict(image);

    /// <summary>Refuses a model without a head, whose features would otherwise pass for logits.</summary>
    internal void RequireHead()
    {
        if (Network.Classes == 0)
            throw new InvalidDataException(
                $"{Path}: expected a model with a head, found {Architecture} without one: " +
                $"its {Network.FeatureCount} outputs are " +
                "features, not classes. Train a head first: graft train FOLDER --model " + Path);
    }

    /// <summary>What logits are divided by for calibrated probabilities, fitted when it was trained.</summary>
    /// <value>null: none was fitted</value>
    public double? Temperature => Network.Task.Temperature;

    /// <summary>The temperature.</summary>
    /// <exception cref="InvalidDataException">None was fitted.</exception>
    internal double RequireTemperature() => Temperature ?? throw new InvalidDataException(
        $"{Path}: expected a model with a fitted temperature, found none. Train it with graft train, or leave --calibrate out.");

    /// <summary>Frees the model.</summary>
    public void Dispose() => Network.Dispose();
}
