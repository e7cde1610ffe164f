using Graft.Tests;

namespace Graft.Formats.Tests;

/// <summary>A table that DuckDB wrote, beside the same as CSV.</summary>
public class ParquetSharedTests
{
    [Fact]
    public void The_hymenoptera_table_is_the_CSV_row_by_row()
    {
        using ParquetFile file = ParquetFile.Open(SharedFiles.Require("data/hymenoptera_meta.parquet"));
        string[] lines = File.ReadAllLines(SharedFiles.Require("data/hymenoptera_meta.csv"));
        string[] names = lines[0].Split(',');
        Assert.Equal(names, file.Columns.Select(column => column.Name));
        Assert.Equal(lines.Length - 1, file.RowCount);
        ParquetValues[] columns = [.. file.Columns.Select(column => file.ReadColumn(0, column))];
        for (int row = 0; row < file.RowCount; row++)
            Assert.Equal(lines[row + 1], string.Join(',', columns.Select(column => column.GetText(row))), ignoreCase: true);
    }
}
