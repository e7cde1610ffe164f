namespace Graft.Reports.Sections;

/// <summary>The network: what it is, and which of its layers were trained.</summary>
sealed class ModelSection : Section
{
    /// <inheritdoc/>
    public override string Id => "model";

    /// <inheritdoc/>
    public override string Title => "The model";

    /// <inheritdoc/>
    public override string Word => "Model";

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        RunRecord record = run.Run;
        double parameters = record.Number("model", "parameters"), trained = record.Number("model", "trainable_parameters");
        List<(string, string)> facts =
        [
            ("architecture", record.Text("model", "architecture") ?? ""),
            ("started from", record.Text("model", "path") ?? ""),
            ("input", record.Text("model", "input") ?? ""),
        ];
        if (double.IsFinite(parameters)) facts.Add(("parameters", Figures.Count((long)parameters)));
        if (double.IsFinite(trained))
            facts.Add(("of these trained", $"{Figures.Count((long)trained)} ({Figures.Percent(trained / parameters)})"));
        if (record.Text("model", "origin_weights_sha256") is { Length: > 0 } hash)
            facts.Add(("weights it started from, SHA-256", hash));
        if (record.Text("model", "weights_sha256") is { Length: > 0 } saved) facts.Add(("weights saved, SHA-256", saved));
        Facts(html, "The network", facts);
        if (record.Facts.Layers.Count > 0) WriteLayers(html, record);
        if (record.Facts.Summary.Length > 0)
            html.Add($"<details><summary>All layers</summary><pre tabindex=\"0\">{record.Facts.Summary}</pre></details>\n");
    }

    static void WriteLayers(HtmlWriter html, RunRecord record)
    {
        BeginTable(html, "Its layers from the first to the last", "layers");
        html.Raw("<thead><tr><th scope=\"col\">layers</th><th scope=\"col\">parameters</th>");
        html.Raw("<th scope=\"col\">state at the end</th></tr></thead>\n<tbody>");
        foreach (RunFacts.Layer layer in record.Facts.Layers)
        {
            (string state, string style) = layer.Trained == 0 ? ("frozen", "frozen")
                : layer.Trained == layer.Parameters ? ("trained", "trained")
                : ($"{Figures.Percent((double)layer.Trained / layer.Parameters)} trained", "trained");
            html.Add($"<tr><th scope=\"row\">{layer.Name}</th><td class=\"num\">{Figures.Count(layer.Parameters)}</td>");
            html.Add($"<td><span class=\"tag {style}\">{state}</span></td></tr>\n");
        }
        html.Raw("</tbody>");
        EndTable(html);
    }
}
