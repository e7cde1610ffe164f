using Graft.Data;
using Graft.Reports.Charts;
using Graft.Training;

namespace Graft.Reports.Sections;

/// <summary>Whether the model is right as often as it believes to be, as it is and with its temperature fitted.</summary>
sealed class CalibrationSection : Section
{
    /// <inheritdoc/>
    public override string Id => "calibration";

    /// <inheritdoc/>
    public override string Title => "Calibration";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.HasClasses;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        Calibration fitted = Fit(run.Predictions);
        CalibrationError before = Measure(run, 1), after = Measure(run, fitted.Temperature);
        html.Raw("<p class=\"note\">Of the images that the model gives 80%, 80% should be right: then bars end at the line. ");
        html.Add($"Expected calibration error (ECE, 15 bins): <b>{Figures.Percent(before.Compute())}</b>");
        string temperature = Figures.Number(fitted.Temperature, "0.00");
        if (!fitted.HasMinimum) html.Raw(". Every image is told rightly: there is no temperature to be found.</p>\n");
        else
        {
            html.Add($"; with logits divided by a temperature of {temperature}: <b>{Figures.Percent(after.Compute())}</b>, ");
            html.Add($"and the loss falls from {Figures.Number(fitted.LossBefore)} to {Figures.Number(fitted.LossAfter)}. ");
            html.Raw(fitted.Temperature > 1.05 ? "The model believes too much in itself. "
                : fitted.Temperature < 0.95 ? "The model believes too little in itself. " : "");
            html.Raw("The temperature is fitted to these same images: on others the gain will be somewhat smaller. ");
            html.Raw("No prediction changes by it, only how sure the model says it is.</p>\n");
        }
        html.Raw("<div class=\"charts\">");
        Draw(html, "As it is", before, 0);
        if (fitted.HasMinimum) Draw(html, $"With temperature {temperature}", after, 2);
        html.Raw("</div>\n");
    }

    static Calibration Fit(RunPredictions all)
    {
        float[][] rows = [.. Enumerable.Range(0, all.Count).Select(i => all.OutputsOf(i).ToArray())];
        return all.Kind == LabelKind.Single
            ? TemperatureScaling.Fit(rows, [.. all.Classes.Select(label => (int)label)])
            : TemperatureScaling.Fit(rows, [.. Enumerable.Range(0, all.Count).Select(i => all.TargetsOf(i).ToArray())]);
    }

    static void Draw(HtmlWriter html, string title, CalibrationError error, int color)
    {
        var bars = error.Bins.Select(bin => (bin.Low, bin.High, bin.Count > 0 ? bin.Accuracy : double.NaN,
            $"{bin.Count} predictions with {Figures.Percent(bin.Confidence)} on average: {Figures.Percent(bin.Accuracy)} right"));
        BarChart.Write(html, new ChartFrame
        {
            Title = $"{title}: ECE {Figures.Percent(error.Compute())}",
            Description = "Reliability diagram: the share of right answers by how sure the model was.",
            X = Axis.Share("probability given"),
            Y = Axis.Share("share that was right"),
            HasDiagonal = true,
        }, [.. bars], color);
    }

    static CalibrationError Measure(ReportContext run, double temperature)
    {
        RunPredictions all = run.Predictions;
        var error = new CalibrationError();
        float[] scaled = new float[run.Labels.Count];
        for (int i = 0; i < all.Count; i++)
        {
            ReadOnlySpan<float> outputs = all.OutputsOf(i);
            for (int k = 0; k < scaled.Length; k++) scaled[k] = (float)(outputs[k] / temperature);
            if (all.Kind == LabelKind.Single) error.Update(scaled, (int)all.Classes[i]);
            else error.Update(scaled, all.TargetsOf(i));
        }
        return error;
    }
}
