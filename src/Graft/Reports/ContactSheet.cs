using System.Net;
using System.Text;
using Graft.Imaging;

namespace Graft.Reports;

/// <summary>Pictures in rows and columns with captions, as one picture or as a page of HTML.</summary>
static class ContactSheet
{
    const int Gap = 6, Scale = 2, Caption = (PixelFont.Height + 3) * Scale;

    /// <summary>One picture of all.</summary>
    /// <param name="rows">the first picture of each row sets its size off by a wider gap; rows are equally long</param>
    /// <param name="width">width of a cell</param>
    /// <param name="height">height of a cell</param>
    public static Image Draw(IReadOnlyList<IReadOnlyList<PreviewImage>> rows, int width, int height)
    {
        int columns = rows.Max(row => row.Count);
        var sheet = new Image(Gap + columns * (width + Gap) + Gap, Gap + rows.Count * (height + Caption + Gap));
        sheet.Rgb.Fill(255);
        int top = Gap;
        foreach (IReadOnlyList<PreviewImage> row in rows)
        {
            int left = Gap;
            foreach (PreviewImage cell in row)
            {
                Place(cell.Image, sheet, left, top, width, height);
                string caption = cell.Caption[..Math.Min(cell.Caption.Length, PixelFont.Fits(width, Scale))];
                PixelFont.Write(sheet, left, top + height + Scale, caption, Scale, new RgbColor(40, 40, 40));
                left += width + (left == Gap ? 2 * Gap : Gap);
            }
            top += height + Caption + Gap;
        }
        return sheet;
    }

    /// <summary>A page that needs no other file.</summary>
    /// <param name="rows">the pictures</param>
    /// <param name="title">its heading</param>
    /// <param name="notes">what stands above the pictures</param>
    /// <param name="legend">a picture above them; null: none</param>
    public static string Html(
        IReadOnlyList<IReadOnlyList<PreviewImage>> rows, string title, IEnumerable<string> notes, Image? legend = null)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<title>");
        page.Append(WebUtility.HtmlEncode(title)).Append("</title>\n<style>body{font:15px sans-serif;margin:2em}");
        page.Append("figure{display:inline-block;margin:0 6px 10px 0}figure:first-child{margin-right:18px}");
        page.Append("figure img{max-width:224px;max-height:224px;display:block}figcaption{color:#444;min-height:1.2em}");
        page.Append("</style>\n<h1>");
        page.Append(WebUtility.HtmlEncode(title)).Append("</h1>\n");
        foreach (string note in notes) page.Append("<p>").Append(WebUtility.HtmlEncode(note)).Append("</p>\n");
        if (legend is not null)
            page.Append("<p><img alt=\"classes\" src=\"data:image/png;base64,")
                .Append(Convert.ToBase64String(ImageCodec.EncodePng(legend))).Append("\"></p>\n");
        foreach (IReadOnlyList<PreviewImage> row in rows)
        {
            page.Append("<div>");
            foreach (PreviewImage cell in row)
            {
                string caption = WebUtility.HtmlEncode(cell.Caption);
                page.Append("<figure><img alt=\"").Append(caption).Append("\" src=\"data:image/png;base64,");
                page.Append(Convert.ToBase64String(ImageCodec.EncodePng(cell.Image)));
                page.Append("\"><figcaption>").Append(caption).Append("</figcaption></figure>");
            }
            page.Append("</div>\n");
        }
        return page.Append("</html>\n").ToString();
    }

    static void Place(Image image, Image sheet, int left, int top, int width, int height)
    {
        double shrink = Math.Min(1, Math.Min((double)width / image.Width, (double)height / image.Height));
        int across = Math.Max(1, (int)(image.Width * shrink)), down = Math.Max(1, (int)(image.Height * shrink));
        using Image shown = Resize.Apply(image, across, down, Interpolation.Bilinear);
        int x = left + (width - across) / 2, y = top + (height - down) / 2;
        for (int row = 0; row < down; row++) shown.Row(row).CopyTo(sheet.Row(y + row)[(x * 3)..]);
    }
}
