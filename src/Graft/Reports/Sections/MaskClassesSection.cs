namespace Graft.Reports.Sections;

/// <summary>How well the pixels of each class are told.</summary>
sealed class MaskClassesSection : Section
{
    /// <inheritdoc/>
    public override string Id => "mask-classes";

    /// <inheritdoc/>
    public override string Title => "Class by class";

    /// <inheritdoc/>
    public override string Word => "Classes";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Run.Masks is not null;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        IReadOnlyList<RunMasks.Row> classes = run.Run.Masks!.Classes;
        long all = Math.Max(1, classes.Sum(one => one.Pixels));
        bool hasBoundary = classes.Any(one => double.IsFinite(one.BoundaryF));
        Note(html, "IoU: the pixels that are of a class and were taken for it, over those that are either. Accuracy: of the " +
            "pixels of a class, the share that was found. Precision: of the pixels taken for a class, the share that is of it. " +
            "A dash: the class is nowhere, and no mean counts it.");
        BeginTable(html, "Pixels of each class on the validation images", "sortable");
        html.Raw("<thead><tr><th scope=\"col\">class</th><th scope=\"col\">share of pixels</th><th scope=\"col\">IoU</th>");
        html.Raw("<th scope=\"col\">Dice</th><th scope=\"col\">accuracy</th><th scope=\"col\">precision</th>");
        if (hasBoundary) html.Raw("<th scope=\"col\">boundary F</th>");
        html.Raw("</tr></thead>\n<tbody>");
        foreach (RunMasks.Row one in classes)
        {
            html.Add($"<tr><th scope=\"row\" dir=\"auto\">{one.Label}</th>");
            html.Add($"<td class=\"num\" data-v=\"{(double)one.Pixels / all:0.######}\">");
            html.Add($"{Figures.Percent((double)one.Pixels / all)}</td>");
            Cell(one.Iou);
            Cell(one.Dice);
            Cell(one.Accuracy);
            Cell(one.Precision);
            if (hasBoundary) Cell(one.BoundaryF);
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody><tfoot><tr><th scope=\"row\">mean over the classes</th><td></td>");
        Mean(one => one.Iou);
        Mean(one => one.Dice);
        Mean(one => one.Accuracy);
        Mean(one => one.Precision);
        if (hasBoundary) Mean(one => one.BoundaryF);
        html.Raw("</tr></tfoot>");
        EndTable(html);

        void Cell(double value)
        {
            if (double.IsFinite(value))
                html.Add($"<td class=\"num bar\" style=\"--v:{value:0.###}\">{Figures.Number(value)}</td>");
            else html.Raw("<td class=\"num\" data-v=\"-1\">–</td>");
        }

        void Mean(Func<RunMasks.Row, double> of)
        {
            double[] known = [.. classes.Select(of).Where(double.IsFinite)];
            html.Add($"<td class=\"num\">{(known.Length > 0 ? Figures.Number(known.Average()) : "–")}</td>");
        }
    }
}
