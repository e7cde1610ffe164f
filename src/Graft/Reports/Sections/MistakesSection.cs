using Graft.Data;
using Graft.Models;

namespace Graft.Reports.Sections;

/// <summary>The images that went worst: the highest losses, and the mistakes that the model was surest of.</summary>
sealed class MistakesSection : Section
{
    /// <inheritdoc/>
    public override string Id => "mistakes";

    /// <inheritdoc/>
    public override string Title => "What went worst";

    /// <inheritdoc/>
    public override string Word => "Worst";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Run.Predictions is { Count: > 0 };

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        if (run.Pictures.Method is { } method && !run.Has(LabelKind.Number))
            Note(html, method == ExplainMethod.GradCam
                ? "Beside each picture, as the network saw it, what speaks for the class predicted: red most (Grad-CAM)."
                : "Beside each picture, as the network saw it, the patches that attention carried to the result: red most " +
                    "(attention rollout).");
        if (!run.Has(LabelKind.Single))
        {
            WriteOthers(html, run);
            return;
        }
        Outcome[] byLoss = [.. run.Outcomes.OrderByDescending(one => one.Loss).Take(run.Options.Images)];
        Outcome[] sure = [.. run.Outcomes.Where(one => !one.IsRight)
            .OrderByDescending(one => one.Probability).Take(run.Options.Images)];
        Gallery(html, run, "Highest loss", byLoss);
        if (sure.Length == 0) Note(html, "No validation image was taken for another class.");
        else if (run.Labels.Count == 2 && sure.All(one => byLoss.Contains(one)))
            Note(html, "With two classes, the most confident mistakes are those of the highest loss: the same pictures.");
        else Gallery(html, run, "Most confident mistakes", sure);
    }

    internal static void Gallery(HtmlWriter html, ReportContext run, string title, IReadOnlyList<Outcome> shown)
    {
        html.Add($"<h3>{title}</h3>\n<div class=\"gallery\">");
        foreach (Outcome one in shown)
        {
            string actual = run.Labels[one.Label], predicted = run.Labels[one.Predicted];
            string image = run.Predictions.Images[one.Image];
            html.Add($"<figure class=\"{(one.IsRight ? "right" : "wrong")}\">");
            run.Pictures.Write(html, image, one.IsRight ? actual : $"{actual} taken for {predicted}", one.Predicted);
            html.Add($"<figcaption><dl><div><dt>Prediction</dt><dd dir=\"auto\">{predicted}</dd></div>");
            html.Add($"<div><dt>Actual</dt><dd dir=\"auto\">{actual}</dd></div>");
            html.Add($"<div><dt>Loss</dt><dd>{Figures.Number(one.Loss, "0.00")}</dd></div>");
            html.Add($"<div><dt>Probability</dt><dd>{Figures.Percent(one.Probability)}</dd></div></dl>");
            html.Add($"<small>{image}</small></figcaption></figure>\n");
        }
        html.Raw("</div>\n");
    }

    /// <summary>Several labels, or numbers.</summary>
    static void WriteOthers(HtmlWriter html, ReportContext run)
    {
        const int Named = 6;
        RunPredictions all = run.Predictions;
        html.Raw("<h3>Highest loss</h3>\n<div class=\"gallery\">");
        foreach (Outcome one in run.Outcomes.OrderByDescending(one => one.Loss).Take(run.Options.Images))
        {
            string image = all.Images[one.Image];
            List<(string Name, string Given, string Right)> rows = [];
            int worst = -1;
            double largest = double.NegativeInfinity;
            for (int k = 0; k < run.Labels.Count; k++)
            {
                double output = all.OutputsOf(one.Image)[k], target = all.TargetsOf(one.Image)[k];
                if (all.Kind == LabelKind.Number)
                {
                    rows.Add((run.Labels[k], Figures.Short(Math.Round(output, 4)), Figures.Short(Math.Round(target, 4))));
                    continue;
                }
                double probability = 1 / (1 + Math.Exp(-output));
                if (target > 0.5 || probability > 0.5)
                    rows.Add((run.Labels[k], Figures.Percent(probability), target > 0.5 ? "yes" : "no"));
                if (target <= 0.5 && probability > 0.5 && probability > largest) (worst, largest) = (k, probability);
            }
            html.Raw("<figure class=\"wrong\">");
            run.Pictures.Write(html, image, $"loss {Figures.Number(one.Loss)}", worst >= 0 ? worst : null);
            html.Raw("<figcaption><table><thead><tr><th scope=\"col\"></th><th scope=\"col\">Prediction</th>");
            html.Raw("<th scope=\"col\">Actual</th></tr></thead><tbody>");
            foreach ((string name, string given, string right) in rows.Take(Named))
                html.Add($"<tr><th scope=\"row\" dir=\"auto\">{name}</th><td>{given}</td><td>{right}</td></tr>");
            html.Add($"</tbody></table><small>loss {Figures.Number(one.Loss)} · {image}</small></figcaption></figure>\n");
        }
        html.Raw("</div>\n");
    }
}
