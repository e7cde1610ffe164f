using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Graft.Data;
using Graft.Reports;
using Graft.Reports.Charts;

namespace Graft.Tests;

public sealed partial class ReportContentTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void Training_writes_all_that_the_report_is_made_of()
    {
        string photos = workshop.Photos("photos", perClass: 16, "<script>alert(1)", "b & c");
        TrainResult result = FineTune.Run(
            workshop.Job(TrainingMode.Probe, photos) with { Epochs = 2 }, cancellation: TestContext.Current.CancellationToken);
        string html = File.ReadAllText(Path.Combine(result.Folder, "report.html"));
        AssertAlone(html);
        Assert.Contains("&lt;script&gt;alert(1)", html);
        Assert.Contains("b &amp; c", html);
        Assert.Contains("where the model looked", html); // overlays
        foreach (string id in (string[])["training", "confusion", "classes", "ranking", "calibration", "mistakes", "examples",
            "data", "model", "setup"]) Assert.Contains($"<section id=\"{id}\">", html);
        Assert.Contains("Step by step", html);
        // what graft report makes of the folder alone is the same page
        Assert.Equal(html, RunReport.Build(result.Folder, new ReportOptions { Device = "cpu" }));
        RunPredictions kept = RunPredictions.Read(Path.Combine(result.Folder, RunPredictions.FileName));
        Assert.Equal(result.Validation.Images, kept.Count);
        Assert.Equal(result.Validation.Samples.Select(one => (long)one.Label), kept.Classes);
        Assert.All(kept.Images, image => Assert.True(File.Exists(Path.Combine(photos, image)), image));
        RunFacts facts = RunFacts.Read(Path.Combine(result.Folder, RunFacts.FileName));
        Assert.Equal([result.Plan.TrainingImages, result.Plan.ValidationImages], facts.Parts.Select(part => part.Images));
        Assert.Equal(result.Plan.Parameters, facts.Layers.Sum(layer => layer.Parameters));
        Assert.Equal(0, facts.Layers[0].Trained); // a probe trains the head alone
        Assert.True(facts.Layers[^1].Trained > 0);
    }

    [Fact]
    public void A_run_that_is_taken_up_has_one_line_a_step()
    {
        using RunFolder folder = RunFolder.Create(workshop.Path("run"), "model", "data");
        string path = folder.PathOf("iterations.jsonl");
        var log = new StepLog(folder);
        log.Keep(3); // nothing there yet
        Assert.False(File.Exists(path));
        string[] lines = [.. Enumerable.Range(1, 5).Select(step => $"{{\"iteration\":{step},\"loss\":0.5}}")];
        File.WriteAllText(path, string.Join('\n', lines) + "\n{\"iteration\":6,\"lo");
        log.Keep(6);
        Assert.Equal(lines, File.ReadAllLines(path));
        log.Keep(3);
        Assert.Equal(lines[..3], File.ReadAllLines(path));
    }

    [Theory]
    [InlineData(2, 30), InlineData(12, 10), InlineData(40, 4), InlineData(1000, 2)]
    public void Any_number_of_classes_with_any_names(int classes, int perClass)
    {
        string run = RunMaker.Single(workshop.Path("run"), classes, perClass, workshop.Path("data"));
        List<string> notes = [];
        string html = RunReport.Build(run, new ReportOptions { Overlays = false }, notes.Add);
        AssertAlone(html);
        foreach (string name in RunMaker.Names(classes).Take(10)) Assert.Contains(HtmlWriter.Encode(name), html);
        Assert.Contains("Missing images", html);
        Assert.Contains(notes, note => note.Contains("--data"));
        Assert.True(html.Length < 4_000_000, $"{html.Length} characters");
    }

    [Theory]
    [InlineData(LabelKind.Multiple), InlineData(LabelKind.Number)]
    public void Several_labels_and_numbers(LabelKind kind)
    {
        string run = RunMaker.Other(workshop.Path("run"), kind, 3, 50, workshop.Path("data"));
        string html = RunReport.Build(run, new ReportOptions { Overlays = false });
        AssertAlone(html);
        Assert.Equal(kind == LabelKind.Number, html.Contains("<section id=\"numbers\">"));
        Assert.Equal(kind == LabelKind.Multiple, html.Contains("<section id=\"ranking\">"));
        Assert.DoesNotContain("<section id=\"confusion\">", html);
    }

    [Fact]
    public void Images_that_moved_are_found_where_they_are_said_to_be()
    {
        string run = RunMaker.Single(workshop.Path("run"), 2, 20, workshop.Path("old"));
        RunMaker.Single(workshop.Path("other"), 2, 20, workshop.Path("new"), withImages: true);
        Assert.DoesNotContain("data:image/jpeg", RunReport.Build(run, new ReportOptions { Overlays = false }));
        string html = RunReport.Build(run, new ReportOptions { Overlays = false, Data = workshop.Path("new") });
        Assert.Contains("data:image/jpeg", html);
        Assert.DoesNotContain("Missing images", html);
    }

    [Fact]
    public void What_is_not_there_is_left_out()
    {
        string run = RunMaker.Single(workshop.Path("run"), 3, 5, workshop.Path("data"));
        foreach (string file in (string[])[RunPredictions.FileName, RunFacts.FileName, "metrics.jsonl", "command.txt"])
            File.Delete(Path.Combine(run, file));
        string html = RunReport.Build(run);
        AssertAlone(html);
        Assert.Contains("has no predictions.safetensors", html);
        File.Delete(Path.Combine(run, "summary.json"));
        Assert.Contains("summary.json", Assert.Throws<InvalidDataException>(() => RunReport.Build(run)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => RunReport.Build(workshop.Path("nothing")));
    }

    [Fact]
    public void Damaged_files_are_told_by_their_names()
    {
        string run = RunMaker.Single(workshop.Path("run"), 3, 5, workshop.Path("data"));
        string predictions = Path.Combine(run, RunPredictions.FileName);
        File.WriteAllBytes(predictions, File.ReadAllBytes(predictions)[..^3]);
        Assert.Contains(RunPredictions.FileName, Assert.Throws<InvalidDataException>(() => RunReport.Build(run)).Message);
        File.Delete(predictions);
        File.WriteAllText(Path.Combine(run, RunFacts.FileName), "{");
        Assert.Contains(RunFacts.FileName, Assert.Throws<InvalidDataException>(() => RunReport.Build(run)).Message);
        // half a line at the end of metrics.jsonl is what a killed run leaves
        File.Delete(Path.Combine(run, RunFacts.FileName));
        File.AppendAllText(Path.Combine(run, "metrics.jsonl"), "{\"epoch\":7,\"tr");
        Assert.Contains("<section id=\"training\">", RunReport.Build(run));
    }

    [Fact]
    public void Numbers_have_points_whatever_the_language()
    {
        string run = RunMaker.Single(workshop.Path("run"), 3, 15, workshop.Path("data"));
        var options = new ReportOptions { Overlays = false };
        string before = RunReport.Build(run, options);
        CultureInfo own = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.PercentDecimalSeparator) = (",", ",");
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(before, RunReport.Build(run, options));
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    [Fact]
    public void Curves_are_well_formed_and_complete()
    {
        string run = RunMaker.Single(workshop.Path("run"), 3, 15, workshop.Path("data"));
        string html = RunReport.Build(run, new ReportOptions { Overlays = false });
        XElement[] charts = [.. Chart().Matches(html).Select(match => XElement.Parse(match.Value))];
        XElement Of(string title) =>
            Assert.Single(charts, svg => ((string?)svg.Attribute("aria-label"))!.StartsWith(title + ". "));
        Assert.Equal(2, Of("Loss").Descendants("path").Count());
        Assert.Equal(12, Of("Accuracy").Descendants("circle").Count()); // a mark for each epoch of both
        Assert.Single(Of("Macro f1").Descendants("path"));
        Assert.Single(Of("Learning rate").Descendants("path"));
        Assert.Equal(3, Of("Precision over recall (average precision)").Descendants("path").Count());
        Assert.Equal(3, Of("ROC (area under the curve)").Descendants("path").Count());
    }

    [Theory]
    [InlineData(0, 1, 6), InlineData(0.2, 0.93, 6), InlineData(12, 3021, 5), InlineData(-5, 5, 6), InlineData(0.00002, 0.0004, 5)]
    public void Axes_have_round_numbers_around_all_values(double low, double high, int most)
    {
        Axis axis = Axis.Around("x", [low, double.NaN, high]);
        Assert.InRange(axis.Ticks.Count, 3, most + 1);
        Assert.True(axis.Low <= low && axis.High >= high);
        Assert.Equal(axis.Ticks.Count, axis.Ticks.Select(axis.Text).Distinct().Count());
        Assert.InRange(axis.At(low), 0, axis.At(high));
    }

    static void AssertAlone(string html)
    {
        Assert.Empty(External().Matches(html));
        Assert.Single(Script().Matches(html)); // the page's own
        Assert.StartsWith("<!doctype html>", html);
        Assert.EndsWith("</html>\n", html);
    }

    // an attribute of an element, not words within another attribute
    [GeneratedRegex("""<\w+(\s+[\w-]+(="[^"]*")?)*?\s+(src|href)="(?!data:|#)|@import|url\(""", RegexOptions.IgnoreCase)]
    private static partial Regex External();

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex("<svg viewBox.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Chart();
}
