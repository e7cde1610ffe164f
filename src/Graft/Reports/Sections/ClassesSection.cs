using Graft.Data;
using Graft.Training;

namespace Graft.Reports.Sections;

/// <summary>How well each class, or each label, is told.</summary>
sealed class ClassesSection : Section
{
    const int Long = 30;

    /// <inheritdoc/>
    public override string Id => "classes";

    /// <inheritdoc/>
    public override string Title => "Class by class";

    /// <inheritdoc/>
    public override string Word => "Classes";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.HasClasses;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        bool single = run.Has(LabelKind.Single);
        ClassScores[] scores = single ? run.Confusion.Scores() : Decided(run);
        Note(html, (single
            ? "Precision: of the images taken for a class, the share that is of it. Recall: of the images of a class, the " +
                "share that was found. "
            : "A label is taken as found from a probability of 0.5 on. ") +
            "Average precision (AP) and area under the ROC curve (AUC) look at the order of probabilities alone.");
        if (scores.Length > Long)
            html.Raw("<label class=\"filter\" hidden>Only with <input type=\"search\" data-filter=\"per-class\"></label>\n");
        string style = "sortable per-class" + (scores.Length > Long ? " long" : "");
        BeginTable(html, "Each class on the validation images", style);
        html.Raw("<thead><tr><th scope=\"col\">class</th><th scope=\"col\">images</th><th scope=\"col\">precision</th>");
        html.Raw("<th scope=\"col\">recall</th><th scope=\"col\">F1</th><th scope=\"col\">AP</th>");
        html.Raw("<th scope=\"col\">AUC</th></tr></thead>\n<tbody>");
        for (int k = 0; k < scores.Length; k++)
        {
            html.Add($"<tr><th scope=\"row\" dir=\"auto\">{run.Labels[k]}</th><td class=\"num\">{scores[k].Support}</td>");
            foreach (double value in (ReadOnlySpan<double>)[
                scores[k].Precision, scores[k].Recall, scores[k].F1, run.AveragePrecisions[k], run.Areas[k]])
            {
                // a class without images has no recall
                bool isKnown = double.IsFinite(value) && scores[k].Support > 0;
                if (isKnown) html.Add($"<td class=\"num bar\" style=\"--v:{value:0.###}\">{Figures.Number(value)}</td>");
                else html.Raw("<td class=\"num\" data-v=\"-1\">–</td>");
            }
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody>");
        if (single)
        {
            ClassScores mean = run.Confusion.MacroAverage(), weighted = run.Confusion.WeightedAverage();
            html.Raw("<tfoot>");
            Mean("mean over the classes", mean);
            Mean("mean over the images", weighted);
            html.Raw("</tfoot>");
        }
        EndTable(html);

        void Mean(string name, ClassScores mean)
        {
            html.Add($"<tr><th scope=\"row\">{name}</th><td class=\"num\">{mean.Support}</td>");
            html.Add($"<td class=\"num\">{Figures.Number(mean.Precision)}</td>");
            html.Add($"<td class=\"num\">{Figures.Number(mean.Recall)}</td>");
            html.Add($"<td class=\"num\">{Figures.Number(mean.F1)}</td><td></td><td></td></tr>\n");
        }
    }

    static ClassScores[] Decided(ReportContext run)
    {
        RunPredictions all = run.Predictions;
        var scores = new ClassScores[run.Labels.Count];
        for (int k = 0; k < scores.Length; k++)
        {
            long support = 0, taken = 0, both = 0;
            for (int i = 0; i < all.Count; i++)
            {
                bool has = all.TargetsOf(i)[k] > 0.5f, found = all.OutputsOf(i)[k] > 0;
                if (has) support++;
                if (found) taken++;
                if (has && found) both++;
            }
            scores[k] = new ClassScores(
                taken > 0 ? (double)both / taken : 0, support > 0 ? (double)both / support : 0,
                support + taken > 0 ? 2.0 * both / (support + taken) : 0, support);
        }
        return scores;
    }
}
