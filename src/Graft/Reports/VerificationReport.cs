using System.Globalization;

namespace Graft.Reports;

/// <summary>A verification on one page: each picture, what both models make of it, and where they part.</summary>
static class VerificationReport
{
    const int PictureSide = 320;

    /// <summary>The page as text.</summary>
    public static string Build(VerificationResult result)
    {
        var html = new HtmlWriter();
        ReportPage.Begin(html, $"{result.Architecture}: {(result.Passed ? "the same" : "different")}", Style);
        html.Add($"<p class=\"verdict {(result.Passed ? "good" : "bad")}\">{result.Verdict}</p>\n");
        html.Raw("<div class=\"figures\">");
        Figure("largest difference", Share(result.LargestShare));
        Figure("allowed", Share(result.Tolerance));
        Figure("images", $"{result.Images.Count}");
        Figure("same top class", $"{result.Images.Count(image => image.SameTop1)}");
        html.Raw("</div>\n<p class=\"note\">Differences are shares of the recorded logits' standard deviation, ");
        html.Add($"{Number(result.Spread, "G4")}.</p>\n");
        foreach (VerifiedImage image in result.Images.OrderByDescending(image => image.Share)) WriteImage(html, result, image);
        html.Add($"<h2>What was compared</h2>\n<table><tr><th>model<td>{result.Model}</tr>");
        html.Add($"<tr><th>recorded in<td>{result.Against}</tr></table>\n");
        return ReportPage.End(html);

        void Figure(string name, string value) => html.Add($"<div><b>{value}</b><span>{name}</span></div>");
    }

    static void WriteImage(HtmlWriter html, VerificationResult result, VerifiedImage image)
    {
        string name = image.Recorded.Name;
        html.Raw("<section class=\"pair\"><div class=\"picture\">");
        ReportPage.Thumbnail(
            html, image.Recorded.Path, name, ignoreOrientation: image.Recorded.IsTurned == false, PictureSide);
        html.Raw("</div><div class=\"both\">");
        (string mark, string style) = image.Passed ? ("same", "good") : ("different", "bad");
        html.Add($"<h2>{name} <span class=\"mark {style}\">{mark}</span></h2><p class=\"note\">{Sentence(image)}</p>\n");
        if (image.Error is null && image.Recorded.Map is not null)
        {
            if (!image.Passed) WritePixels(html, image);
        }
        else if (image.Error is null)
        {
            int[] theirs = Verification.Likeliest(image.Expected), ours = Verification.Likeliest(image.Logits);
            html.Raw("<div class=\"sides\">");
            WriteSide(html, "recorded", image.Expected, theirs, ours, (k, rank) => RecordedLabel(result, image, k, rank));
            WriteSide(html, "this model", image.Logits, ours, theirs, (k, _) => LabelOf(result, k));
            html.Raw("</div>\n");
            if (!image.Passed) WritePixels(html, image);
        }
        html.Raw("</div></section>\n");
    }

    static string Sentence(VerifiedImage image)
    {
        if (image.Error is { } error) return error;
        string classes = image.Recorded.Map is null
            ? $"; {image.SameTop5} of the {image.TopClasses} likeliest classes are the same."
            : image.SamePixels is { } same ? $"; {Number(100 * same, "0.##")}% of the pixels have the same class."
            : $"; of the map {image.Logits.Count} logits were recorded.";
        string difference =
            $"Logits differ by at most {Number(image.Difference, "G3")}, {Share(image.Share)} of the spread{classes}";
        return image.Side switch
        {
            DifferenceSide.Preprocessing => difference + " The pixels differ already: the difference lies in the preprocessing.",
            DifferenceSide.Network => difference + " The pixels are the same: the difference lies in the network.",
            _ => difference,
        };
    }

    static void WriteSide(
        HtmlWriter html, string title, IReadOnlyList<float> logits, int[] likeliest, int[] others,
        Func<int, int, string> label)
    {
        double highest = logits.Max();
        double total = logits.Sum(logit => Math.Exp(logit - highest));
        html.Add($"<table><tr><th>{title}<th>probability<th>logit</tr>\n");
        for (int rank = 0; rank < likeliest.Length; rank++)
        {
            int k = likeliest[rank];
            double share = Math.Exp(logits[k] - highest) / total;
            html.Add($"<tr class=\"{(others[rank] == k ? "" : "off")}\"><td>{label(k, rank)}");
            html.Add($"<td><span class=\"bar\" style=\"width:{Number(40 * share, "0.0")}px\"></span>");
            html.Add($"{Number(100 * share, "0.00")}%<td>{Number(logits[k], "0.00000")}</tr>\n");
        }
        html.Raw("</table>");
    }

    static void WritePixels(HtmlWriter html, VerifiedImage image)
    {
        if (image.Recorded.Pixels is not { } theirs || image.Pixels is not { } ours) return;
        html.Raw("<table class=\"pixels\"><tr><th>what the network saw<th>recorded<th>here</tr>\n");
        Row("size", Sizes(theirs.Shape), Sizes(ours.Shape));
        Row("mean", Value(theirs.Mean), Value(ours.Mean));
        Row("deviation", Value(theirs.Std), Value(ours.Std));
        Row("first values", Values(theirs.First), Values(ours.First));
        Row("last values", Values(theirs.Last), Values(ours.Last));
        html.Raw("</table>\n");

        void Row(string title, string left, string right)
        {
            if (left.Length == 0) return;
            html.Add($"<tr class=\"{(left == right ? "" : "off")}\"><th>{title}<td>{left}<td>{right}</tr>\n");
        }

        static string Sizes(IReadOnlyList<int>? shape) => shape is null ? "" : string.Join(" x ", shape);
        static string Value(double? value) => value is { } number ? Number(number, "0.000000") : "";
        static string Values(IReadOnlyList<float> list) =>
            string.Join(" ", list.Take(4).Select(value => Number(value, "0.0000")));
    }

    /// <summary>What the recording called a class; where it named none, what this model calls it.</summary>
    static string RecordedLabel(VerificationResult result, VerifiedImage image, int k, int rank) =>
        rank < image.Recorded.Labels.Count && ReferenceEquals(image.Expected, image.Recorded.Logits)
            ? image.Recorded.Labels[rank] : LabelOf(result, k);

    static string LabelOf(VerificationResult result, int k) => k < result.Labels.Count ? result.Labels[k] : $"class {k}";

    static string Share(double share) => double.IsInfinity(share) ? "no figure" : Number(share, "0.0e+0");

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    const string Style = """

        .verdict{font-size:17px;font-weight:600}.verdict.good{color:var(--good)}.verdict.bad{color:var(--bad)}
        .pair{display:grid;grid-template-columns:240px 1fr;gap:20px;margin:28px 0;padding-top:20px;
        border-top:1px solid var(--line)}
        .picture img{width:100%;border-radius:8px;display:block}.both h2{margin:0;word-break:break-all}
        .both .note{margin:4px 0 8px}
        .mark{font-size:13px;border-radius:10px;padding:2px 9px;vertical-align:2px;color:#fff;font-weight:600}
        .mark.good{background:var(--good)}.mark.bad{background:var(--bad)}
        .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:4px 24px;align-items:start}
        .sides table,.pixels{width:100%;font-size:14px}.sides td:nth-child(2){white-space:nowrap}
        .bar{display:inline-block;height:8px;border-radius:4px;background:var(--b);margin-right:8px}
        tr.off td{background:color-mix(in srgb,var(--bad) 18%,transparent)}
        @media(max-width:720px){.pair{grid-template-columns:1fr}}
        """;
}
