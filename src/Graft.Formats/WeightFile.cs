using System.Buffers.Binary;
using System.Text;

namespace Graft.Formats;

/// <summary>Opens a file of weights, whatever its name says: what it is, is read from its content.</summary>
public static class WeightFile
{
    const int HeadBytes = 512;

    /// <summary>What a file may be instead, by its first bytes, and what to do about it.</summary>
    static readonly (byte[] Start, string Is)[] others =
    [
        ([0x1f, 0x8b], "is compressed by gzip: unpack it first"),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "is compressed by xz: unpack it first"),
        ([(byte)'B', (byte)'Z', (byte)'h'], "is compressed by bzip2: unpack it first"),
        ([0x28, 0xb5, 0x2f, 0xfd], "is compressed by zstd: unpack it first"),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c], "is a 7-Zip archive: unpack it first"),
        ([0xff, 0xd8, 0xff], "is a JPEG image, not weights"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "is a PNG image, not weights"),
    ];

    /// <summary>Real weights, but of a kind that is not read.</summary>
    static readonly (byte[] Start, int At, string Is)[] notSupported =
    [
        ([0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a], 0, "an HDF5 file (Keras, TensorFlow)"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], 0, "a NumPy .npy file"),
        ([(byte)'G', (byte)'G', (byte)'U', (byte)'F'], 0, "a GGUF file"),
        ([(byte)'T', (byte)'F', (byte)'L', (byte)'3'], 4, "a TensorFlow Lite model"),
        ([(byte)'u', (byte)'s', (byte)'t', (byte)'a', (byte)'r'], 257, "a tar archive (perhaps PyTorch from before 0.1.10)"),
    ];

    /// <summary>The names under which Hugging Face and timm look for weights in a folder, in their order.</summary>
    public static IReadOnlyList<string> UsualNames { get; } =
    [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
        "flax_model.msgpack", "flax_model.msgpack.index.json",
    ];

    /// <summary>The first of <see cref="UsualNames"/> that a folder holds; null when it holds none.</summary>
    public static string? FindIn(string folder) =>
        UsualNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Opens safetensors files, PyTorch files of both layouts, Flax's msgpack, and the <c>.index.json</c> of weights that were
    /// split into several of them.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file, or a part of split weights is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, or not a file of weights; the message says what it is instead.
    /// </exception>
    /// <exception cref="NotSupportedException">It holds weights that Graft cannot read.</exception>
    /// <exception cref="IOException">It is a folder, or cannot be read.</exception>
    public static ArrayFile Open(string path)
    {
        byte[] head = ReadHead(path, out long length);
        if (length == 0) throw new InvalidDataException($"{path}: is empty (0 bytes): download it again");
        if (LooksLikeSafetensors(head)) return SafetensorsFile.Open(path); // first: its length may look like a pickle's start
        if (head.AsSpan().StartsWith("PK\x03\x04"u8) || head is [0x80, >= 2 and <= 5, ..]) return TorchFile.Open(path);
        if (head is [>= 0x81 and <= 0x8f, var key, ..] && IsMsgpackText(key)) return FlaxFile.Open(path); // no text begins so
        if (TextOf(head) is { } text) return OpenText(path, text);
        if (head is [0xde, _, _, var key16, ..] && IsMsgpackText(key16)) return FlaxFile.Open(path);
        if (head is [0xdf, _, _, _, _, var key32, ..] && IsMsgpackText(key32)) return FlaxFile.Open(path);

        foreach ((byte[] start, int at, string what) in notSupported)
            if (head.Length >= at + start.Length && head.AsSpan(at).StartsWith(start))
                throw new NotSupportedException(
                    $"{path}: is {what}, which Graft cannot read: "
                    + "expected safetensors, a PyTorch file or Flax's msgpack");
        foreach ((byte[] start, string what) in others)
            if (head.AsSpan().StartsWith(start))
                throw new InvalidDataException($"{path}: {what}");
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return SafetensorsFile.Open(path); // says what is wrong
        if (head.All(one => one == 0))
            throw new InvalidDataException($"{path}: begins with zeros only: damaged, download it again");
        string start8 = Convert.ToHexString(head.AsSpan(0, Math.Min(8, head.Length))).ToLowerInvariant();
        throw new InvalidDataException(
            $"{path}: is not a file of weights that Graft knows: expected safetensors, a PyTorch file (zip or legacy) or Flax's "
            + $"msgpack, found one that begins with {start8}");
    }

    /// <summary>The head of a text in msgpack: a Flax file is a map whose keys are texts.</summary>
    static bool IsMsgpackText(byte head) => head is >= 0xa1 and <= 0xbf or 0xd9 or 0xda;

    static ArrayFile OpenText(string path, string text)
    {
        string trimmed = text.TrimStart();
        if (trimmed.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            throw new InvalidDataException($"{path}: this is a Git LFS pointer, not the weights: run git lfs pull");
        if (trimmed.StartsWith("/annex/", StringComparison.Ordinal))
            throw new InvalidDataException(
                $"{path}: this is a pointer of a version control system, not the weights: fetch them first");
        if (trimmed.StartsWith('<'))
            throw new InvalidDataException(
                $"{path}: is a web page (HTML or XML), not weights: the download got a page instead of the file");
        if (trimmed.StartsWith('{') && ShardedFile.IsIndex(path)) return ShardedFile.Open(path);
        string line = PickleText.Printable(trimmed.Split('\n', 2)[0].Trim());
        throw new InvalidDataException(
            $"{path}: is a text file, not weights; it begins with: {(line.Length <= 60 ? line : line[..60] + "...")}");
    }

    static byte[] ReadHead(string path, out long length)
    {
        using FileStream stream = MappedFile.OpenStream(path);
        length = stream.Length;
        byte[] head = new byte[(int)Math.Min(length, HeadBytes)];
        stream.ReadExactly(head);
        return head;
    }

    /// <summary>A small 64-bit length, then a brace. Such a length has zero bytes, so no text looks like it.</summary>
    static bool LooksLikeSafetensors(byte[] head) =>
        head.Length > 8 && head[8] == (byte)'{'
        && BinaryPrimitives.ReadUInt64LittleEndian(head) <= SafetensorsFile.MaxHeaderBytes;

    /// <summary>The beginning as text; null when it holds bytes that no text has.</summary>
    static string? TextOf(byte[] head)
    {
        foreach (byte one in head)
            if (one < 9 || one is > 13 and < 32 and not 27 || one == 127)
                return null;
        string text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF');
        int bad = text.AsSpan(0, Math.Max(0, text.Length - 1)).Count('\uFFFD'); // the last character may be cut in two
        return bad * 20 > text.Length ? null : text;
    }
}
