using System.Globalization;
using System.Text.Json;

namespace Graft.Reports.Sections;

/// <summary>How to do it again: the command, every setting, versions, and where the time went.</summary>
sealed class SetupSection : Section
{
    /// <inheritdoc/>
    public override string Id => "setup";

    /// <inheritdoc/>
    public override string Title => "How it was made";

    /// <inheritdoc/>
    public override string Word => "Setup";

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        RunRecord record = run.Run;
        if (record.Command.Length > 0) html.Add($"<pre aria-label=\"command line\"><code>{record.Command}</code></pre>\n");
        html.Raw("<div class=\"columns\">");
        if (record.Find("settings") is { } settings) Facts(html, "Settings", Flat(settings));
        if (record.Find("versions") is { } versions) Facts(html, "Versions", Flat(versions));
        List<(string, string)> times = Times(record);
        if (times.Count > 0) Facts(html, "Time", times);
        html.Raw("</div>\n");
        if (record.Job is { } job)
        {
            html.Raw("<details><summary>The whole configuration</summary>\n");
            Facts(html, "job.json", Flat(job));
            html.Raw("</details>\n");
        }
    }

    static List<(string, string)> Times(RunRecord record)
    {
        List<(string, string)> times = [];
        if (record.Find("seconds") is { ValueKind: JsonValueKind.Number } seconds)
            times.Add(("altogether", Figures.Duration(seconds.GetDouble())));
        double all = 0, waited = 0, images = 0;
        bool isKnown = false;
        foreach (RunLine epoch in record.Epochs)
        {
            if (!double.IsFinite(epoch["seconds"])) continue;
            all += epoch["seconds"];
            images = Math.Max(images, epoch["images_per_second"]);
            if (!double.IsFinite(epoch["wait_share"])) continue;
            isKnown = true;
            waited += epoch["wait_share"] * epoch["seconds"];
        }
        if (all > 0) times.Add(("in epochs", Figures.Duration(all)));
        if (images > 0) times.Add(("images a second, the fastest epoch", Figures.Number(images, "0.#")));
        if (isKnown && all > 0) times.Add(("of the epochs waiting for data", Figures.Percent(waited / all)));
        return times;
    }

    /// <summary>Nested settings with the names of what they are in.</summary>
    internal static IEnumerable<(string Name, string Value)> Flat(JsonElement value, string name = "")
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            yield return (name.Replace('_', ' '), Text(value));
            yield break;
        }
        foreach (JsonProperty member in value.EnumerateObject())
            foreach ((string, string) row in Flat(member.Value, name.Length > 0 ? $"{name} · {member.Name}" : member.Name))
                yield return row;
    }

    static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : "none",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "not given",
        JsonValueKind.Number => value.TryGetInt64(out long whole)
            ? whole.ToString(CultureInfo.InvariantCulture) : Figures.Short(value.GetDouble()),
        JsonValueKind.Array when value.GetArrayLength() == 0 => "none",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
