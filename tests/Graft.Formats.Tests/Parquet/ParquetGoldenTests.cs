using System.Text.Json;

namespace Graft.Formats.Tests;

/// <summary>Files by pyarrow, pandas, fastparquet and DuckDB, against what pyarrow reads from them.</summary>
public class ParquetGoldenTests
{
    static readonly JsonElement expected =
        JsonDocument.Parse(File.ReadAllText(GoldenFiles.At("Parquet/expected.json"))).RootElement;

    public static TheoryData<string> Files => [.. expected.GetProperty("files").EnumerateObject().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_value_is_what_pyarrow_reads(string name)
    {
        JsonElement about = expected.GetProperty("files").GetProperty(name);
        JsonElement table = expected.GetProperty("tables").GetProperty(about.GetProperty("table").GetString()!);
        using ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/" + name));
        Assert.Equal(about.GetProperty("rows").GetInt64(), file.RowCount);
        Assert.Equal(about.GetProperty("by").GetString(), file.CreatedBy);
        Assert.Equal(about.GetProperty("groups").EnumerateArray().Select(rows => rows.GetInt64()),
            file.RowGroups.Select(group => group.RowCount));
        Assert.Equal(table.EnumerateObject().Select(column => column.Name), file.Columns.Select(column => column.Name));
        foreach (ParquetColumn column in file.Columns)
        {
            JsonElement values = table.GetProperty(column.Name);
            if (values.ValueKind == JsonValueKind.String)
            {
                Assert.False(column.IsReadable);
                Assert.Throws<NotSupportedException>(() => file.ReadColumn(0, column));
                continue;
            }
            string?[] wanted = [.. values.EnumerateArray().Select(Wanted)];
            Assert.Equal(wanted, Rows(file, column));
            AssertParts(file, column, wanted);
        }
    }

    [Fact]
    public void Files_cover_every_encoding_and_codec()
    {
        HashSet<string> encodings = [.. expected.GetProperty("files").EnumerateObject()
            .SelectMany(file => file.Value.GetProperty("encodings").EnumerateArray().Select(one => one.GetString()!))];
        Assert.Superset(
            new HashSet<string>
            {
                "PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY",
                "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT",
            }, encodings);
        HashSet<ParquetCodec> codecs = [];
        foreach (string name in Files.Select(row => (string)row))
        {
            using ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/" + name));
            codecs.UnionWith(file.RowGroups.SelectMany(group => group.Chunks).Select(chunk => chunk.Codec));
        }
        Assert.Equal(
            [ParquetCodec.Uncompressed, ParquetCodec.Snappy, ParquetCodec.Gzip, ParquetCodec.Brotli, ParquetCodec.Zstandard,
                ParquetCodec.Lz4], codecs.Order());
    }

    static IEnumerable<string?> Rows(ParquetFile file, ParquetColumn column)
    {
        for (int group = 0; group < file.RowGroups.Count; group++)
        {
            ParquetValues values = file.ReadColumn(group, column);
            Assert.Equal(file.RowGroups[group].RowCount, values.RowCount);
            for (int row = 0; row < values.RowCount; row++) yield return ParquetText.Row(values, row);
        }
    }

    /// <summary>Some rows are the same as when all are read.</summary>
    static void AssertParts(ParquetFile file, ParquetColumn column, string?[] wanted)
    {
        foreach (ParquetRowGroup group in file.RowGroups)
        {
            int rows = (int)group.RowCount;
            foreach ((int first, int count) in ((int, int)[])[(0, 0), (0, rows / 2), (rows / 3, rows / 3), (rows / 2,
                rows - rows / 2), (rows, 0)])
            {
                ParquetValues values = file.ReadRows(group.Index, column, first, count);
                Assert.Equal(count, values.RowCount);
                Assert.Equal(
                    wanted[(int)(group.FirstRow + first)..(int)(group.FirstRow + first + count)],
                    Enumerable.Range(0, count).Select(row => ParquetText.Row(values, row)));
            }
        }
    }

    static string? Wanted(JsonElement row) => row.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => "[" + string.Join("|", row.EnumerateArray().Select(one => one.GetString() ?? "null")) + "]",
        _ => row.GetString(),
    };
}
