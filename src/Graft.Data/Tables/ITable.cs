namespace Graft.Data;

/// <summary>A table with named columns, of whatever format: rows of texts that know where they stand.</summary>
interface ITable : IDisposable
{
    /// <summary>What messages call it: the file as it was given.</summary>
    string Name { get; }

    /// <summary>The columns' names, as the file has them.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The rows, once. Each has as many cells as there are columns.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names the line.</exception>
    IEnumerable<TableRow> Rows();
}
