namespace Graft.Formats.Tests;

/// <summary>What a reader of tables may rely on, beyond the values themselves.</summary>
public sealed class ParquetFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("truth", true, "true")]
    [InlineData("i8", (int)-128, "-128")]
    [InlineData("u8", 0u, "0")]
    [InlineData("u16", 65535u, "65535")]
    [InlineData("u32", uint.MaxValue, "4294967295")]
    [InlineData("u64", ulong.MaxValue, "18446744073709551615")]
    [InlineData("i16", (int)-32768, "-32768")]
    [InlineData("text", "", "")]
    [InlineData("unique", "photo_00000.jpg", "photo_00000.jpg")]
    [InlineData("json", "{\"a\": 0}", "{\"a\": 0}")]
    [InlineData("category", "ants", "ants")]
    [InlineData("nothing", null, null)]
    public void Simple_types_come_as_the_runtimes_own(string name, object? value, string? text)
    {
        ParquetValues values = First("types_v2", name);
        Assert.Equal(value, values.GetValue(0));
        Assert.Equal(text, values.GetText(0));
    }

    [Fact]
    public void Other_types_come_as_the_runtimes_own()
    {
        void Check(string name, object value, string text)
        {
            ParquetValues values = First("types_v2", name);
            Assert.Equal(value, values.GetValue(1));
            Assert.Equal(text, values.GetText(1));
            if (value is DateTime moment) Assert.Equal(moment.Kind, ((DateTime)values.GetValue(1)!).Kind);
        }
        // row 1 of tools/golden/parquet.py's all_types
        Check("half", (Half)(-1.875f), "-1.875");
        Check("decimal9", -876.54m, "-876.54");
        Check("decimal30", -0.00001m, "-0.00001");
        Check("decimal60", -0.0000000001m, "-0.0000000001");
        Check("date", new DateOnly(1961, 2, 2), "1961-02-02");
        Check("time_ms", new TimeOnly(1, 1, 7, 37), "01:01:07.037");
        Check("time_us", new TimeOnly(1, 1, 7, 37), "01:01:07.037");
        Check("time_ns", new TimeOnly(12345678), "00:00:01.234567891");
        Check("moment_ms", new DateTime(1961, 2, 2, 1, 1, 7, 37, DateTimeKind.Unspecified), "1961-02-02T01:01:07.037");
        Check("moment_us", new DateTime(1961, 2, 2, 1, 1, 7, 37, DateTimeKind.Utc), "1961-02-02T01:01:07.037Z");
        Check("uuid", new Guid("01000000-0000-0000-0000-000000000001"), "01000000-0000-0000-0000-000000000001");
        Check("fixed", ((ParquetBytes)First("types_v1", "fixed"))[1].ToArray(), First("types_v1", "fixed").GetText(1)!);
    }

    [Fact]
    public void Times_out_of_range_come_as_they_are_stored()
    {
        ParquetColumn date = new() { Index = 0, Name = "d", Path = "d", Type = ParquetType.Int32, Meaning = ParquetMeaning.Date };
        Assert.Equal(int.MaxValue, ParquetLogical.Value(date, int.MaxValue));
        Assert.Equal("2147483647", ParquetLogical.Text(date, int.MaxValue));
        ParquetColumn moment = date with
        {
            Type = ParquetType.Int64,
            Meaning = ParquetMeaning.Timestamp,
            Unit = ParquetTimeUnit.Microseconds,
        };
        Assert.Equal(long.MinValue, ParquetLogical.Value(moment, long.MinValue));
        Assert.Equal(DateTime.MaxValue.Date, ((DateTime)ParquetLogical.Value(moment, 253402214400000000L)).Date);
    }

    [Fact]
    public void Statistics_are_the_writers()
    {
        using ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/types_v1.parquet"));
        ParquetStatistics? Of(string name) => file.RowGroups[0].Chunks[file.Column(name).Index].Statistics;
        Assert.Equal(new() { NullCount = 8, Minimum = -128, Maximum = 38 * 5 - 128 }, Of("i8")! with { DistinctCount = null });
        Assert.Equal((object)(ulong.MaxValue - 39_000), Of("u64")!.Minimum);
        Assert.Equal("photo_00039.jpg", Of("unique")!.Maximum);
        Assert.Equal(5, Of("text")!.NullCount);
        Assert.Null(Of("nothing"));
    }

    [Fact]
    public void Only_the_columns_and_pages_that_are_asked_for_are_read()
    {
        byte[] bytes = GoldenFiles.Bytes("Parquet/pages.parquet");
        string path = folder.At("pages.parquet");
        using (ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/pages.parquet")))
        {
            IReadOnlyList<int> starts = file.PageStarts(0, file.Column("path"));
            Assert.Equal(0, starts[0]);
            Assert.True(starts.Count > 3 && starts.SequenceEqual(starts.Order().Distinct()));
            ParquetPage last = file.RowGroups[0].Pages(file.Column("path").Index)![^1];
            bytes.AsSpan((int)last.Start + 4, 12).Fill(0xff);
        }
        File.WriteAllBytes(path, bytes);
        using ParquetFile damaged = ParquetFile.Open(path);
        ParquetColumn column = damaged.Column("path");
        int end = damaged.PageStarts(0, column)[^1];
        Assert.Equal("train/bees/00000.jpg", damaged.ReadRows(0, column, 0, end).GetText(0));
        Assert.Equal(600, damaged.ReadColumn(0, damaged.Column("label")).Count);
        Assert.Throws<InvalidDataException>(() => damaged.ReadRows(0, column, end - 1, 2));
        Assert.Throws<InvalidDataException>(() => damaged.ReadColumn(0, column));
    }

    [Fact]
    public void Threads_may_share_a_file_and_values_outlive_it()
    {
        ParquetValues[] read = new ParquetValues[40];
        using (ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/codec_zstd_v1.parquet")))
            Parallel.For(0, read.Length, i => read[i] = file.ReadColumn(0, file.Columns[i % file.Columns.Count]));
        for (int i = 0; i < read.Length; i++)
            Assert.Equal(
                Enumerable.Range(0, 300).Select(read[i % 5].GetText), Enumerable.Range(0, 300).Select(read[i].GetText));
    }

    [Fact]
    public void Structs_and_lists_have_the_names_that_people_use()
    {
        using ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/nested_v1.parquet"));
        Assert.Equal(
            ["image.bytes", "image.path", "label", "ids", "tags", "vector", "boxes.id", "boxes.area", "map.key", "map.value",
                "deep"],
            file.Columns.Select(column => column.Name));
        Assert.Equal("ids.list.element", file.Column("ids").Path);
        Assert.Same(file.Column("ids"), file.Column("ids.list.element"));
        Assert.True(file.Column("image.bytes").IsOptional);
        ParquetValues ids = file.ReadColumn(0, file.Column("ids"));
        Assert.True(ids.IsNullList(4));
        Assert.False(ids.IsNullList(0)); // empty, but there
        Assert.Equal(ids.Starts[0], ids.Starts[1]);
        Assert.Equal([0, 1], ((ParquetNumbers<int>)ids).Values[ids.Starts[2]..ids.Starts[3]].ToArray());
    }

    [Fact]
    public void Mistakes_of_the_caller_are_told()
    {
        using ParquetFile file = ParquetFile.Open(GoldenFiles.At("Parquet/codec_none_v1.parquet"));
        using ParquetFile other = ParquetFile.Open(GoldenFiles.At("Parquet/codec_none_v2.parquet"));
        Assert.Null(file.FindColumn("nowhere"));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => file.Column("nowhere"));
        Assert.EndsWith("expected a column nowhere, found id, value, label, path, ok", error.Message);
        Assert.Throws<ArgumentException>(() => file.ReadColumn(0, other.Columns[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadColumn(1, file.Columns[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRows(0, file.Columns[0], 299, 2));
        Assert.Throws<IndexOutOfRangeException>(() => file.ReadRows(0, file.Columns[0], 0, 2).GetText(2));
        Assert.Throws<FileNotFoundException>(() => ParquetFile.Open(folder.At("nowhere.parquet")));
        Assert.Throws<IOException>(() => ParquetFile.Open(folder.At(".")));
        Assert.True(ParquetFile.Begins("PAR1...."u8));
        Assert.False(ParquetFile.Begins("path,label"u8));
    }

    static ParquetValues First(string name, string column)
    {
        using ParquetFile file = ParquetFile.Open(GoldenFiles.At($"Parquet/{name}.parquet"));
        return file.ReadColumn(0, file.Column(column));
    }
}
