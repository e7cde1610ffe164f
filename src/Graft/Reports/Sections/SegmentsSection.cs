using Graft.Imaging;

namespace Graft.Reports.Sections;

/// <summary>
/// The images that a segmentation model masked worst and best: photograph, truth, prediction, errors side by side.
/// </summary>
sealed class SegmentsSection : Section
{
    const int Side = 300, Quality = 82;

    /// <inheritdoc/>
    public override string Id => "segments";

    /// <inheritdoc/>
    public override string Title => "Worst and best masks";

    /// <inheritdoc/>
    public override string Word => "Masks";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => SegmentationGallery.Read(run.Run.Folder) is { Images.Count: > 0 };

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        SegmentedImages gallery = SegmentationGallery.Read(run.Run.Folder)!;
        var painter = new MaskPainter(run.Labels, gallery.ColorsOf(run.Labels.Count));
        Note(html, "From left to right: the photograph, its true mask, the predicted one, and where they differ (red). Striped " +
            "pixels are ignored. The mean IoU of an image is that of the classes which it has or was taken to have.");
        SortedSet<int> seen = [];
        foreach ((string kind, string title) in (ReadOnlySpan<(string, string)>)[("worst", "Worst"), ("best", "Best")])
        {
            SegmentedEntry[] shown = [.. gallery.Images.Where(entry => entry.Kind == kind)];
            if (shown.Length == 0) continue;
            html.Add($"<h3>{title}</h3>\n");
            foreach (SegmentedEntry entry in shown) WriteEntry(html, run, painter, entry, seen);
        }
        html.Raw("<ul class=\"patches\">");
        foreach (int k in seen)
        {
            RgbColor color = painter.Colors[k];
            html.Add($"<li><span style=\"background:rgb({color.Red},{color.Green},{color.Blue})\"></span>");
            html.Add($"<span dir=\"auto\">{run.Labels[k]}</span></li>");
        }
        html.Raw("</ul>\n");
    }

    static void WriteEntry(
        HtmlWriter html, ReportContext run, MaskPainter painter, SegmentedEntry entry, SortedSet<int> seen)
    {
        html.Raw("<figure class=\"segmented\"><div>");
        if (!TryPictures(run, painter, entry, seen, out (string Source, string What)[] pictures))
            html.Raw("<div class=\"gone\">not to be found any more</div>");
        foreach ((string source, string what) in pictures) html.Add($"<img alt=\"{what}\" src=\"{source}\">");
        html.Add($"</div><figcaption>mean IoU {Figures.Number(entry.MeanIoU)}, ");
        html.Add($"{Figures.Percent(entry.PixelAccuracy)} of the pixels <small>{entry.Image}</small></figcaption></figure>\n");
    }

    static bool TryPictures(
        ReportContext run, MaskPainter painter, SegmentedEntry entry, SortedSet<int> seen, out (string, string)[] pictures)
    {
        pictures = [];
        using Image? photo = run.Pictures.Open(entry.Image);
        using IndexMask? truth = SegmentationGallery.Mask(run.Run.Folder, entry.Truth);
        using IndexMask? predicted = SegmentationGallery.Mask(run.Run.Folder, entry.Predicted);
        if (photo is null || truth is null || predicted is null) return false;
        if ((truth.Width, truth.Height) != (photo.Width, photo.Height) ||
            (predicted.Width, predicted.Height) != (photo.Width, photo.Height)) return false;
        int classes = painter.Names.Count;
        if (painter.ClassesOf(truth).Concat(painter.ClassesOf(predicted)).Any(k => k >= classes)) return false;
        seen.UnionWith(painter.ClassesOf(truth));
        seen.UnionWith(painter.ClassesOf(predicted));
        using Image right = painter.Overlay(photo, truth), taken = painter.Overlay(photo, predicted);
        using Image wrong = ErrorMap.Paint(photo, truth, predicted);
        pictures =
        [
            (Small(photo), "photograph"), (Small(right), "true mask"), (Small(taken), "predicted mask"), (Small(wrong), "errors"),
        ];
        return true;
    }

    static string Small(Image image)
    {
        using Image small = image.Thumbnail(Side);
        return "data:image/jpeg;base64," + Convert.ToBase64String(ImageCodec.EncodeJpeg(small, Quality));
    }
}
