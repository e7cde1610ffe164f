using Graft.Data;
using Graft.Training;

namespace Graft.Reports.Sections;

/// <summary>Which class was taken for which.</summary>
sealed class ConfusionSection : Section
{
    const int Few = 5, LargestTable = 24, LargestDrawing = 150, Picked = 60;
    const int Cell = 12, Margin = 150, Gap = 6;

    /// <inheritdoc/>
    public override string Id => "confusion";

    /// <inheritdoc/>
    public override string Title => "Confusion matrix";

    /// <inheritdoc/>
    public override string Word => "Confusion";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Has(LabelKind.Single);

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        ConfusionMatrix matrix = run.Confusion;
        int[] shown = [.. Enumerable.Range(0, matrix.Classes)];
        Note(html, "Rows: what an image shows. Columns: what it was taken for. Green is right, red is wrong.");
        if (shown.Length > LargestDrawing)
        {
            shown = MostErrors(matrix, Picked);
            Note(html, $"Of {matrix.Classes} classes, these are the {shown.Length} that take part in most mistakes.");
        }
        html.Raw("<div class=\"matrices\"><fieldset class=\"choice\"><legend>Shown</legend>");
        html.Raw("<label><input type=\"radio\" name=\"norm\" class=\"by-count\" checked> images</label>");
        html.Raw("<label><input type=\"radio\" name=\"norm\" class=\"by-row\"> share of the row (recall)</label>");
        html.Raw("<label><input type=\"radio\" name=\"norm\" class=\"by-column\"> share of the column (precision)</label>");
        html.Raw("</fieldset>\n");
        if (shown.Length <= LargestTable) WriteTable(html, run, shown);
        else WriteDrawing(html, run, shown);
        html.Raw("</div>\n");
    }

    static void WriteTable(HtmlWriter html, ReportContext run, int[] shown)
    {
        Sums sums = new(run.Confusion);
        BeginTable(html, "Images of each class (rows) by the class that they were taken for (columns)",
            shown.Length <= Few ? "matrix few" : "matrix");
        html.Raw("<thead><tr><td></td>");
        foreach (int column in shown)
        {
            string label = run.Labels[column];
            html.Add($"<th scope=\"col\" title=\"{label}\"><span dir=\"auto\">{label}</span></th>");
        }
        html.Raw("</tr></thead>\n<tbody>");
        foreach (int row in shown)
        {
            html.Add($"<tr><th scope=\"row\" dir=\"auto\">{run.Labels[row]}</th>");
            foreach (int column in shown)
            {
                long count = run.Confusion[row, column];
                (double byCount, double byRow, double byColumn) = sums.Shares(row, column);
                if (count == 0)
                {
                    html.Raw("<td class=\"zero\">0</td>");
                    continue;
                }
                html.Add($"<td class=\"{(row == column ? "right" : "wrong")}\" style=\"--n:{byCount:0.###};--r:{byRow:0.###};");
                html.Add($"--c:{byColumn:0.###}\"><span class=\"v-n\">{count}</span>");
                html.Add($"<span class=\"v-r\">{Figures.Percent(byRow, "0")}</span>");
                html.Add($"<span class=\"v-c\">{Figures.Percent(byColumn, "0")}</span></td>");
            }
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody>");
        EndTable(html);
    }

    static void WriteDrawing(HtmlWriter html, ReportContext run, int[] shown)
    {
        Sums sums = new(run.Confusion);
        int size = Margin + Gap + shown.Length * Cell;
        html.Raw("<div class=\"scroll\" role=\"region\" aria-label=\"Confusion matrix\" tabindex=\"0\">");
        html.Add($"<svg class=\"cells\" viewBox=\"0 0 {size} {size}\" style=\"width:{size}px\" role=\"img\" ");
        html.Add($"aria-label=\"Heat map of {shown.Length} by {shown.Length} classes; ");
        html.Raw("its numbers are in the tables of classes and of confused pairs below.\">");
        for (int i = 0; i < shown.Length; i++)
        {
            int at = Margin + Gap + i * Cell;
            string label = Cut(run.Labels[shown[i]]);
            html.Add($"<text x=\"{Margin}\" y=\"{at + 9}\" text-anchor=\"end\">{label}</text>");
            html.Add($"<text transform=\"translate({at + 9} {Margin}) rotate(-90)\">{label}</text>");
            html.Add($"<rect class=\"lane\" x=\"{Margin + Gap}\" y=\"{at}\" ");
            html.Add($"width=\"{shown.Length * Cell}\" height=\"{Cell - 1}\"/>");
        }
        for (int i = 0; i < shown.Length; i++)
            for (int j = 0; j < shown.Length; j++)
            {
                (int row, int column) = (shown[i], shown[j]);
                long count = run.Confusion[row, column];
                if (count == 0) continue;
                (double byCount, double byRow, double byColumn) = sums.Shares(row, column);
                // a single mistake is to be seen, too
                html.Add($"<rect class=\"{(row == column ? "right" : "wrong")}\" x=\"{Margin + Gap + j * Cell}\" ");
                html.Add($"y=\"{Margin + Gap + i * Cell}\" width=\"{Cell - 1}\" height=\"{Cell - 1}\" ");
                html.Add($"style=\"--n:{Seen(byCount):0.##};--r:{Seen(byRow):0.##};--c:{Seen(byColumn):0.##}\">");
                html.Add($"<title>{run.Labels[row]} taken for {run.Labels[column]}: {count} ");
                html.Add($"({Figures.Percent(byRow, "0")} of the row, {Figures.Percent(byColumn, "0")} of the column)");
                html.Raw("</title></rect>");
            }
        html.Raw("</svg></div>\n");
    }

    static double Seen(double share) => 0.2 + 0.8 * Math.Sqrt(share);

    static string Cut(string label) => label.Length <= 24 ? label : label[..23] + "…";

    static int[] MostErrors(ConfusionMatrix matrix, int count)
    {
        long[] errors = new long[matrix.Classes];
        for (int i = 0; i < errors.Length; i++)
            for (int j = 0; j < errors.Length; j++)
                if (i != j)
                {
                    errors[i] += matrix[i, j];
                    errors[j] += matrix[i, j];
                }
        return [.. Enumerable.Range(0, errors.Length).OrderByDescending(k => errors[k]).Take(count).Order()];
    }

    /// <summary>What a cell's count is to be held against.</summary>
    sealed class Sums
    {
        readonly ConfusionMatrix matrix;
        readonly long[] rows, columns;
        readonly long largest;

        public Sums(ConfusionMatrix matrix)
        {
            this.matrix = matrix;
            (rows, columns) = (new long[matrix.Classes], new long[matrix.Classes]);
            for (int i = 0; i < rows.Length; i++)
                for (int j = 0; j < columns.Length; j++)
                {
                    rows[i] += matrix[i, j];
                    columns[j] += matrix[i, j];
                    largest = Math.Max(largest, matrix[i, j]);
                }
        }

        public (double ByCount, double ByRow, double ByColumn) Shares(int row, int column)
        {
            double count = matrix[row, column];
            return (count / Math.Max(1, largest), count / Math.Max(1, rows[row]), count / Math.Max(1, columns[column]));
        }
    }
}
