namespace Graft.Reports.Sections;

/// <summary>A part of a run's report under a heading of its own.</summary>
abstract class Section
{
    /// <summary>What links to it end in: <c>confusion</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Its heading.</summary>
    public abstract string Title { get; }

    /// <summary>Its heading in a word, for the navigation.</summary>
    public virtual string Word => Title;

    /// <summary>Whether there is anything to show.</summary>
    /// <value>true</value>
    public virtual bool AppliesTo(ReportContext run) => true;

    /// <summary>Everything below the heading.</summary>
    public abstract void Write(HtmlWriter html, ReportContext run);

    /// <summary>A sentence under a heading.</summary>
    protected static void Note(HtmlWriter html, string text) => html.Add($"<p class=\"note\">{text}</p>\n");

    /// <summary>Begins a table that scrolls by itself where it is too wide.</summary>
    /// <param name="html">where to</param>
    /// <param name="caption">what the table shows</param>
    /// <param name="style">CSS classes of the table</param>
    protected static void BeginTable(HtmlWriter html, string caption, string style = "")
    {
        html.Add($"<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">");
        html.Add($"<table class=\"{style}\"><caption>{caption}</caption>\n");
    }

    /// <summary>Ends such a table.</summary>
    protected static void EndTable(HtmlWriter html) => html.Raw("</table></div>\n");

    /// <summary>A table of names and values.</summary>
    protected static void Facts(HtmlWriter html, string caption, IEnumerable<(string Name, string Value)> rows)
    {
        BeginTable(html, caption, "facts");
        html.Raw("<tbody>");
        foreach ((string name, string value) in rows)
            html.Add($"<tr><th scope=\"row\">{name}</th><td dir=\"auto\">{value}</td></tr>\n");
        html.Raw("</tbody>");
        EndTable(html);
    }
}
