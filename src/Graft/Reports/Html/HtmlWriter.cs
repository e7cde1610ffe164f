using System.Runtime.CompilerServices;
using System.Text;

namespace Graft.Reports;

/// <summary>
/// Writes markup. What is put into an interpolated text is text, never markup: <c>html.Add($"&lt;b&gt;{name}&lt;/b&gt;")</c>
/// shows a name such as <c>&lt;script&gt;</c> as it is. Numbers have a point, whatever the user's language.
/// </summary>
sealed class HtmlWriter
{
    readonly StringBuilder markup = new();

    /// <summary>Adds markup with texts and numbers in it.</summary>
    public HtmlWriter Add([InterpolatedStringHandlerArgument("")] ref HtmlText text) => this;

    /// <summary>Adds markup as it is: a constant, or what another writer made.</summary>
    public HtmlWriter Raw(string text)
    {
        markup.Append(text);
        return this;
    }

    /// <summary>What was written.</summary>
    public override string ToString() => markup.ToString();

    /// <summary>A text as markup, for inside of elements and attributes.</summary>
    public static string Encode(string? text)
    {
        var to = new StringBuilder();
        Encode(text, to);
        return to.ToString();
    }

    internal void Put(ReadOnlySpan<char> text) => Encode(text, markup);

    static void Encode(ReadOnlySpan<char> text, StringBuilder to)
    {
        foreach (char letter in text)
        {
            switch (letter)
            {
                case '&': to.Append("&amp;"); break;
                case '<': to.Append("&lt;"); break;
                case '>': to.Append("&gt;"); break;
                case '"': to.Append("&quot;"); break;
                case '\'': to.Append("&#39;"); break;
                case < ' ' and not ('\n' or '\t'): to.Append('\uFFFD'); break; // markup has no such characters
                default: to.Append(letter); break;
            }
        }
    }
}
