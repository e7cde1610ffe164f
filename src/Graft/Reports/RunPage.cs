using Graft.Models;
using Graft.Reports.Sections;

namespace Graft.Reports;

/// <summary>A run on one page: one file that needs nothing from elsewhere.</summary>
static class RunPage
{
    static readonly Section[] sections =
    [
        new OverviewSection(),
        new CurvesSection(),
        new ConfusionSection(),
        new ClassesSection(),
        new MaskClassesSection(),
        new PixelConfusionSection(),
        new RankingSection(),
        new CalibrationSection(),
        new NumbersSection(),
        new PairsSection(),
        new MistakesSection(),
        new SegmentsSection(),
        new ExamplesSection(),
        new DataSection(),
        new ModelSection(),
        new SetupSection(),
    ];

    /// <summary>The page as text.</summary>
    /// <param name="record">the run</param>
    /// <param name="options">what is shown</param>
    /// <param name="model">the kept model, for what it looked at; null: nobody looks</param>
    /// <param name="note">told of what is missing</param>
    public static string Build(RunRecord record, ReportOptions options, ImageModel? model, Action<string>? note = null)
    {
        string data = options.Data ?? record.Text("data", "path") ?? "";
        bool ignoreOrientation = record.Find("settings", "ignore_orientation")?.ValueKind == System.Text.Json.JsonValueKind.True;
        var pictures = new PictureSource(data, ignoreOrientation, options.Overlays ? model : null);
        var run = new ReportContext(record, options, pictures);
        Section[] shown = [.. sections.Where(section => section.AppliesTo(run))];

        var html = new HtmlWriter();
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Text("data", "path") ?? ""));
        ReportPage.Begin(html, $"{record.Text("model", "architecture") ?? "model"} on {name}", ReportStyle.Run);
        html.Raw("<nav aria-label=\"Sections\"><ul>");
        foreach (Section section in shown) html.Add($"<li><a href=\"#{section.Id}\">{section.Word}</a></li>");
        html.Raw("</ul></nav>\n");
        foreach (Section section in shown)
        {
            html.Add($"<section id=\"{section.Id}\"><h2>{section.Title}</h2>\n");
            section.Write(html, run);
            html.Raw("</section>\n");
        }
        WriteMissing(html, pictures, data, note);
        html.Raw(ReportScript.Element);
        return ReportPage.End(html);
    }

    static void WriteMissing(HtmlWriter html, PictureSource pictures, string data, Action<string>? note)
    {
        const int Named = 20;
        if (pictures.Missing.Count == 0) return;
        string sentence = $"{pictures.Missing.Count} images are not to be read any more below {data}";
        note?.Invoke($"{sentence}: --data says where they lie now.");
        html.Add($"<section id=\"missing\"><h2>Missing images</h2><p class=\"note\">{sentence}.</p><ul>");
        foreach (string image in pictures.Missing.Take(Named)) html.Add($"<li>{image}</li>");
        if (pictures.Missing.Count > Named) html.Raw("<li>and more</li>");
        html.Raw("</ul></section>\n");
    }
}
