using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Graft.Tests;

public sealed partial class ReportTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void The_report_is_one_file_with_nothing_from_elsewhere()
    {
        string photos = workshop.Photos("photos", perClass: 16, "<script>alert(1)", "b & c");
        TrainResult result = FineTune.Run(
            workshop.Job(TrainingMode.Probe, photos) with { Epochs = 2 }, cancellation: TestContext.Current.CancellationToken);
        string html = File.ReadAllText(Path.Combine(result.Folder, "report.html"));
        Assert.Empty(External().Matches(html));
        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;alert(1)", html);
        Assert.Contains("b &amp; c", html);
        Assert.Contains("data:image/jpeg;base64,", html);
        Assert.Contains("Confusion matrix", html);
        string[] charts = [.. Chart().Matches(html).Select(match => match.Value)];
        Assert.Equal(2, charts.Length);
        foreach (string chart in charts) // well-formed: two curves, a mark for each epoch of each
        {
            XElement svg = XElement.Parse(chart);
            Assert.Equal(2, svg.Elements("path").Count());
            Assert.Equal(4, svg.Elements("circle").Count());
        }
    }

    [GeneratedRegex("""(src|href)\s*=\s*(?>["']?)(?!data:)|@import|url\(""", RegexOptions.IgnoreCase)]
    private static partial Regex External();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Chart();
}
