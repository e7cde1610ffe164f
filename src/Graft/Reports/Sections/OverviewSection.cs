using System.Text.Json;
using Graft.Data;

namespace Graft.Reports.Sections;

/// <summary>The figures that one looks at first.</summary>
sealed class OverviewSection : Section
{
    /// <inheritdoc/>
    public override string Id => "overview";

    /// <inheritdoc/>
    public override string Title => "At a glance";

    /// <inheritdoc/>
    public override string Word => "Overview";

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        RunRecord record = run.Run;
        if (record.Find("cancelled") is { ValueKind: JsonValueKind.True })
            html.Raw("<p class=\"banner\">The run was stopped early; this is the best model up to there.</p>\n");
        html.Raw("<dl class=\"figures\">");
        if (run.Has(LabelKind.Single))
        {
            int right = run.Outcomes.Count(one => one.IsRight), count = run.Outcomes.Count;
            Figure("accuracy", Figures.Percent((double)right / count), $"{right} of {count} images");
            if (record.Number("metrics", "val_top5_accuracy") is var top && double.IsFinite(top))
                Figure("top-5 accuracy", Figures.Percent(top), "");
            Figure("macro F1", Figures.Number(run.Confusion.MacroAverage().F1), "mean over the classes");
        }
        else if (run.Has(LabelKind.Multiple))
            Figure("mean average precision", Figures.Number(MeanAveragePrecision(run)), "mean over the labels");
        if (!run.Has(LabelKind.Single)) WriteOthers(record);
        Figure("validation loss", Figures.Number(record.Number("metrics", "val_loss")), "");
        string epochs = Figures.Short(record.Number("metrics", "epochs"));
        Figure("best epoch", Figures.Short(record.Number("metrics", "best_epoch")), $"of {epochs}");
        Figure("images", Figures.Count((long)Math.Max(0, record.Number("data", "train_images"))),
            $"to train on, {Figures.Short(record.Number("data", "val_images"))} to validate on");
        if (record.Find("seconds") is { ValueKind: JsonValueKind.Number } seconds)
            Figure("time", Figures.Duration(seconds.GetDouble()), "");
        html.Raw("</dl>\n");
        if (run.Run.Predictions is null && run.Run.Masks is null)
            Note(html, "This run's folder has no predictions.safetensors: what is drawn from single images is left out.");

        void WriteOthers(RunRecord of)
        {
            const string Validation = "val_";
            if (of.Find("metrics") is not { ValueKind: JsonValueKind.Object } metrics) return;
            foreach (JsonProperty metric in metrics.EnumerateObject())
                if (metric.Value.ValueKind == JsonValueKind.Number && metric.Name != "val_loss" &&
                    metric.Name.StartsWith(Validation, StringComparison.Ordinal))
                    Figure(
                        metric.Name[Validation.Length..].Replace('_', ' '), Figures.Number(metric.Value.GetDouble()), "");
        }

        void Figure(string name, string value, string more) =>
            html.Add($"<div><dt>{name}</dt><dd><b>{value}</b><small>{more}</small></dd></div>");
    }

    static double MeanAveragePrecision(ReportContext run)
    {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < run.Labels.Count; k++)
            if (run.AveragePrecisions[k] is var one && double.IsFinite(one)) (sum, count) = (sum + one, count + 1);
        return sum / count;
    }
}
