namespace Graft.Reports.Sections;

/// <summary>Which class the pixels of each class were taken for.</summary>
sealed class PixelConfusionSection : Section
{
    const int Largest = 40;

    /// <inheritdoc/>
    public override string Id => "pixels";

    /// <inheritdoc/>
    public override string Title => "Confusion of pixels";

    /// <inheritdoc/>
    public override string Word => "Confusion";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Run.Masks is not null;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        RunMasks masks = run.Run.Masks!;
        int[] shown = Shown(masks);
        Note(html, "Rows: what pixels show. Columns: what they were taken for, as a share of the row's pixels. Green is right, "
            + "red is wrong.");
        if (shown.Length < masks.Classes.Count)
            Note(html, $"Of {masks.Classes.Count} classes, these are the {shown.Length} with the most wrong pixels.");
        BeginTable(html, "Pixels of each class (rows) by the class that they were taken for (columns)", "matrix");
        html.Raw("<thead><tr><td></td>");
        foreach (int column in shown)
        {
            string label = masks.Classes[column].Label;
            html.Add($"<th scope=\"col\" title=\"{label}\"><span dir=\"auto\">{label}</span></th>");
        }
        html.Raw("</tr></thead>\n<tbody>");
        foreach (int row in shown)
        {
            double all = Math.Max(1, masks.Pixels[row].Sum());
            html.Add($"<tr><th scope=\"row\" dir=\"auto\">{masks.Classes[row].Label}</th>");
            foreach (int column in shown)
            {
                long count = masks.Pixels[row][column];
                double share = count / all;
                if (count == 0) html.Raw("<td class=\"zero\">0</td>");
                else
                {
                    html.Add($"<td class=\"{(row == column ? "right" : "wrong")}\" style=\"--n:{share:0.###}\" ");
                    html.Add($"title=\"{count} pixels\">{Figures.Percent(share, "0.#")}</td>");
                }
            }
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody>");
        EndTable(html);
    }

    static int[] Shown(RunMasks masks)
    {
        int count = masks.Classes.Count;
        long[] wrong = new long[count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                if (i != j)
                {
                    wrong[i] += masks.Pixels[i][j];
                    wrong[j] += masks.Pixels[i][j];
                }
        return [.. Enumerable.Range(0, count).OrderByDescending(k => wrong[k]).Take(Largest).Order()];
    }
}
