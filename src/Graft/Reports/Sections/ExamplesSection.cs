using Graft.Data;

namespace Graft.Reports.Sections;

/// <summary>A few images of each class: those that the model is surest of, and the right one that it doubts most.</summary>
sealed class ExamplesSection : Section
{
    const int MostClasses = 40;

    /// <inheritdoc/>
    public override string Id => "examples";

    /// <inheritdoc/>
    public override string Title => "Examples";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.HasClasses;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        int classes = run.Labels.Count, each = classes <= 12 ? 5 : classes <= 24 ? 4 : 3;
        Note(html, run.Has(LabelKind.Single)
            ? "Of each class, validation images that were told rightly, the surest first; the last is the one doubted most."
            : "Of each label, validation images that have it, the surest first.");
        if (classes > MostClasses) Note(html, $"The first {MostClasses} of {classes} classes.");
        for (int k = 0; k < Math.Min(classes, MostClasses); k++)
        {
            List<(int Image, double Probability)> found = Of(run, k);
            if (found.Count > each) found = [.. found.Take(each - 1), found[^1]];
            html.Add($"<article class=\"examples\"><h3><bdi>{run.Labels[k]}</bdi></h3>");
            if (found.Count == 0)
            {
                html.Raw("<p class=\"note\">No validation image of it was told rightly.</p></article>\n");
                continue;
            }
            html.Raw("<div class=\"row\">");
            foreach ((int image, double probability) in found)
            {
                html.Raw("<figure>");
                run.Pictures.Write(html, run.Predictions.Images[image], run.Labels[k]);
                html.Add($"<figcaption>{Figures.Percent(probability)}</figcaption></figure>");
            }
            html.Raw("</div></article>\n");
        }
    }

    static List<(int Image, double Probability)> Of(ReportContext run, int label)
    {
        if (run.Has(LabelKind.Single))
            return [.. run.Outcomes.Where(one => one.Label == label && one.IsRight)
                .OrderByDescending(one => one.Probability).Select(one => (one.Image, one.Probability))];
        RunPredictions all = run.Predictions;
        return [.. Enumerable.Range(0, all.Count).Where(i => all.TargetsOf(i)[label] > 0.5f)
            .Select(i => (i, 1 / (1 + Math.Exp(-all.OutputsOf(i)[label])))).OrderByDescending(pair => pair.Item2)];
    }
}
