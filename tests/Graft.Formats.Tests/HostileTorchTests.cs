using System.IO.Compression;
using System.Text;

namespace Graft.Formats.Tests;

public sealed class HostileTorchTests : IDisposable
{
    /// <summary>More than any of these files may make the reader allocate.</summary>
    const long MaxAllocated = 400 << 20;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static PickleBuilder Dict => new PickleBuilder().Add("}").Text("w");

    TorchFile Open(byte[] bytes) => TorchFile.Open(folder.Write("file.pth", bytes));

    string Refuse<T>(byte[] bytes)
        where T : Exception
    {
        string path = folder.Write("file.pth", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        T error = Assert.Throws<T>(() => TorchFile.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    [Fact]
    public void The_builder_makes_a_valid_file()
    {
        PickleBuilder pickle = Dict.Tensor([2, 2], [2, 1]).Add("s");
        using (TorchFile zip = Open(pickle.ToZip()))
            Assert.Equal("000102030405060708090A0B0C0D0E0F", Convert.ToHexString(zip.Bytes(zip.Entries[0])));
        byte[] storage = [4, 0, 0, 0, 0, 0, 0, 0, .. new byte[16]];
        using (TorchFile legacy = Open(pickle.ToLegacy(["0"], storage)))
            Assert.Equal([2, 2], legacy.Entries[0].Shape);
    }

    [Theory]
    [InlineData(5, 1, 0, "element 5")] // longer than the storage
    [InlineData(2, 4, 0, "element 5")] // steps over its end
    [InlineData(1, 1, 4, "element 5")] // starts after its end
    [InlineData(4, 1, 1, "element 5")]
    [InlineData(4, long.MaxValue, 0, "element")] // would wrap around 64 bits
    [InlineData(long.MaxValue, 0, 0, "64 bits")]
    [InlineData(long.MaxValue / 4, 0, long.MaxValue, "element")]
    [InlineData(-1, 1, 0, "at least 0")]
    [InlineData(2, -1, 1, "at least 0")]
    [InlineData(1, 1, -1, "negative")]
    public void A_view_must_stay_inside_its_storage(long size, long stride, long offset, string says) =>
        Assert.Contains(says, Refuse<InvalidDataException>(Dict.Tensor([size], [stride], offset).Add("s").ToZip()));

    [Fact]
    public void Shapes_and_strides_must_fit_together()
    {
        Refuse<InvalidDataException>(Dict.Tensor([2, 2], [1]).Add("s").ToZip());
        Refuse<InvalidDataException>(Dict.Tensor([1L << 32, 1L << 32], [0, 0]).Add("s").ToZip());
        Refuse<InvalidDataException>(Dict.Tensor(new long[65], new long[65]).Add("s").ToZip());
    }

    [Fact]
    public void A_view_that_repeats_one_element_terabytes_over_is_listed_but_not_laid_out()
    {
        using TorchFile file = Open(Dict.Tensor([1L << 40], [0]).Add("s").ToZip());
        Assert.Throws<NotSupportedException>(() => file.Bytes(file.Entries[0]).Length);
        using TorchFile smaller = Open(Dict.Tensor([1 << 28], [0]).Add("s").ToZip());
        Assert.Throws<NotSupportedException>(() => smaller.Bytes(smaller.Entries[0]).Length);
    }

    [Fact]
    public void A_storage_must_be_as_long_as_the_pickle_says()
    {
        PickleBuilder pickle = Dict.Tensor([4], [1]).Add("s");
        Assert.Contains("15 bytes", Refuse<InvalidDataException>(pickle.ToZip(storageBytes: 15)));
        Assert.Contains("17 bytes", Refuse<InvalidDataException>(pickle.ToZip(storageBytes: 17)));
        Refuse<InvalidDataException>(Dict.Tensor([1], [1], count: long.MaxValue).Add("s").ToZip());
        Refuse<InvalidDataException>(Dict.Tensor([1], [1], key: "../../etc/passwd").Add("s").ToZip());
        PickleBuilder twoWays = Dict.Tensor([4], [1]).Add("s").Text("v").Tensor([2], [1], count: 2, storage: "DoubleStorage");
        Assert.Contains("two ways", Refuse<InvalidDataException>(twoWays.Add("s").ToZip()));
    }

    [Fact]
    public void Legacy_storages_are_checked()
    {
        PickleBuilder pickle = Dict.Tensor([4], [1]).Add("s");
        byte[] Storage(long count, int bytes) => [.. BitConverter.GetBytes(count), .. new byte[bytes]];
        Assert.Contains("missing", Refuse<InvalidDataException>(pickle.ToLegacy([], [])));
        Assert.Contains("belongs to no tensor", Refuse<InvalidDataException>(pickle.ToLegacy(["0", "1"], Storage(4, 16))));
        Assert.Contains("5 elements", Refuse<InvalidDataException>(pickle.ToLegacy(["0"], Storage(5, 20))));
        Assert.Contains("truncated", Refuse<InvalidDataException>(pickle.ToLegacy(["0"], Storage(4, 15))));
        Assert.Contains("truncated", Refuse<InvalidDataException>(pickle.ToLegacy(["0"], [4, 0])));
        byte[] twice = [.. Storage(4, 16), .. Storage(4, 16)];
        Assert.Contains("twice", Refuse<InvalidDataException>(pickle.ToLegacy(["0", "0"], twice)));
        long huge = long.MaxValue / 4;
        Refuse<InvalidDataException>(Dict.Tensor([1], [1], count: huge).Add("s").ToLegacy(["0"], Storage(huge, 16)));
    }

    [Fact]
    public void A_legacy_view_of_a_storage_is_read_and_checked()
    {
        PickleBuilder View(long start, long count) => new PickleBuilder().Add("}").Text("w")
            .Add("ctorch._utils\n_rebuild_tensor\n((").Text("storage").Add("ctorch\nFloatStorage\n").Text("7").Text("cuda:0")
            .Number(4).Add("(").Text("8").Number(start).Number(count).Add("ttQ").Number(0).Tuple([count]).Tuple([1]).Add("tRs");
        byte[] storage = [4, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Range(0, 16).Select(i => (byte)i)];
        using (TorchFile file = Open(View(1, 2).ToLegacy(["7"], storage)))
            Assert.Equal("0405060708090A0B", Convert.ToHexString(file.Bytes(file.Entries[0])));
        Refuse<InvalidDataException>(View(3, 2).ToLegacy(["7"], storage));
        Refuse<InvalidDataException>(View(-1, 2).ToLegacy(["7"], storage));
    }

    [Theory]
    [InlineData("cos\nsystem\n", "os.system")]
    [InlineData("c__builtin__\neval\n", "__builtin__.eval")]
    [InlineData("ctorch\nload\n", "torch.load")]
    [InlineData("ctorch.hub\nload\n", "torch.hub.load")]
    [InlineData("ccollections\nOrderedDict.fromkeys\n", "collections.OrderedDict.fromkeys")]
    [InlineData("c\x1b[31m\nx\r\n", "?[31m.x?")]
    public void Other_globals_are_refused_where_they_stand(string global, string name) =>
        Assert.Contains($"'{name}'", Refuse<InvalidDataException>(new PickleBuilder().Add(global).Add("0}").ToZip()));

    [Theory]
    [InlineData("U\x06systemU\x02os\x93")] // the two names the wrong way round
    [InlineData("U\x02osU\x06system\x93")] // STACK_GLOBAL
    [InlineData("(U\u0004echoios\nsystem\n")] // INST
    [InlineData("(cos\nsystem\nU\u0004echoo")] // OBJ
    [InlineData("Pstorage\n")] // a text as persistent id
    [InlineData("\x82\x01")] // EXT1
    [InlineData("\x97")] // out-of-band buffers
    [InlineData("I1\n")] // protocol 0
    public void Other_ways_to_call_are_refused(string codes) =>
        Refuse<InvalidDataException>(new PickleBuilder().Add(codes).ToZip());

    [Theory]
    [InlineData("U\x01xU\x01y\x85R")] // REDUCE of a text
    [InlineData("ccollections\nOrderedDict\nU\x01xR")] // without a tuple
    [InlineData("ccollections\nOrderedDict\n(U\x01xtR")]
    [InlineData("ccollections\nOrderedDict\n)R}U\u0001a)sb}b")] // BUILD is fine, this is not the end: one value is left
    [InlineData("ccollections\nOrderedDict\n}b")] // BUILD on a class: would change it for everyone
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n}U\x08__code__Ns b")]
    [InlineData("ctorch\nFloatStorage\n)R")]
    [InlineData("ctorch\nFloatStorage\n)\x81")]
    [InlineData("ctorch\nfloat32\n)R")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R")]
    [InlineData("ctorch._utils\n_rebuild_parameter\n(}\x89}tR")]
    [InlineData("ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._tensor\n_rebuild_from_type_v2\nctorch\nTensor\n)}tR")]
    [InlineData("cnumpy\ndtype\n(U\x02O8\x89\x88tR}b")]
    [InlineData("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\u0002f8\x89\x88tRC\x02xxtR")]
    [InlineData("c_codecs\nencode\n(U\x01xU\x05utf16tR")]
    [InlineData("cargparse\nNamespace\n)\x81(b")]
    [InlineData("(U\x07storageNNNNtQ")]
    [InlineData("(U\x07storagectorch\nFloatStorage\nU\u0001aNK\x01tQQ")]
    [InlineData("]K\x01sK\x02")]
    [InlineData("}K\u0001a")]
    [InlineData("}(K\x01u")] // odd
    [InlineData("}(U\u0001aK\x01U\u0001aK\x02u")] // twice
    [InlineData("t")]
    [InlineData("(")]
    [InlineData("e")]
    [InlineData("0")]
    [InlineData("h\x05")]
    [InlineData("j\xff\xff\xff\xff")]
    [InlineData("Nr\xff\xff\xff\x7f")]
    [InlineData("Nq\x7f")] // a memo number larger than the pickle could have
    [InlineData("q\x01")]
    [InlineData("N(q\x01")]
    [InlineData("}(2")]
    [InlineData("\x80\x06N")]
    [InlineData("\x80\x01N")]
    [InlineData("")]
    public void Nonsense_is_refused(string codes) => Refuse<InvalidDataException>(new PickleBuilder().Add(codes).ToZip());

    [Theory]
    [InlineData("X\xff\xff\xff\xff")]
    [InlineData("X\xff\xff\xff\x7f")]
    [InlineData("T\xff\xff\xff\x7f")]
    [InlineData("B\xff\xff\xff\x7f")]
    [InlineData("\x8d\xff\xff\xff\xff\xff\xff\xff\xff")]
    [InlineData("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f")]
    [InlineData("\x96\x00\x00\x00\x00\x01\x00\x00\x00")]
    [InlineData("\x8b\xff\xff\xff\x7f")]
    [InlineData("\x8b\xff\xff\xff\xff")]
    [InlineData("\x95\xff\xff\xff\xff\xff\xff\xff\x7f")]
    [InlineData("\x95\xff\xff\xff\xff\xff\xff\xff\xff")]
    public void Huge_declared_lengths_allocate_nothing(string codes) =>
        Refuse<InvalidDataException>(new PickleBuilder().Add(codes).ToZip());

    [Fact]
    public void A_number_of_a_million_digits_is_refused() =>
        Refuse<InvalidDataException>(new PickleBuilder().Add((byte)0x8b).Int(500_000).Add(new byte[500_000]).ToZip());

    [Fact]
    public void Deep_nesting_neither_recurses_nor_passes()
    {
        Refuse<InvalidDataException>(new PickleBuilder().Repeat(200_000, "]").Repeat(199_999, "a").ToZip());
        Refuse<InvalidDataException>(new PickleBuilder().Add(")").Repeat(200_000, "\x85").ToZip());
        Refuse<InvalidDataException>(new PickleBuilder().Repeat(500_000, "(").Repeat(500_000, "t").ToZip());
        PickleBuilder dicts = new PickleBuilder().Repeat(100_000, "}U\u0001a").Tensor([1], [1]).Repeat(100_000, "s");
        Assert.Contains("deep", Refuse<InvalidDataException>(dicts.ToZip()));
    }

    [Fact]
    public void A_dict_that_holds_itself_is_refused() => Refuse<InvalidDataException>(
        new PickleBuilder().Add("}q\x01").Text("w").Tensor([1], [1]).Add("s").Text("me").Add("h\x01s").ToZip());

    [Fact]
    public void A_billion_laughs_end_early()
    {
        // Each dict holds the one before it ten times; 10^12 paths lead to the tensor.
        PickleBuilder laughs = new PickleBuilder().Add("}").Text("w").Tensor([1], [1]).Add("sq\x01");
        for (int level = 0; level < 12; level++)
        {
            laughs.Add("0}(");
            for (int i = 0; i < 10; i++) laughs.Text($"k{i}").Add("h\x01");
            laughs.Add("uq\x01");
        }
        Assert.Contains("nested values", Refuse<InvalidDataException>(laughs.ToZip()));
        byte[] storage = [4, 0, 0, 0, 0, 0, 0, 0, .. new byte[16]];
        Assert.Contains("nested values", Refuse<InvalidDataException>(laughs.ToLegacy(["0"], storage)));
    }

    [Fact]
    public void Copying_a_long_list_over_and_over_ends_early()
    {
        PickleBuilder copies = new PickleBuilder().Add("](").Repeat(50_000, "N").Add("e\x85q\x01")
            .Add("c__builtin__\nset\nq\x02");
        Refuse<InvalidDataException>(copies.Repeat(100_000, "h\x02h\x01R0").ToZip());
        PickleBuilder texts = new PickleBuilder().Text(new string('x', 100_000)).Text("latin1")
            .Add("\x86q\x01" + "c_codecs\nencode\nq\x02");
        Refuse<InvalidDataException>(texts.Repeat(100_000, "h\x02h\x01R0").ToZip());
    }

    [Fact]
    public void Millions_of_containers_and_steps_are_refused()
    {
        Refuse<InvalidDataException>(new PickleBuilder().Repeat(3_000_000, "]").ToZip());
        Refuse<InvalidDataException>(new PickleBuilder().Repeat(11_000_000, "(").ToZip());
        Refuse<InvalidDataException>(new PickleBuilder().Repeat(6_000_000, "N0").ToZip());
    }

    [Fact]
    public void Numbers_that_share_a_hash_do_not_slow_a_dict()
    {
        PickleBuilder dict = new PickleBuilder().Add("}(");
        for (long i = 0; i < 200_000; i++) dict.Number(i << 32 | i).Add("N"); // long.GetHashCode gives 0 for each
        using TorchFile file = Open(dict.Text("w").Tensor([1], [1]).Add("u").ToZip());
        Assert.Equal("w", Assert.Single(file.Entries).Name);
    }

    [Fact]
    public void Shared_keys_cannot_make_endless_names()
    {
        // 2^15 paths of 15 keys with 4000 characters each: two gigabytes of names.
        PickleBuilder names = new PickleBuilder().Text(new string('a', 4000)).Add("q\x03" + "0")
            .Text(new string('b', 4000)).Add("q\x04" + "0");
        names.Add("}").Text("w").Tensor([1], [1]).Add("sq\x01");
        for (int level = 0; level < 15; level++) names.Add("}(h\x03h\x01h\x04h\x01uq\x01");
        Refuse<InvalidDataException>(names.ToZip());
    }

    [Fact]
    public void Two_paths_to_one_name_are_refused()
    {
        PickleBuilder pickle = new PickleBuilder().Add("}").Text("a.b").Tensor([1], [1]).Add("s")
            .Text("a").Add("}").Text("b").Tensor([1], [1]).Add("ss");
        Assert.Contains("'a.b'", Refuse<InvalidDataException>(pickle.ToZip()));
    }

    [Fact]
    public void Views_to_be_negated_are_refused()
    {
        PickleBuilder View(string bit, byte value) => Dict.Add("ctorch._utils\n_rebuild_tensor_v2\n((").Text("storage")
            .Add("ctorch\nFloatStorage\n").Text("0").Text("cpu").Number(4).Add("tQ").Number(0).Tuple([4]).Tuple([1])
            .Add(0x89).Add("ccollections\nOrderedDict\n)R}").Text(bit).Add(value).Add("stRs");
        using (TorchFile file = Open(View("neg", 0x89).ToZip())) Assert.Single(file.Entries);
        Refuse<NotSupportedException>(View("neg", 0x88).ToZip());
        Refuse<NotSupportedException>(View("conj", 0x88).ToZip());
    }

    [Fact]
    public void Zip_archives_are_checked()
    {
        PickleBuilder pickle = Dict.Tensor([4], [1]).Add("s");
        PickleBuilder compressible = Dict.Text(new string('a', 1000)).Add("s");
        Refuse<NotSupportedException>(compressible.ToZip(compression: CompressionLevel.Optimal));
        Refuse<NotSupportedException>(pickle.ToZip(more: zip => PickleBuilder.Put(zip, "archive/byteorder", "big"u8.ToArray())));
        Refuse<NotSupportedException>(pickle.ToZip(more: zip => PickleBuilder.Put(zip, "archive/constants.pkl", [])));
        Refuse<InvalidDataException>(pickle.ToZip(more: zip => PickleBuilder.Put(zip, "archive/data/0", [1])));
        byte[] little = pickle.ToZip(more: zip => PickleBuilder.Put(zip, "archive/byteorder", "little"u8.ToArray()));
        using (TorchFile file = Open(little)) Assert.Single(file.Entries);

        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true)) PickleBuilder.Put(zip, "arr_0.npy", [1, 2]);
        Assert.Contains(".npz", Refuse<InvalidDataException>(stream.ToArray()));
    }

    [Fact]
    public void Pickles_of_others_are_refused()
    {
        Assert.Contains("magic number", Refuse<InvalidDataException>(new PickleBuilder().Add("}").ToPickle()));
        byte[] legacy = Dict.Tensor([4], [1]).Add("s").ToLegacy(["0"], [4, 0, 0, 0, 0, 0, 0, 0, .. new byte[16]]);
        int version = legacy.AsSpan().IndexOf(Encoding.Latin1.GetBytes("M\xe9\x03")) + 1;
        legacy[version] = 1;
        Assert.Contains("1001", Refuse<InvalidDataException>(legacy));
    }
}
