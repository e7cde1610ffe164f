using Graft.Reports.Charts;

namespace Graft.Reports.Sections;

/// <summary>What the data is made of.</summary>
sealed class DataSection : Section
{
    const int Long = 30;

    /// <inheritdoc/>
    public override string Id => "data";

    /// <inheritdoc/>
    public override string Title => "The data";

    /// <inheritdoc/>
    public override string Word => "Data";

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        RunRecord record = run.Run;
        IReadOnlyList<RunFacts.Part> parts = record.Facts.Parts;
        IReadOnlyList<string> labels = run.Labels;
        if (parts.Count > 0 && parts.All(part => part.Counts.Count == labels.Count))
        {
            int largest = Math.Max(1, parts.Max(part => part.Counts.DefaultIfEmpty(0).Max()));
            BeginTable(html, "Images of each class in each part", "sortable counts" + (labels.Count > Long ? " long" : ""));
            html.Raw("<thead><tr><th scope=\"col\">class</th>");
            foreach (RunFacts.Part part in parts) html.Add($"<th scope=\"col\">{part.Name}</th>");
            html.Raw("</tr></thead>\n<tbody>");
            for (int k = 0; k < labels.Count; k++)
            {
                html.Add($"<tr><th scope=\"row\" dir=\"auto\">{labels[k]}</th>");
                foreach (RunFacts.Part part in parts)
                {
                    double share = (double)part.Counts[k] / largest;
                    html.Add($"<td class=\"num bar\" style=\"--v:{share:0.###}\">{part.Counts[k]}</td>");
                }
                html.Raw("</tr>\n");
            }
            html.Raw("</tbody><tfoot><tr><th scope=\"row\">all</th>");
            foreach (RunFacts.Part part in parts) html.Add($"<td class=\"num\">{part.Images}</td>");
            html.Raw("</tr></tfoot>");
            EndTable(html);
            int[] absent = [.. Enumerable.Range(0, labels.Count).Where(k => parts[^1].Counts[k] == 0)];
            if (absent.Length > 0)
            {
                html.Add($"<p class=\"banner\">{absent.Length} of {labels.Count} classes have no image to validate on: ");
                html.Raw("nothing here says how well they are told.</p>\n");
            }
        }
        if (record.Facts.Sizes.Count > 1) WriteSizes(html, record);
        List<(string, string)> facts = [("folder", record.Text("data", "path") ?? "")];
        int skipped = (int)Math.Max(0, record.Number("data", "skipped_images"));
        if (skipped > 0) facts.Add(("skipped, unreadable", string.Join("\n", record.Texts("data", "skipped"))));
        if (record.Text("data", "train_listing_sha256") is { } hash) facts.Add(("listing to train on, SHA-256", hash));
        if (record.Text("data", "val_listing_sha256") is { } other) facts.Add(("listing to validate on, SHA-256", other));
        Facts(html, "Where it came from", facts);
    }

    static void WriteSizes(HtmlWriter html, RunRecord record)
    {
        IReadOnlyList<int[]> sizes = record.Facts.Sizes;
        int[] widths = [.. sizes.Select(size => size[0]).Order()], heights = [.. sizes.Select(size => size[1]).Order()];
        html.Raw("<div class=\"charts\">");
        PointChart.Write(html, new ChartFrame
        {
            Title = "Sizes of the images to train on",
            Description = $"Height over width of {sizes.Count} images, {widths[0]} to {widths[^1]} wide and " +
                $"{heights[0]} to {heights[^1]} high; half of them are at most {widths[widths.Length / 2]} wide.",
            X = Axis.Around("width in pixels", widths.Select(side => (double)side)),
            Y = Axis.Around("height in pixels", heights.Select(side => (double)side)),
            HasColumns = true,
            HasDiagonal = true,
        }, [.. sizes.Select(size => ((double)size[0], (double)size[1]))]);
        html.Raw("</div>\n");
    }
}
