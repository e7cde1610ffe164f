namespace Graft.Cli;

/// <summary>Cells of comma-separated values, RFC 4180.</summary>
static class CsvText
{
    /// <summary>A cell's text, quoted where it must be.</summary>
    public static string Of(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"") + "\"";
}
