using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Graft.Data;

/// <summary>
/// A table of separated values: RFC 4180 with its quoting, the separator told by the first line (comma, semicolon, tab), UTF-8
/// with or without a byte order mark. The first line names the columns.
/// </summary>
sealed class CsvTable : ITable
{
    const int LongestCell = 1 << 20;
    const int LongestHead = 1 << 16;

    // '|' last: it more often stands between labels
    static readonly char[] delimiters = [',', ';', '\t', '|'];

    readonly StreamReader reader;
    readonly CsvParser parser;

    CsvTable(string path, StreamReader reader, string delimiter)
    {
        (Name, this.reader) = (path, reader);
        parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            Mode = CsvMode.RFC4180,
            IgnoreBlankLines = true,
            MaxFieldSize = LongestCell,
            BadDataFound = args => throw new InvalidDataException(
                $"{path}: line {args.Context.Parser!.RawRow}: a quotation mark within a cell. Put the cell in quotation marks "
                + "and double those within."),
        }, leaveOpen: true);
    }

    public string Name { get; }

    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Opens a table and reads the names of its columns.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty, no text, or a column has no name or that of another.</exception>
    public static CsvTable Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file.", path);
        string delimiter = DelimiterOf(path);
        CsvTable table = new(path, Text(path), delimiter);
        try
        {
            table.ReadColumns();
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    public IEnumerable<TableRow> Rows()
    {
        while (Read())
        {
            string[] cells = parser.Record!;
            if (cells.All(string.IsNullOrWhiteSpace)) continue; // what spreadsheets leave at the end
            if (cells.Length != Columns.Count)
                throw new InvalidDataException(
                    $"{Name}: line {parser.RawRow}: expected {Columns.Count} cells as the first line has, found {cells.Length}. "
                    + "Put cells with separators into quotation marks.");
            yield return new TableRow(parser.RawRow, cells);
        }
    }

    public void Dispose()
    {
        parser.Dispose();
        reader.Dispose();
    }

    void ReadColumns()
    {
        if (!Read() || parser.Record!.All(string.IsNullOrWhiteSpace))
            throw new InvalidDataException($"{Name}: expected a first line with the columns' names, found an empty file.");
        string[] names = [.. parser.Record!.Select(name => name.Trim())];
        for (int i = 0; i < names.Length; i++)
        {
            // pandas writes its index under no name
            if (names[i].Length == 0) names[i] = $"column {i + 1}";
            if (Array.IndexOf(names, names[i]) < i)
                throw new InvalidDataException(
                    $"{Name}: line 1: expected different names of columns, found '{names[i]}' twice.");
        }
        Columns = names;
    }

    bool Read()
    {
        try
        {
            return parser.Read();
        }
        catch (Exception error) when (error.GetBaseException() is DecoderFallbackException)
        {
            throw new InvalidDataException(
                $"{Name}: line {parser.RawRow}: expected text in UTF-8, found other bytes. Save the table as CSV in UTF-8.",
                error);
        }
        catch (CsvHelperException error)
        {
            if (error.GetBaseException() is InvalidDataException own) throw own;
            throw new InvalidDataException(
                $"{Name}: line {parser.RawRow}: can't be read as separated values: {FirstLine(error.Message)}", error);
        }
    }

    static StreamReader Text(string path) =>
        new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
            detectEncodingFromByteOrderMarks: true);

    // The sign that stands most often between names of the first line, outside of quotation marks.
    static string DelimiterOf(string path)
    {
        string head = Head(path);
        int[] counts = new int[delimiters.Length];
        bool quoted = false;
        foreach (char letter in head)
        {
            if (letter == '"') quoted = !quoted;
            else if (!quoted && letter is '\r' or '\n') break;
            else if (!quoted && Array.IndexOf(delimiters, letter) is >= 0 and int found) counts[found]++;
        }
        int most = Array.IndexOf(counts, counts.Max());
        return delimiters[most].ToString();
    }

    static string Head(string path)
    {
        using StreamReader text = Text(path);
        char[] buffer = new char[LongestHead];
        try
        {
            int read = text.ReadBlock(buffer);
            if (buffer.AsSpan(0, read).Contains('\0'))
                throw new InvalidDataException(
                    $"{path}: expected a table of text, found binary data. Save a spreadsheet as CSV in UTF-8.");
            return new string(buffer, 0, read).TrimStart('\r', '\n');
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException(
                $"{path}: expected text in UTF-8, found other bytes. Save the table as CSV in UTF-8.", error);
        }
    }

    static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
