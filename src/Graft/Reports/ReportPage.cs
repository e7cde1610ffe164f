using System.Net;
using System.Text;
using Graft.Imaging;

namespace Graft.Reports;

/// <summary>What all pages share: their head and style, small pictures. Nothing comes from elsewhere; no scripts.</summary>
static class ReportPage
{
    const int ThumbnailSide = 160;

    /// <summary>Everything up to the heading.</summary>
    public static void Begin(StringBuilder html, string title, string style = "")
    {
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Put($"<title>{Text(title)}</title>\n<style>{Style}{style}</style></head><body><main>\n");
        html.Put($"<h1>{Text(title)}</h1>\n");
    }

    /// <summary>Everything after the last word.</summary>
    public static string End(StringBuilder html) => html.Append("</main></body></html>\n").ToString();

    /// <summary>Text that is no markup.</summary>
    public static string Text(string plain) => WebUtility.HtmlEncode(plain);

    /// <summary>A picture in the page itself; words where it is not readable any more.</summary>
    /// <param name="path">the file</param>
    /// <param name="name">its name as markup</param>
    /// <param name="ignoreOrientation">whether EXIF's orientation is ignored</param>
    /// <param name="side">its longer side in pixels</param>
    public static string Thumbnail(
        string path, string name, bool ignoreOrientation = false, int side = ThumbnailSide)
    {
        try
        {
            using Image image = ImageCodec.Load(path, ignoreOrientation);
            using Image small = image.Thumbnail(side);
            byte[] jpeg = ImageCodec.EncodeJpeg(small, quality: 80);
            return $"<img alt=\"{name}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">";
        }
        catch (Exception error) when
            (error is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException)
        {
            return "<span>not readable any more</span>";
        }
    }

    const string Style = """
        :root{color-scheme:light dark;--ink:#1d2733;--soft:#66788a;--line:#d9e0e7;--card:#f5f7f9;--a:#7a8ba0;--b:#0b7a5b;
        --good:#0b9b6f;--bad:#d9534f}
        @media(prefers-color-scheme:dark){:root{--ink:#e5ebf1;--soft:#93a4b5;--line:#33414e;--card:#1a232c;--b:#3ecf9f}
        body{background:#121920}}
        body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink)}
        main{max-width:980px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:26px;margin:8px 0 16px}h2{font-size:18px;margin:36px 0 8px}.note,small{color:var(--soft)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:10px}
        .figures div{background:var(--card);border-radius:8px;padding:12px 14px}.figures b{display:block;font-size:22px}
        .figures span{color:var(--soft)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px}
        svg{width:100%;background:var(--card);border-radius:8px}
        .grid{stroke:var(--line)}.tick{font-size:11px;fill:var(--soft)}path{fill:none;stroke-width:2}
        path.a{stroke:var(--a)}path.b{stroke:var(--b)}circle.a,text.a{fill:var(--a)}circle.b,text.b{fill:var(--b)}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:8px 0}
        th,td{padding:4px 12px;text-align:right;border-bottom:1px solid var(--line)}
        th{color:var(--soft);font-weight:500}th:first-child,td:first-child{text-align:left}tr.best td{font-weight:700}
        .matrix td{min-width:36px;text-align:center}
        .images{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px}
        figure{margin:0;background:var(--card);border-radius:8px;overflow:hidden}
        figure img{width:100%;height:130px;object-fit:cover;display:block}figcaption{padding:8px 10px;font-size:13px}
        figcaption small{word-break:break-all}
        pre{background:var(--card);padding:12px;border-radius:8px;white-space:pre-wrap;word-break:break-word}
        """;
}
