using Graft.Imaging;

namespace Graft.Reports;

/// <summary>What all pages share: their head and style, small pictures. Nothing comes from elsewhere.</summary>
static class ReportPage
{
    const int ThumbnailSide = 160;

    /// <summary>Everything up to the heading.</summary>
    /// <param name="html">where to</param>
    /// <param name="title">the page's title</param>
    /// <param name="style">CSS of this page's own</param>
    public static void Begin(HtmlWriter html, string title, string style = "")
    {
        html.Raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Raw("<link rel=\"icon\" href=\"data:,\">"); // or browsers ask for one
        html.Add($"<title>{title}</title>\n<style>").Raw(ReportStyle.Common).Raw(style).Raw("</style></head><body><main>\n");
        html.Add($"<h1>{title}</h1>\n");
    }

    /// <summary>Everything after the last word.</summary>
    public static string End(HtmlWriter html) => html.Raw("</main></body></html>\n").ToString();

    /// <summary>A picture in the page itself; words where it is not readable any more.</summary>
    /// <param name="html">where to</param>
    /// <param name="path">the file</param>
    /// <param name="name">its name</param>
    /// <param name="ignoreOrientation">whether EXIF's orientation is ignored</param>
    /// <param name="side">its longer side in pixels</param>
    public static void Thumbnail(
        HtmlWriter html, string path, string name, bool ignoreOrientation = false, int side = ThumbnailSide)
    {
        try
        {
            using Image image = ImageCodec.Load(path, ignoreOrientation);
            using Image small = image.Thumbnail(side);
            string data = Convert.ToBase64String(ImageCodec.EncodeJpeg(small, quality: 80));
            html.Add($"<img alt=\"{name}\" src=\"data:image/jpeg;base64,{data}\">");
        }
        catch (Exception error) when
            (error is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException)
        {
            html.Raw("<span>not readable any more</span>");
        }
    }
}
