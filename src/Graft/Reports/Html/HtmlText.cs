using System.Globalization;
using System.Runtime.CompilerServices;

namespace Graft.Reports;

/// <summary>The pieces of an interpolated text on their way into markup.</summary>
[InterpolatedStringHandler]
readonly ref struct HtmlText
{
    readonly HtmlWriter to;

    /// <summary>Pieces for a writer.</summary>
    public HtmlText(int literalLength, int holes, HtmlWriter to)
    {
        _ = literalLength + holes;
        this.to = to;
    }

    /// <summary>Markup.</summary>
    public void AppendLiteral(string markup) => to.Raw(markup);

    /// <summary>Text.</summary>
    public void AppendFormatted(string? text) => to.Put(text);

    /// <summary>A number.</summary>
    public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
        to.Put(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>What another writer made.</summary>
    public void AppendFormatted(HtmlWriter markup) => to.Raw(markup.ToString());
}
