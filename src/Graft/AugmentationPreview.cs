using Graft.Data;
using Graft.Imaging;
using Graft.Reports;
using Graft.Torch;

namespace Graft;

/// <summary>
/// A sheet of what a model will see in training: images as they are, and beside them what becomes of them after augmentation,
/// resize and mixing, with normalisation undone. Of images with masks, the classes are laid over both.
/// </summary>
public static class AugmentationPreview
{
    const int LargestCell = 224;

    /// <summary>Writes the sheet.</summary>
    /// <param name="data">the photos, as for training</param>
    /// <param name="preprocess">the network's preprocessing</param>
    /// <param name="path">the file: <c>.png</c>, <c>.jpg</c> or <c>.html</c></param>
    /// <param name="options">what to show; null: as their defaults say</param>
    /// <returns>How many images it shows.</returns>
    /// <exception cref="ArgumentException">The file has another ending, or an option is out of its range.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder has no images, or one of them can't be read.</exception>
    public static int Write(string data, Preprocess preprocess, string path, PreviewOptions? options = null)
    {
        options ??= new PreviewOptions();
        string kind = Path.GetExtension(path).ToLowerInvariant();
        if (kind is not (".png" or ".jpg" or ".jpeg" or ".html"))
            throw new ArgumentException($"{path}: expected a file named .png, .jpg or .html.");
        if (options.Images < 1 || options.Versions < 1)
            throw new ArgumentException($"expected at least 1 image and version, came {options.Images} and {options.Versions}.");
        options.Augmentation.Validate();
        options.Segmentation.Validate();
        if (SegmentationData.IsAt(data)) return MaskPreview.Write(data, preprocess, path, kind, options);
        if (options.Augmentation.Resize is { } method) preprocess = preprocess.With(method);
        ImageData images = ImageData.Open(data, options.Table, minimumClasses: 1);
        ImageDataset dataset = images.Train ?? images.ForEvaluation();
        JobTask.CheckMixing(options.Augmentation, dataset.Kind);
        Sample[] samples = Choose(dataset, options);
        List<List<PreviewImage>> rows = Make(dataset, samples, preprocess, options);
        try
        {
            string[] steps = [.. TrainingTransforms.Steps(options.Augmentation).Select(step => step.ToString())];
            Save(rows, preprocess, path, kind, Path.GetFileName(Path.GetFullPath(data)), steps);
        }
        finally
        {
            foreach (PreviewImage cell in rows.SelectMany(row => row)) cell.Image.Dispose();
        }
        return samples.Length;
    }

    // Classes in turn, each with its images in a drawn order.
    static Sample[] Choose(ImageDataset dataset, PreviewOptions options)
    {
        int[] order = new ShuffledSampler(dataset.Count, options.Seed).Order(epoch: 0);
        if (dataset.Kind != LabelKind.Single) return [.. order.Take(options.Images).Select(index => dataset.Samples[index])];
        Queue<Sample>[] waiting = [.. dataset.Classes.Select((_, label) => new Queue<Sample>(
            order.Select(index => dataset.Samples[index]).Where(sample => sample.Label == label)))];
        List<Sample> chosen = [];
        while (chosen.Count < options.Images && waiting.Any(queue => queue.Count > 0))
            foreach (Queue<Sample> queue in waiting)
                if (chosen.Count < options.Images && queue.TryDequeue(out Sample? sample)) chosen.Add(sample);
        return [.. chosen];
    }

    static List<List<PreviewImage>> Make(ImageDataset dataset, Sample[] samples, Preprocess preprocess, PreviewOptions options)
    {
        AugmentationSettings its = options.Augmentation;
        SamplePipeline pipeline = new(preprocess)
        {
            Transforms = TrainingTransforms.Build(its, preprocess),
            Seed = options.Seed,
            IgnoreOrientation = options.IgnoreOrientation,
        };
        BatchMixer? mixer = its.Mixes ? its.Mixer(dataset.Classes.Count, options.Seed) : null;
        List<List<PreviewImage>> rows = [];
        foreach (Sample sample in samples)
        {
            using Image image = ImageCodec.Load(sample.Path, options.IgnoreOrientation);
            rows.Add([new(image.Thumbnail(2 * LargestCell), Caption(dataset, sample))]);
        }
        int length = preprocess.Channels * preprocess.Height * preprocess.Width;
        float[] batch = new float[samples.Length * length]; // [N, C, H, W]
        for (int version = 0; version < options.Versions; version++)
        {
            for (int i = 0; i < samples.Length; i++)
                pipeline.Read(samples[i], version, batch.AsSpan(i * length, length), MemoryFormat.Contiguous);
            Mix mix = mixer?.Draw(version, 0, preprocess.Height, preprocess.Width) ?? Mix.None;
            if (mix.Kind != MixKind.None)
            {
                using var scope = new TensorScope();
                Tensor images = Tensor.FromSpan<float>(
                    batch, [samples.Length, preprocess.Channels, preprocess.Height, preprocess.Width]);
                BatchMixer.MixImages(images, mix);
                images.CopyTo<float>(batch);
            }
            for (int i = 0; i < samples.Length; i++)
                rows[i].Add(new(preprocess.Denormalize(batch.AsSpan(i * length, length)), Caption(dataset, samples, i, mix)));
        }
        return rows;
    }

    static string Caption(ImageDataset dataset, Sample sample) => dataset.Kind switch
    {
        LabelKind.Single => dataset.Classes[sample.Label],
        LabelKind.Multiple => string.Join(", ", dataset.Classes.Where((_, k) => sample.Targets![k] > 0.5f)),
        LabelKind.Number => string.Join(", ", dataset.Classes.Select((name, k) =>
            FormattableString.Invariant($"{name} {sample.Targets![k]:G4}"))),
        _ => "",
    };

    static string Caption(ImageDataset dataset, Sample[] samples, int i, Mix mix)
    {
        if (mix.Kind == MixKind.None) return "";
        string own = Caption(dataset, samples[i]), other = Caption(dataset, samples[^(i + 1)]);
        return own == other ? own : FormattableString.Invariant($"{mix.Lambda:0.00} {own} {1 - mix.Lambda:0.00} {other}");
    }

    static void Save(
        List<List<PreviewImage>> rows, Preprocess preprocess, string path, string kind, string title, string[] steps)
    {
        if (kind == ".html")
        {
            string what = steps.Length == 0 ? "as evaluation sees them" : string.Join(", ", steps);
            File.WriteAllText(path, ContactSheet.Html(rows, title, [$"{preprocess.Width}x{preprocess.Height}: {what}"]));
            return;
        }
        double shrink = Math.Min(1, (double)LargestCell / Math.Max(preprocess.Width, preprocess.Height));
        int width = Math.Max(64, (int)(preprocess.Width * shrink)), height = Math.Max(64, (int)(preprocess.Height * shrink));
        using Image sheet = ContactSheet.Draw(rows, width, height);
        File.WriteAllBytes(path, kind == ".png" ? ImageCodec.EncodePng(sheet) : ImageCodec.EncodeJpeg(sheet));
    }
}
