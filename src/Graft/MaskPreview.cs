using Graft.Data;
using Graft.Imaging;
using Graft.Reports;

namespace Graft;

/// <summary>
/// The sheet of images with masks: each photograph with its classes laid over it, and beside it the crops that training makes of
/// both.
/// </summary>
static class MaskPreview
{
    const int LargestCell = 224;

    /// <summary>Writes the sheet.</summary>
    /// <param name="data">the images with masks, as for training</param>
    /// <param name="preprocess">the network's preprocessing</param>
    /// <param name="path">the file</param>
    /// <param name="kind">its ending, in lower case</param>
    /// <param name="options">what to show</param>
    /// <returns>How many images it shows.</returns>
    public static int Write(string data, Preprocess preprocess, string path, string kind, PreviewOptions options)
    {
        var config = new JobConfig
        {
            Data = data,
            Model = "",
            Augmentation = options.Augmentation,
            Segmentation = options.Segmentation,
            ImageSize = options.ImageSize,
            IgnoreOrientation = options.IgnoreOrientation,
            Seed = options.Seed,
        };
        var images = new MaskData(config, Silent.Instance, CancellationToken.None);
        MaskEncoding masks = images.TrainingSet.Masks!;
        MaskPainter painter = new(masks.Names, masks.Colors);
        MaskedPipeline pipeline = new(preprocess, masks, images.Crop.Height, images.Crop.Width)
        {
            Transforms = new MaskTransforms(images.Crop, images.Side, config).Build(preprocess),
            Seed = options.Seed,
            IgnoreOrientation = options.IgnoreOrientation,
        };
        SortedSet<int> seen = [];
        List<List<PreviewImage>> rows = [];
        try
        {
            int[] order = new ShuffledSampler(images.TrainingSet.Count, options.Seed).Order(epoch: 0);
            foreach (int place in order.Take(options.Images))
                rows.Add(Row(images.TrainingSet.Samples[place], pipeline, painter, options.Versions, seen));
            string title = Path.GetFileName(Path.GetFullPath(data));
            Save(rows, images.Crop, painter, [.. seen], path, kind, title, string.Join(", ", MaskTransforms.Words(config)));
        }
        finally
        {
            foreach (PreviewImage cell in rows.SelectMany(row => row)) cell.Image.Dispose();
        }
        return rows.Count;
    }

    static List<PreviewImage> Row(
        Sample sample, MaskedPipeline pipeline, MaskPainter painter, int versions, SortedSet<int> seen)
    {
        List<PreviewImage> row = [];
        MaskedImage whole = pipeline.Whole(sample);
        seen.UnionWith(painter.ClassesOf(whole.Mask));
        using (Image overlay = painter.Overlay(whole.Image, whole.Mask))
            row.Add(new(overlay.Thumbnail(2 * LargestCell), Path.GetFileNameWithoutExtension(sample.Name)));
        whole.Image.Dispose();
        whole.Mask.Dispose();
        for (int version = 0; version < versions; version++)
        {
            MaskedImage crop = pipeline.Prepare(sample, version);
            row.Add(new(painter.Overlay(crop.Image, crop.Mask), ""));
            crop.Image.Dispose();
            crop.Mask.Dispose();
        }
        return row;
    }

    static void Save(
        List<List<PreviewImage>> rows, CropSettings crop, MaskPainter painter, int[] classes, string path, string kind,
        string title, string words)
    {
        if (kind == ".html")
        {
            using Image legend = painter.Legend(LargestCell * 4, classes);
            File.WriteAllText(path, ContactSheet.Html(rows, title, [$"{crop.Width}x{crop.Height}: {words}"], legend));
            return;
        }
        double shrink = Math.Min(1, (double)LargestCell / Math.Max(crop.Width, crop.Height));
        int width = Math.Max(64, (int)(crop.Width * shrink)), height = Math.Max(64, (int)(crop.Height * shrink));
        using Image cells = ContactSheet.Draw(rows, width, height), sheet = painter.WithLegend(cells, classes);
        File.WriteAllBytes(path, kind == ".png" ? ImageCodec.EncodePng(sheet) : ImageCodec.EncodeJpeg(sheet));
    }
}
