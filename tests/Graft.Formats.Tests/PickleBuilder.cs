using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Graft.Formats.Tests;

/// <summary>Writes pickles by hand, and the files around them, as an attacker would.</summary>
sealed class PickleBuilder
{
    readonly List<byte> bytes = [0x80, 2];

    public PickleBuilder Add(params ReadOnlySpan<byte> more)
    {
        bytes.AddRange(more);
        return this;
    }

    public PickleBuilder Add(string codes) => Add(Encoding.Latin1.GetBytes(codes));

    public PickleBuilder Repeat(int times, string codes)
    {
        byte[] one = Encoding.Latin1.GetBytes(codes);
        for (int i = 0; i < times; i++) bytes.AddRange(one);
        return this;
    }

    public PickleBuilder Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Add((byte)'X').Int(utf8.Length).Add(utf8);
    }

    public PickleBuilder Int(int number)
    {
        byte[] four = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, number);
        return Add(four);
    }

    public PickleBuilder Number(long number)
    {
        byte[] eight = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        return Add([0x8a, 8]).Add(eight);
    }

    /// <summary>A float32 tensor of the storage <paramref name="key"/>.</summary>
    public PickleBuilder Tensor(
        long[] shape, long[] strides, long offset = 0, long count = 4, string key = "0", string storage = "FloatStorage")
    {
        Add("ctorch._utils\n_rebuild_tensor_v2\n((").Text("storage").Add($"ctorch\n{storage}\n").Text(key).Text("cpu");
        Number(count).Add("tQ").Number(offset).Tuple(shape).Tuple(strides);
        return Add(0x89).Add("ccollections\nOrderedDict\n)RtR");
    }

    public PickleBuilder Tuple(long[] numbers)
    {
        Add("(");
        foreach (long number in numbers) Number(number);
        return Add("t");
    }

    public byte[] ToPickle() => [.. bytes, (byte)'.'];

    /// <summary>The zip layout, with one storage "0".</summary>
    public byte[] ToZip(
        int storageBytes = 16,
        Action<ZipArchive>? more = null,
        CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Put(zip, "archive/data.pkl", ToPickle(), compression);
            Put(zip, "archive/data/0", Enumerable.Range(0, storageBytes).Select(i => (byte)i).ToArray());
            more?.Invoke(zip);
        }
        return stream.ToArray();
    }

    public static void Put(
        ZipArchive zip, string name, byte[] content, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using Stream entry = zip.CreateEntry(name, compression).Open();
        entry.Write(content);
    }

    /// <summary>The legacy layout; <paramref name="rest"/> is what follows the list of keys.</summary>
    public byte[] ToLegacy(string[] keys, byte[] rest)
    {
        PickleBuilder list = new PickleBuilder().Add("](");
        foreach (string key in keys) list.Text(key);
        PickleBuilder system = new PickleBuilder().Add("}").Text("little_endian").Add(0x88).Add("s");
        byte[] magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        byte[] protocol = [0x80, 2, (byte)'M', 0xe9, 0x03, (byte)'.'];
        return [.. magic, .. protocol, .. system.ToPickle(), .. ToPickle(), .. list.Add("e").ToPickle(), .. rest];
    }
}
