using System.Buffers.Binary;

namespace Graft.Formats.Tests;

/// <summary>Parquet files made by hand, with one lie each.</summary>
public sealed class HostileParquetTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("encrypted")]
    [InlineData("encrypted_columns")]
    public void Encrypted_files_are_refused_in_one_line(string name)
    {
        string path = GoldenFiles.At($"Parquet/{name}.parquet");
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => ParquetFile.Open(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains("encrypted", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_changed_byte_is_found_by_its_pages_checksum()
    {
        byte[] bytes = GoldenFiles.Bytes("Parquet/checksums.parquet");
        bytes[200] ^= 1;
        string path = folder.At("changed.parquet");
        File.WriteAllBytes(path, bytes);
        using ParquetFile file = ParquetFile.Open(path);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => file.ReadColumn(0, file.Columns[0]));
        Assert.Contains("checksum", error.Message);
    }

    [Fact]
    public void The_smallest_file_made_by_hand_reads()
    {
        using ParquetFile file = ParquetFile.Open(Made(new()));
        Assert.Equal([7, 7, 7, 7], ((ParquetNumbers<int>)file.ReadColumn(0, file.Columns[0])).Values.ToArray());
    }

    public static TheoryData<string> Lies =>
        ["magic", "tail", "footer length", "schema children", "schema depth", "no schema", "rows", "group rows", "value count",
            "type", "codec",
            "chunk before", "chunk behind", "overlap", "many values", "page values", "page kind", "page compressed",
                "page uncompressed",
            "huge page", "encoding", "no dictionary", "run beyond", "columns", "list count"];

    [Theory]
    [MemberData(nameof(Lies))]
    public void Lies_are_refused(string lie)
    {
        Parts parts = new();
        switch (lie)
        {
            case "magic": parts.Magic = "PAX1"; break;
            case "tail": parts.Tail = "PAR2"; break;
            case "footer length": parts.FooterLength = int.MaxValue; break;
            case "schema children": parts.Children = 3; break;
            case "schema depth": parts.Depth = 1000; break;
            case "no schema": parts.HasSchema = false; break;
            case "rows": parts.Rows = 5; break;
            case "group rows": parts.GroupRows = -1; break;
            case "value count": parts.Values = 5; break;
            case "type": parts.ChunkType = 2; break;
            case "codec": parts.Codec = 99; break;
            case "chunk before": parts.Start = 2; break;
            case "chunk behind": parts.ChunkBytes = 1L << 40; break;
            case "overlap": parts.Groups = 2; parts.Rows = 8; break;
            case "many values": parts.Rows = parts.GroupRows = parts.Values = 1L << 30; break;
            case "page values": parts.PageValues = 1 << 30; break;
            case "page kind": parts.PageKind = 9; break;
            case "page compressed": parts.PageCompressed = 1 << 20; break;
            case "page uncompressed": parts.PageUncompressed = 15; break;
            case "huge page": parts.Codec = (int)ParquetCodec.Brotli; parts.PageUncompressed = int.MaxValue; break;
            case "encoding": parts.Encoding = (int)ParquetEncoding.DeltaByteArray; break;
            case "no dictionary": parts.Encoding = (int)ParquetEncoding.RleDictionary; break;
            case "run beyond": parts.Encoding = (int)ParquetEncoding.DeltaBinaryPacked; break;
            case "columns": parts.Columns = 2; break;
            case "list count": parts.GroupCount = int.MaxValue; break;
            default: throw new ArgumentException(lie);
        }
        string path = Made(parts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = Record.Exception(() =>
        {
            using ParquetFile file = ParquetFile.Open(path);
            for (int group = 0; group < file.RowGroups.Count; group++) file.ReadColumn(group, file.Columns[0]);
        });
        Assert.True(error is InvalidDataException or NotSupportedException, $"{error}");
        Assert.StartsWith(path, error.Message);
        Assert.Contains("expected", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Old_levels_from_the_highest_bit_on_are_read()
    {
        // Optional; levels of one bit: 1011 0000, then the three values that are there.
        Parts parts = new()
        {
            Repetition = 1,
            LevelEncoding = (int)ParquetEncoding.BitPacked,
            Data = [0b1011_0000, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0],
        };
        using ParquetFile file = ParquetFile.Open(Made(parts));
        ParquetValues values = file.ReadColumn(0, file.Columns[0]);
        Assert.Equal(["7", null, "8", "9"], Enumerable.Range(0, 4).Select(values.GetText));
        Assert.Equal(1, values.NullCount);
    }

    /// <summary>What a file of one column of four equal numbers says.</summary>
    sealed class Parts
    {
        public string Magic = "PAR1", Tail = "PAR1";
        public int? FooterLength;
        public bool HasSchema = true;
        public int Children = 1, Depth, Repetition, ChunkType = 1, Codec, Groups = 1, Columns = 1;
        public int? GroupCount;
        public long Rows = 4, GroupRows = 4, Values = 4, Start = 4;
        public long? ChunkBytes;
        public int PageKind, PageValues = 4, Encoding, LevelEncoding = (int)ParquetEncoding.Rle;
        public int? PageCompressed, PageUncompressed;
        public byte[] Data = [7, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0];
    }

    string Made(Parts parts)
    {
        ThriftWriter page = new();
        page.Number(1, parts.PageKind);
        page.Number(2, parts.PageUncompressed ?? parts.Data.Length);
        page.Number(3, parts.PageCompressed ?? parts.Data.Length);
        page.Struct(5);
        page.Number(1, parts.PageValues);
        page.Number(2, parts.Encoding);
        page.Number(3, parts.LevelEncoding);
        page.Number(4, parts.LevelEncoding);
        page.End();
        page.Finish();

        ThriftWriter footer = new();
        footer.Number(1, 2);
        if (parts.HasSchema)
        {
            footer.List(2, ThriftType.Struct, 2 + parts.Depth);
            for (int i = 0; i <= parts.Depth; i++)
            {
                footer.Element();
                footer.Text(4, "group");
                footer.Number(5, i == 0 ? parts.Children : 1);
                footer.End();
            }
            footer.Element();
            footer.Number(1, 1);
            footer.Number(3, parts.Repetition);
            footer.Text(4, "number");
            footer.End();
        }
        footer.Long(3, parts.Rows);
        footer.List(4, ThriftType.Struct, parts.GroupCount ?? parts.Groups);
        for (int group = 0; group < parts.Groups; group++)
        {
            footer.Element();
            footer.List(1, ThriftType.Struct, parts.Columns);
            for (int i = 0; i < parts.Columns; i++)
            {
                footer.Element();
                footer.Struct(3);
                footer.Number(1, parts.ChunkType);
                footer.Number(4, parts.Codec);
                footer.Long(5, parts.Values);
                footer.Long(6, 0);
                footer.Long(7, parts.ChunkBytes ?? page.Written.Length + parts.Data.Length);
                footer.Long(9, parts.Start);
                footer.End();
                footer.End();
            }
            footer.Long(3, parts.GroupRows);
            footer.End();
        }
        footer.Finish();

        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, parts.FooterLength ?? footer.Written.Length);
        string path = folder.At("made.parquet");
        File.WriteAllBytes(path,
        [
            .. System.Text.Encoding.ASCII.GetBytes(parts.Magic), .. page.Written, .. parts.Data, .. footer.Written, .. length,
            .. System.Text.Encoding.ASCII.GetBytes(parts.Tail),
        ]);
        return path;
    }
}
