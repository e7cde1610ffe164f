namespace Graft.Data;

/// <summary>A row of a table.</summary>
/// <param name="Line">where it ends in its file, in lines from 1</param>
/// <param name="Cells">a text for each column</param>
readonly record struct TableRow(int Line, string[] Cells);
