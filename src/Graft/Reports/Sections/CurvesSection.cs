using Graft.Reports.Charts;

namespace Graft.Reports.Sections;

/// <summary>How training went: every number that was recorded, over the epochs, and over the steps where those were.</summary>
sealed class CurvesSection : Section
{
    const int MostSteps = 600, Grey = 7;
    const string Train = "train_", Validation = "val_";

    // in the table, but no curve worth drawing
    static readonly HashSet<string> onlyListed =
        ["epoch", "seconds", "images_per_second", "iteration", "step", "batch", "wait_share", "best"];

    static readonly Dictionary<string, string> words = new()
    {
        ["lr"] = "learning rate",
        ["wait_share"] = "waiting for data",
        ["images_per_second"] = "images/s",
    };

    /// <inheritdoc/>
    public override string Id => "training";

    /// <inheritdoc/>
    public override string Title => "Training";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Run.Epochs.Count > 0;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        IReadOnlyList<RunLine> epochs = run.Run.Epochs;
        string[] names = [.. epochs.SelectMany(epoch => epoch.Names).Distinct()];
        Axis over = Axis.Whole("epoch", (int)epochs[0]["epoch"], (int)epochs[^1]["epoch"]);
        List<(double, string)> phases = Phases(epochs);
        html.Raw("<div class=\"charts\">");
        foreach (string measure in Measures(names))
        {
            List<Series> curves = [];
            Add(Train + measure, "training", Grey);
            Add(Validation + measure, "validation", 0);
            Add(measure, Called(measure), 0);
            if (curves.Count == 0) continue;
            var values = curves.SelectMany(curve => curve.Points.Select(point => point.Y)).ToList();
            bool isShare = values.TrueForAll(value => !(value is < 0 or > 1)) && values.Exists(value => value > 0.2);
            // shares that are all high are told apart better without the room below
            bool isHigh = isShare && values.TrueForAll(value => !(value < 0.6));
            Axis y = isShare && !isHigh && measure is not "loss" ? Axis.Share(Called(measure))
                : Axis.Around(Called(measure), values, fromZero: !isHigh, mayBeLogarithmic: measure == "lr");
            LineChart.Write(html, new ChartFrame
            {
                Title = Capital(Called(measure)),
                Description = Describe(curves),
                X = over,
                Y = y,
            }, curves, marks: phases);

            void Add(string name, string label, int color)
            {
                if (!names.Contains(name)) return;
                curves.Add(new Series(label, [.. epochs.Select(epoch => (epoch["epoch"], epoch[name]))]) { Color = color });
            }
        }
        html.Raw("</div>\n");
        WriteSteps(html, run.Run.Steps);
        WriteTable(html, epochs, names);
    }

    static void WriteSteps(HtmlWriter html, IReadOnlyList<RunLine> steps)
    {
        if (steps.Count == 0) return;
        string[] names = [.. steps.SelectMany(step => step.Names).Distinct().Where(name => !onlyListed.Contains(name))];
        int every = Math.Max(1, steps.Count / MostSteps);
        html.Raw("<h3>Step by step</h3>\n<div class=\"charts\">");
        foreach (string name in names)
        {
            List<(double, double)> points = [];
            for (int i = 0; i < steps.Count; i += every)
            {
                double at = double.IsFinite(steps[i]["iteration"]) ? steps[i]["iteration"]
                    : double.IsFinite(steps[i]["step"]) ? steps[i]["step"] : i + 1;
                points.Add((at, steps[i][name]));
            }
            LineChart.Write(html, new ChartFrame
            {
                Title = Capital(Called(name)),
                Description = $"{points.Count} of {steps.Count} steps.",
                X = Axis.Around("step", points.Select(point => point.Item1), fromZero: false),
                Y = Axis.Around(Called(name), points.Select(point => point.Item2)),
            }, name == "loss" ? Smoothed(points) : [new Series(Called(name), points) { HasMarks = false }]);
        }
        html.Raw("</div>\n");
    }

    /// <summary>Each step, and their running mean, exponential and corrected for its start.</summary>
    static Series[] Smoothed(List<(double X, double Y)> points)
    {
        const double Keeps = 0.9;
        List<(double, double)> means = [];
        double sum = 0, weight = 0;
        foreach ((double x, double y) in points)
        {
            if (!double.IsFinite(y)) continue;
            (sum, weight) = (Keeps * sum + y, Keeps * weight + 1);
            means.Add((x, sum / weight));
        }
        return
        [
            new Series("each step", points) { HasMarks = false, IsFaint = true, Color = Grey },
            new Series("running mean", means) { HasMarks = false, Color = 0 },
        ];
    }

    static void WriteTable(HtmlWriter html, IReadOnlyList<RunLine> epochs, string[] names)
    {
        html.Raw("<details><summary>Every epoch as a table</summary>\n");
        BeginTable(html, "Each epoch; the best one is set in bold", "sortable");
        html.Raw("<thead><tr><th scope=\"col\">epoch</th><th scope=\"col\">trained</th>");
        string[] columns = [.. names.Where(name => name != "epoch")];
        foreach (string name in columns) html.Add($"<th scope=\"col\">{Called(name)}</th>");
        html.Raw("</tr></thead>\n<tbody>");
        foreach (RunLine epoch in epochs)
        {
            html.Add($"<tr class=\"{(epoch.IsBest ? "best" : "")}\"><td class=\"num\">{Figures.Short(epoch["epoch"])}</td>");
            html.Add($"<td>{epoch.Text("phase")}</td>");
            foreach (string name in columns) html.Add($"<td class=\"num\">{Figures.Short(Math.Round(epoch[name], 6))}</td>");
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody>");
        EndTable(html);
        html.Raw("</details>\n");
    }

    /// <summary>Loss first, then accuracy, then the others as they come, the rate last.</summary>
    static IEnumerable<string> Measures(string[] names) => names.Where(name => !onlyListed.Contains(name))
        .Select(name => name.StartsWith(Train, StringComparison.Ordinal) ? name[Train.Length..]
            : name.StartsWith(Validation, StringComparison.Ordinal) ? name[Validation.Length..] : name)
        .Distinct().OrderBy(name => name switch { "loss" => 0, "accuracy" => 1, "lr" => 3, _ => 2 });

    static List<(double, string)> Phases(IReadOnlyList<RunLine> epochs)
    {
        List<(double, string)> found = [];
        for (int i = 1; i < epochs.Count; i++)
            if (epochs[i].Text("phase") is var phase && phase != epochs[i - 1].Text("phase"))
                found.Add((epochs[i]["epoch"] - 0.5, phase));
        return found;
    }

    static string Describe(List<Series> curves) => string.Join(" ", curves.Select(curve =>
    {
        double[] values = [.. curve.Points.Select(point => point.Y).Where(double.IsFinite)];
        return values.Length == 0 ? $"{curve.Name}: nothing recorded."
            : $"{curve.Name}: from {Figures.Short(Math.Round(values[0], 4))} to {Figures.Short(Math.Round(values[^1], 4))}.";
    }));

    static string Called(string name) => words.GetValueOrDefault(name) ?? name.Replace('_', ' ');

    static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
