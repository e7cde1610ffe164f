using System.Net;
using System.Text;

namespace Graft.Nn;

/// <summary>
/// A summary as a page whose layers fold: <c>details</c> within <c>details</c>, which every browser opens by mouse and keyboard,
/// and finds text in.
/// </summary>
sealed class SummaryPage(SummaryCells cells, string title, int depth)
{
    const string Style = """
        :root {
          color-scheme: light dark;
          --fg: #1c2128; --bg: #ffffff; --soft: #59636e; --line: #d9dee4; --tint: #f3f6f9; --mark: #0b5cad;
        }
        @media (prefers-color-scheme: dark) {
          :root { --fg: #e3e8ee; --bg: #14181d; --soft: #9aa5b1; --line: #323a44; --tint: #1d232b; --mark: #74b4ff; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--bg); color: var(--fg); font: 14px/1.5 system-ui, sans-serif; }
        main { padding: 1.5rem; min-width: min-content; }
        h1 { font-size: 1.4rem; margin: 0 0 .8rem; overflow-wrap: anywhere; }
        dl { display: flex; flex-wrap: wrap; gap: .6rem 2rem; margin: 0 0 1rem; }
        dt { color: var(--soft); font-size: .85em; }
        dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
        button {
          font: inherit; color: inherit; padding: .15rem .7rem;
          background: var(--tint); border: 1px solid var(--line); border-radius: .3rem;
        }
        .row {
          display: grid; grid-template-columns: minmax(20rem, 3fr) COLUMNS; gap: 0 1rem;
          padding: .12rem .4rem; border-bottom: 1px solid var(--line);
        }
        .row > span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
        .row > .n { text-align: right; }
        .row > .name::before { display: inline-block; width: 1.1em; content: ""; color: var(--soft); }
        .head {
          position: sticky; top: 0; margin-top: .8rem; border-bottom-width: 2px;
          background: var(--bg); color: var(--soft); font-size: .85em;
        }
        summary { cursor: pointer; list-style: none; }
        summary::-webkit-details-marker { display: none; }
        summary.row > .name::before { content: "\25B8"; }
        details[open] > summary.row > .name::before { content: "\25BE"; }
        i { font-style: normal; }
        details[open] > summary .all, details:not([open]) > summary .own { display: none; }
        .row:hover { background: var(--tint); }
        :focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
        small { color: var(--soft); margin-left: .5em; }
        @media print { button { display: none; } .head { position: static; } }
        """;

    const string Script = """
        for (const button of document.querySelectorAll("button"))
          button.addEventListener("click", () => {
            for (const item of document.querySelectorAll("details")) item.open = button.dataset.open === "1";
          });
        """;

    readonly StringBuilder html = new();

    /// <summary>The page.</summary>
    public override string ToString()
    {
        html.Clear();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        string columns = string.Join(' ', cells.Columns.Select(column => IsNumber(column) ? "8rem" : "10rem"));
        html.Append($"<title>{Text(title)}</title>\n<style>\n{Style.Replace("COLUMNS", columns)}\n</style></head>\n");
        html.Append($"<body><main>\n<h1>{Text(title)}</h1>\n<dl>\n");
        (string[] counts, string[] sizes) = cells.Totals();
        foreach (string line in (IEnumerable<string>)[.. counts, .. sizes])
        {
            int colon = line.IndexOf(':');
            html.Append($"<div><dt>{Text(line[..colon])}</dt><dd>{Text(line[(colon + 1)..].Trim())}</dd></div>\n");
        }
        html.Append("</dl>\n<p><button type=\"button\" data-open=\"1\">Open all</button> ");
        html.Append("<button type=\"button\" data-open=\"0\">Close all</button></p>\n<div class=\"row head\">");
        html.Append($"<span class=\"name\">{Text(SummaryCells.FirstHeader)}</span>");
        foreach (SummaryColumn column in cells.Columns) Span(column, SummaryCells.Header(column));
        html.Append("</div>\n");
        WriteTree([.. cells.Layers]);
        html.Append($"</main>\n<script>\n{Script}\n</script></body></html>\n");
        return html.ToString();
    }

    void WriteTree(LayerSummary[] layers)
    {
        int open = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            for (; open > layers[i].Depth; open--) html.Append("</details>\n");
            bool holdsOthers = i + 1 < layers.Length && layers[i + 1].Depth > layers[i].Depth;
            if (holdsOthers)
            {
                html.Append(layers[i].Depth < depth ? "<details open>" : "<details>");
                open++;
            }
            Row(layers[i], holdsOthers);
        }
        for (; open > 0; open--) html.Append("</details>\n");
    }

    void Row(LayerSummary layer, bool holdsOthers)
    {
        string element = holdsOthers ? "summary" : "div";
        html.Append($"<{element} class=\"row\"><span class=\"name\" style=\"padding-left:{layer.Depth}em\"");
        html.Append($" title=\"{Text(layer.Path)}\">{Text(SummaryCells.Title(layer))}<small>{Text(layer.Path)}</small></span>");
        foreach (SummaryColumn column in cells.Columns)
        {
            string own = Text(cells.Cell(layer, column).Trim()), all = Text(cells.Cell(layer, column, isEnd: true).Trim());
            // a closed branch says what all of it has
            Span(column, own == all || !holdsOthers ? own : $"<i class=\"own\">{own}</i><i class=\"all\">{all}</i>");
        }
        html.Append($"</{element}>\n");
    }

    void Span(SummaryColumn column, string text) =>
        html.Append($"<span{(IsNumber(column) ? " class=\"n\"" : "")}>{text}</span>");

    static bool IsNumber(SummaryColumn column) =>
        column is SummaryColumn.Parameters or SummaryColumn.ParameterShare or SummaryColumn.MultAdds;

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
