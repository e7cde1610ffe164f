namespace Graft.Formats.Tests;

public sealed class ParquetWriterTests : IDisposable
{
    const int Rows = 21_000; // more than a page

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ParquetWriter.DefaultRowsPerGroup)]
    [InlineData(20_500)]
    [InlineData(7_001)]
    public void What_is_written_is_read(int rowsPerGroup)
    {
        string path = folder.At("all.parquet");
        IReadOnlyList<ParquetColumnData> columns = Columns(Rows);
        ParquetWriter.Write(path, columns, new Dictionary<string, string> { ["who"] = "ants & bees" }, rowsPerGroup);
        using ParquetFile file = ParquetFile.Open(path);
        Assert.Equal(Rows, file.RowCount);
        Assert.Equal((Rows + rowsPerGroup - 1) / rowsPerGroup, file.RowGroups.Count);
        Assert.Equal("ants & bees", file.Metadata["who"]);
        Assert.StartsWith("Graft", file.CreatedBy);
        Assert.Equal(
            columns.Select(column =>
                column.Struct is null ? column.Name : $"{column.Struct}.{column.Name}"), file.Columns.Select(column =>
                    column.Name));
        for (int group = 0; group < file.RowGroups.Count; group++)
            for (int i = 0; i < columns.Count; i++)
                AssertSame(columns[i], file.ReadColumn(group, file.Columns[i]), (int)file.RowGroups[group].FirstRow);
    }

    [Fact]
    public void Statistics_are_what_the_values_are()
    {
        string path = folder.At("statistics.parquet");
        ParquetWriter.Write(path,
        [
            ParquetColumnData.Of("id", new[] { 5, -3, 9, 100 }, [false, false, false, true]),
            ParquetColumnData.Of("x", new[] { 0.5, -0.0, 7, 1 }),
            ParquetColumnData.Of("nan", [0.5f, float.NaN, 7, 1]),
            ParquetColumnData.Of("text", ["b", "ä", null, "a"]),
        ]);
        using ParquetFile file = ParquetFile.Open(path);
        ParquetStatistics?[] found = [.. file.RowGroups[0].Chunks.Select(chunk => chunk.Statistics)];
        Assert.Equal(new() { NullCount = 1, Minimum = -3, Maximum = 9 }, found[0]);
        Assert.Equal(new() { NullCount = 0, Minimum = -0.0, Maximum = 7.0 }, found[1]);
        Assert.Equal(new() { NullCount = 0 }, found[2]);
        Assert.Equal(new() { NullCount = 1, Minimum = "a", Maximum = "ä" }, found[3]);
    }

    [Fact]
    public void Parts_become_row_groups_and_must_agree()
    {
        string path = folder.At("parts.parquet");
        ParquetWriter.Write(path, Enumerable.Range(0, 3).Select(part =>
            (IReadOnlyList<ParquetColumnData>)[ParquetColumnData.Of("id", new[] { part, part + 10L }),
                ParquetColumnData.Of("text", [null, $"{part}"])]));
        using (ParquetFile file = ParquetFile.Open(path))
        {
            Assert.Equal([2L, 2, 2], file.RowGroups.Select(group => group.RowCount));
            Assert.Equal([2L, 12], ((ParquetNumbers<long>)file.ReadColumn(2, file.Column("id"))).Values.ToArray());
            Assert.Equal("1", file.ReadColumn(1, file.Column("text")).GetText(1));
        }
        byte[] before = File.ReadAllBytes(path);
        Assert.Throws<ArgumentException>(() => ParquetWriter.Write(path,
            [[ParquetColumnData.Of("id", new int[2])], [ParquetColumnData.Of("id", new long[2])]]));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.At(".")));
    }

    [Fact]
    public void Tables_without_rows_can_be_written()
    {
        string path = folder.At("none.parquet");
        ParquetWriter.Write(path, [ParquetColumnData.Of("id", Array.Empty<int>()), ParquetColumnData.Of("text",
            Array.Empty<string>())]);
        using ParquetFile file = ParquetFile.Open(path);
        Assert.Equal(0, file.RowCount);
        Assert.Equal(["id", "text"], file.Columns.Select(column => column.Name));
    }

    [Fact]
    public void Columns_that_make_no_table_are_refused()
    {
        string path = folder.At("bad.parquet");
        ParquetColumnData id = ParquetColumnData.Of("id", new int[2]), other = ParquetColumnData.Of("id", new int[3]);
        ParquetColumnData x = ParquetColumnData.Of("x", new int[2]), y = ParquetColumnData.Of("y", new int[2]);
        void Refused(params ParquetColumnData[] columns) =>
            Assert.Throws<ArgumentException>(() => ParquetWriter.Write(path, columns));
        Refused();
        Refused(id, id);
        Refused(id, other);
        Refused(id with { Struct = "a" }, x, y with { Struct = "a" });
        Refused(ParquetColumnData.Of("a", new int[2]), id with { Struct = "a" });
        Refused(id with { Struct = "a" }, ParquetColumnData.Of("a", new int[2]));
        Assert.Throws<ArgumentException>(() => ParquetColumnData.Of("id", new int[2], new bool[3]));
        Assert.Throws<ArgumentException>(() => ParquetColumnData.Vectors("v", new float[5], 2));
        Assert.False(File.Exists(path));
    }

    internal static IReadOnlyList<ParquetColumnData> Columns(int rows)
    {
        T[] Make<T>(Func<int, T> value) => [.. Enumerable.Range(0, rows).Select(value)];
        return
        [
            ParquetColumnData.Of("i32", Make(i => i * 7919), Make(i => i % 5 == 4)),
            ParquetColumnData.Of("label_id", Make(i => i * i % 37)),
            ParquetColumnData.Of("i64", Make(i => long.MinValue + i)),
            ParquetColumnData.Of("single", Make(i => i / 8f), Make(i => i % 1000 > 10)),
            ParquetColumnData.Of("double", Make(i => Math.Sqrt(i))),
            ParquetColumnData.Of("truth", Make(i => i % 7 < 3), Make(i => i % 11 == 5)),
            ParquetColumnData.Of("label", Make(i => (string?)(i % 3 == 0 ? "ants" : "bees"))),
            ParquetColumnData.Of("one", Make(i => (string?)"always the same")),
            ParquetColumnData.Of("path", Make(i => i % 13 == 12 ? null : $"träin/{i:00000}.jpg")),
            ParquetColumnData.Of("none", new string?[rows]),
            ParquetColumnData.Of("bytes", Make(i => i % 4 == 3 ? null : new byte[i % 50])) with { Struct = "image" },
            ParquetColumnData.Of("path", Make(i => (string?)$"{i}.jpg")) with { Struct = "image" },
            ParquetColumnData.Vectors("vector", Make(i => i).SelectMany(i =>
                new[] { i, i / 3f, -1, 0.5f, i, i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }).ToArray(), 17),
            ParquetColumnData.FixedBytes("hash", Make(i => i).SelectMany(i =>
                BitConverter.GetBytes(i * 0x1E3779B97F4A7C15L)).ToArray(), 8),
        ];
    }

    static void AssertSame(ParquetColumnData wanted, ParquetValues found, int first)
    {
        int count = found.RowCount;
        bool[] nulls = [.. Enumerable.Range(0, count).Select(row => !found.Column.IsList && found.IsNull(row))];
        switch (wanted.Values)
        {
            case string?[] texts:
                Assert.Equal(texts[first..(first + count)], Enumerable.Range(0, count).Select(found.GetText));
                return;
            case byte[]?[] all:
                Assert.Equal(all[first..(first + count)], Enumerable.Range(0, count).Select(row => (byte[]?)found.GetValue(row)));
                return;
            case byte[] bytes:
                Assert.Equal(bytes[(8 * first)..(8 * (first + count))], Enumerable.Range(0, count).SelectMany(row =>
                    ((ParquetBytes)found)[row].ToArray()));
                return;
            case float[] values when wanted.ListLength > 0:
                Assert.Equal(Enumerable.Range(0, count + 1).Select(row => 17 * row), found.Starts.ToArray());
                Assert.Equal(values[(17 * first)..(17 * (first + count))], ((ParquetNumbers<float>)found).Values.ToArray());
                return;
            case Array values:
                Assert.Equal(wanted.Nulls?[first..(first + count)] ?? new bool[count], nulls);
                for (int row = 0; row < count; row++)
                    if (!nulls[row]) Assert.Equal(values.GetValue(first + row), found.GetValue(row));
                return;
        }
    }
}
