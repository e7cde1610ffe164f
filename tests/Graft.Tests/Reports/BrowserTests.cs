using System.Text.Json;
using Graft.Data;
using Graft.Imaging;

namespace Graft.Tests;

/// <summary>Reports in a real browser: nothing complains, nothing is asked of the network, nothing sticks out.</summary>
public sealed class BrowserTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    public static TheoryData<string> Kinds => ["two", "many", "thousand", "multiple", "number", "trained"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_report_shows_itself_whole_on_a_phone_and_on_a_desk(string kind)
    {
        using Browser browser = await Browser.Start(Stop);
        string page = Page(kind);
        foreach ((int width, bool dark) in ((int, bool)[])[(400, false), (1280, false), (1280, true)])
        {
            await browser.Open(page, width, dark);
            Assert.Empty(browser.Complaints);
            Assert.Equal([new Uri(page).AbsoluteUri], browser.Requests);
            JsonElement seen = await browser.Evaluate("""
                (() => {
                  const wide = innerWidth, inside = element => element.closest(".scroll, nav ul, pre, svg");
                  return {
                    page: document.documentElement.scrollWidth, wide,
                    over: [...document.body.querySelectorAll("*")].filter(one => !inside(one) &&
                      one.getBoundingClientRect().right > wide + 1).slice(0, 5).map(one => one.outerHTML.slice(0, 160)),
                    broken: [...document.images].filter(one => !one.complete || one.naturalWidth === 0).length,
                    nameless: [...document.images].filter(one => !one.alt).length
                      + [...document.querySelectorAll("svg:not([aria-hidden])")].filter(one => !one.ariaLabel).length
                      + [...document.querySelectorAll("table")].filter(one => !one.caption && !one.closest("figure")).length,
                    marks: document.querySelectorAll("main script, main [onerror], main [onclick]").length,
                    dead: [...document.querySelectorAll("nav a")].filter(one => !document.querySelector(one.hash)).length,
                    text: document.body.innerText.length, back: getComputedStyle(document.body).backgroundColor,
                  };
                })()
                """);
            Assert.True(seen.GetProperty("page").GetInt32() <= width, $"{kind} at {width}: {seen.GetRawText()}");
            Assert.Equal(0, seen.GetProperty("over").GetArrayLength());
            foreach (string count in (string[])["broken", "nameless", "dead"])
                Assert.Equal((count, 0), (count, seen.GetProperty(count).GetInt32()));
            Assert.Equal(1, seen.GetProperty("marks").GetInt32()); // the page's own script
            Assert.True(seen.GetProperty("text").GetInt32() > 500);
            Assert.Equal(dark ? "rgb(16, 22, 28)" : "rgb(250, 251, 251)", seen.GetProperty("back").GetString());

            byte[] png = await browser.Screenshot();
            using Image picture = ImageCodec.Decode(png);
            Assert.True(DifferentColours(picture) > 20, $"{kind} at {width}: the picture is blank");
            if (Environment.GetEnvironmentVariable("GRAFT_SCREENSHOTS") is { Length: > 0 } folder)
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{kind}-{width}{(dark ? "-dark" : "")}.png"), png, Stop);
        }
    }

    [Fact]
    public async Task Tables_sort_curves_switch_and_shares_show()
    {
        using Browser browser = await Browser.Start(Stop);
        await browser.Open(Page("many"), 1280);
        // sorted by recall, falling, then rising
        const string Column = "[...document.querySelectorAll('table.per-class tbody tr')].map(row => row.cells[3])" +
            ".map(cell => Number(cell.dataset.v ?? cell.textContent))";
        const string Press = "document.querySelector('table.per-class thead th:nth-child(4) button').click()";
        double[] before = await Numbers(Column), sorted = [.. before.OrderDescending()];
        await browser.Evaluate(Press);
        Assert.Equal(sorted, await Numbers(Column));
        await browser.Evaluate(Press);
        Assert.Equal(sorted.Reverse(), await Numbers(Column));
        JsonElement sort = await browser.Evaluate("document.querySelector('table.per-class th[aria-sort]').ariaSort");
        Assert.Equal("ascending", sort.GetString());
        // a curve of the legend goes and comes
        const string Shown = "getComputedStyle(document.querySelector('#ranking .chart .n1')).display !== 'none'";
        Assert.True((await browser.Evaluate(Shown)).GetBoolean());
        await browser.Evaluate("document.querySelector('#ranking .legend input').click()");
        Assert.False((await browser.Evaluate(Shown)).GetBoolean());
        // shares of rows in place of counts
        const string Cell = "document.querySelector('.matrix .right').innerText";
        Assert.DoesNotContain("%", (await browser.Evaluate(Cell)).GetString());
        await browser.Evaluate("document.querySelector('.by-row').click()");
        Assert.EndsWith("%", (await browser.Evaluate(Cell)).GetString());

        async Task<double[]> Numbers(string expression) =>
            [.. (await browser.Evaluate(expression)).EnumerateArray().Select(one => one.GetDouble())];
    }

    string Page(string kind)
    {
        string data = workshop.Path("data"), run = workshop.Path("run-of-" + kind);
        if (kind == "trained")
        {
            FineTune.Run(workshop.Job(TrainingMode.Probe) with { Output = run }, cancellation: Stop);
            return Path.Combine(run, "report.html");
        }
        _ = kind switch
        {
            "two" => RunMaker.Single(run, 2, 40, data, withImages: true),
            "many" => RunMaker.Single(run, 12, 10, data, withImages: true),
            "thousand" => RunMaker.Single(run, 1000, 3, data),
            "multiple" => RunMaker.Other(run, LabelKind.Multiple, 8, 60, data),
            _ => RunMaker.Other(run, LabelKind.Number, 2, 60, data),
        };
        return RunReport.Write(run, options: new ReportOptions { Overlays = false });
    }

    static int DifferentColours(Image picture)
    {
        HashSet<int> colours = [];
        for (int i = 0; i + 2 < picture.Rgb.Length; i += 3)
            colours.Add(picture.Rgb[i] << 16 | picture.Rgb[i + 1] << 8 | picture.Rgb[i + 2]);
        return colours.Count;
    }
}
