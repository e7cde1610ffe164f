using Graft.Data;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>Asks a segmentation model what every pixel of images shows.</summary>
/// <param name="model">the model, which stays the caller's</param>
/// <exception cref="InvalidDataException">It is no segmentation model.</exception>
public sealed class Segmenter(SavedModel model)
{
    readonly SavedModel model = model.Network.IsSegmentation ? model : throw new InvalidDataException(
        $"{model.Path}: expected a segmentation model, found {model.Architecture}, which classifies whole images. " +
        "Use graft predict, or train a segmentation model: graft train DATA --model " + model.Path + " --decoder unet");

    /// <summary>How images are looked at.</summary>
    /// <value>whole, once</value>
    public SegmentationView View { get; init; } = new();

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Whether predictions have the probabilities of every pixel: 4 K bytes for each.</summary>
    /// <value>false</value>
    public bool KeepProbabilities { get; init; }

    /// <summary>Whether predictions have the model's raw output.</summary>
    /// <value>false</value>
    public bool KeepLogits { get; init; }

    /// <summary>What the model makes of one image.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image that can be read.</exception>
    public SegmentationPrediction Segment(string image)
    {
        SegmentationPrediction only = Stream([image]).First();
        return only.Error is null ? only : throw new InvalidDataException($"{image}: {only.Error}");
    }

    /// <summary>What the model makes of an image in memory, which stays the caller's.</summary>
    public SegmentationPrediction Segment(Image image) => Segment("", image);

    /// <summary>
    /// What the model makes of each image, one after another; an unreadable one gets an
    /// <see cref="SegmentationPrediction.Error"/>.
    /// </summary>
    /// <param name="images">files, or folders, of which every image below is taken</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A folder has no images.</exception>
    /// <exception cref="ArgumentException">The view's values are out of their ranges.</exception>
    public IEnumerable<SegmentationPrediction> Stream(IEnumerable<string> images, CancellationToken cancellation = default)
    {
        View.Validate();
        return Run(Predictor.FindImages(images), cancellation);
    }

    IEnumerable<SegmentationPrediction> Run(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        Task<Decoded>? next = null;
        try
        {
            for (int i = 0; i < files.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Decoded decoded = (next ?? Start(files[i])).GetAwaiter().GetResult();
                next = i + 1 < files.Count ? Start(files[i + 1]) : null; // read while the model works
                using Image? image = decoded.Image;
                yield return image is null ? new SegmentationPrediction { Image = files[i], Error = decoded.Error }
                    : Segment(files[i], image);
            }
        }
        finally
        {
            next?.GetAwaiter().GetResult().Image?.Dispose();
        }
    }

    Task<Decoded> Start(string file) => Task.Run(() =>
    {
        try
        {
            return new Decoded(ImageCodec.Load(file, IgnoreOrientation), null);
        }
        catch (Exception error) when (BadImages.IsAbout(error))
        {
            return new Decoded(null, BadImages.Reason(error));
        }
    });

    SegmentationPrediction Segment(string file, Image image)
    {
        var inference = new DenseInference(
            model.Logits, model.Preprocess, View, model.Device, ModelOpening.FormatOn(model.Device));
        (ushort[] classes, float[]? probabilities) =
            KeepProbabilities ? inference.ClassesAndProbabilities(image) : (inference.Classes(image), null);
        return new SegmentationPrediction
        {
            Image = file,
            Width = image.Width,
            Height = image.Height,
            Mask = new IndexMask(image.Width, image.Height, classes),
            Classes = Shares(classes),
            Probabilities = probabilities,
            Logits = KeepLogits ? MapOf(inference, image) : null,
        };
    }

    ClassShare[] Shares(ushort[] classes)
    {
        var counts = new long[model.Network.Classes];
        foreach (ushort one in classes) counts[one]++;
        return
        [
            .. Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0).OrderByDescending(k => counts[k])
                .Select(k => new ClassShare(model.Labels[k], k, counts[k], (double)counts[k] / classes.Length)),
        ];
    }

    static LogitsMap MapOf(DenseInference inference, Image image)
    {
        using Tensor map = inference.OwnLogits(image); // [1, K, h, w]
        long[] shape = map.Shape;
        return new LogitsMap((int)shape[1], (int)shape[2], (int)shape[3], map.ToArray<float>());
    }

    sealed record Decoded(Image? Image, string? Error);
}
