using System.Buffers.Binary;

namespace Graft.Formats.Tests;

/// <summary>
/// Real files with bytes changed, cut, doubled or swapped, and with lying metadata. Each opens and can be read, or is refused by
/// one of the two exceptions for files, in one line, without much memory. Seeded, so that a failure can be found again.
/// </summary>
public sealed class ParquetFuzzTests : IDisposable
{
    const int Mutations = 100;
    const long MaxAllocated = 64 << 20;

    static readonly byte[] favourites = [0, 1, 2, 3, 4, 8, 0x15, 0x1c, 0x2c, 0x7f, 0x80, 0xfe, 0xff];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Seeds =>
        ["types_v1", "types_v2", "types_old", "nested_v2", "nested_items", "fallback", "pages", "delta_numbers", "delta_lengths",
            "delta_texts",
            "split", "runs_v1", "int96", "codec_none_v1", "codec_snappy_v1", "codec_gzip_v2", "codec_lz4_v1", "codec_brotli_v1",
                "codec_zstd_v2",
            "zstd_level-5", "zstd_level1", "zstd_level19", "duckdb_zstd_v2", "duckdb_uncompressed_v1", "fastparquet",
                "checksums"];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Damage_is_refused_or_harmless(string seed)
    {
        byte[] valid = GoldenFiles.Bytes($"Parquet/{seed}.parquet");
        Random random = new(20240);
        string path = folder.At("mutant");
        int opened = 0, refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            File.WriteAllBytes(path, Mutate(valid, random));
            if (TryRead(path, $"mutation {i}")) opened++;
            else refused++;
        }
        Assert.InRange(refused, 1, Mutations); // so that this test is one
        Assert.Equal(Mutations, opened + refused);
    }

    [Theory]
    [InlineData("codec_snappy_v1")]
    [InlineData("codec_zstd_v2")]
    [InlineData("nested_v1")]
    public void Cut_files_are_refused(string seed)
    {
        byte[] valid = GoldenFiles.Bytes($"Parquet/{seed}.parquet");
        string path = folder.At("cut");
        byte[] tail = valid[^8..];
        for (int length = 0; length < valid.Length; length += 1 + length / 40)
        {
            File.WriteAllBytes(path, valid[..length]);
            Assert.Throws<InvalidDataException>(() => ParquetFile.Open(path));
            // the same with the end put back, so that it is the metadata that is wrong
            File.WriteAllBytes(path, [.. valid[..length], .. tail]);
            TryRead(path, $"cut at {length}");
        }
    }

    /// <returns>Whether all of it was read.</returns>
    static bool TryRead(string path, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long most = MaxAllocated;
        bool read = false;
        try
        {
            using ParquetFile file = ParquetFile.Open(path);
            foreach (ParquetColumn column in file.Columns)
                for (int group = 0; group < file.RowGroups.Count; group++)
                {
                    most += MaxAllocated / 8; // for what is read again and again
                    if (column.IsReadable) Touch(file.ReadColumn(group, column));
                }
            read = true;
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            Assert.StartsWith(path, error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
        catch (Exception error)
        {
            Assert.Fail($"{what}: {error}");
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, most);
        return read;
    }

    static void Touch(ParquetValues values)
    {
        int length = 0;
        for (int i = 0; i < values.Count; i += 1 + i / 16)
        {
            length += values.GetText(i)?.Length ?? 0;
            GC.KeepAlive(values.GetValue(i));
        }
        GC.KeepAlive(length);
    }

    static byte[] Mutate(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        int metadata = BinaryPrimitives.ReadInt32LittleEndian(valid.AsSpan(valid.Length - 8));
        int changes = 1 + random.Next(3);
        // Half of the changes go to the metadata, which says where everything is; few to the very end, which is only magic.
        int Place() => random.Next(2) == 0
            ? random.Next(bytes.Count) : Math.Clamp(bytes.Count - 8 - random.Next(metadata), 0, bytes.Count - 1);
        for (int i = 0; i < changes && bytes.Count > 64; i++)
        {
            int at = Place();
            int length = Math.Min(1 + random.Next(8), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0 or 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3 or 4:
                    bytes[at] = favourites[random.Next(favourites.Length)];
                    break;
                case 5: // a number that is far too large
                    for (int k = 0; k < length; k++) bytes[at + k] = (byte)(k == length - 1 ? 0x0f : 0xff);
                    break;
                case 6: // moved, with the length as it was
                    byte[] some = [.. bytes.GetRange(at, length)];
                    int to = Math.Min(Place(), bytes.Count - length);
                    for (int k = 0; k < length; k++) bytes[to + k] = some[k];
                    break;
                case 7:
                    bytes.RemoveRange(at, length);
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat(favourites[random.Next(favourites.Length)], length));
                    break;
            }
        }
        return [.. bytes];
    }
}
