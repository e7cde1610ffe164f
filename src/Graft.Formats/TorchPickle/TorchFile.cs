using System.Buffers.Binary;
using System.Numerics;

namespace Graft.Formats;

/// <summary>
/// A file of torch.save, in its zip layout (PyTorch 1.6 and newer) or its legacy one, memory-mapped. Its pickle is read as data
/// only: tensors, dicts, plain containers and scalars; any other global is refused by its name and nothing is ever run. Limits on
/// work and memory keep a hostile file from hanging or exhausting the machine.
/// </summary>
public sealed class TorchFile : ArrayFile
{
    const int MaxPickleBytes = 256 << 20;
    const int MaxNameCharacters = 64 << 20;

    /// <summary>A view that repeats its elements may be laid out up to this size, whatever its storage has.</summary>
    const long MaxRepeatedBytes = 256 << 20;

    static readonly BigInteger legacyMagic = BigInteger.Parse("119547037146038801333356");

    readonly MappedFile file;
    readonly (PyTensor Tensor, long Start)[] tensors;

    TorchFile(MappedFile file, Contents contents, IReadOnlyList<ArrayEntry> entries, (PyTensor, long)[] tensors,
        IReadOnlyDictionary<string, string> metadata)
        : base(file.Path, entries, metadata)
    {
        this.file = file;
        this.tensors = tensors;
        IsLegacy = contents.IsLegacy;
        StateDictPath = contents.Finder!.Prefix;
        StateDictPaths = contents.Finder.Prefixes;
    }

    /// <inheritdoc/>
    public override string Kind => IsLegacy ? "PyTorch (legacy)" : "PyTorch (zip)";

    /// <inheritdoc/>
    public override long FileBytes => file.Length;

    /// <summary>True for the layout from before PyTorch 1.6.</summary>
    public bool IsLegacy { get; }

    /// <summary>
    /// Where in the file the entries lie: <c>state_dict</c>, <c>model</c>, <c>state_dict.model</c>; empty for the root. The names
    /// of
    /// entries do not repeat it; a <c>module.</c> that is part of the names stays (see <see cref="WeightNames.StripWrappers"/>).
    /// </summary>
    public string StateDictPath { get; }

    /// <summary>Every place in the file that holds tensors, such as <c>model</c> and <c>model_ema</c>.</summary>
    public IReadOnlyList<string> StateDictPaths { get; }

    /// <summary>Opens a file of either layout.</summary>
    /// <param name="path">The file.</param>
    /// <param name="at">Which of several state dicts to take (see <see cref="StateDictPaths"/>); null for the usual one.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, asks for a global that is not part of weights, or holds no tensors.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// It holds what Graft cannot read: TorchScript, complex or quantised tensors.
    /// </exception>
    /// <exception cref="ArgumentException">There is nothing at <paramref name="at"/>.</exception>
    public static TorchFile Open(string path, string? at = null)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            bool isZip = file.Length >= 4 && file.Span(0, 4).SequenceEqual("PK\x03\x04"u8);
            Contents contents = isZip ? ReadZip(file) : ReadLegacy(file);
            contents.Finder = new(path, contents.Root, at);

            List<ArrayEntry> entries = [];
            List<(PyTensor, long)> places = [];
            long nameCharacters = 0;
            foreach ((string name, PyTensor tensor) in contents.Finder.Tensors)
            {
                if ((nameCharacters += name.Length) > MaxNameCharacters)
                    throw new InvalidDataException($"{path}: the names of its tensors are longer than any weights need");
                entries.Add(new(name, tensor.Type, Array.AsReadOnly(tensor.Shape)));
                places.Add((tensor, contents.StartOf(tensor)));
            }
            Dictionary<string, string> metadata = new(StringComparer.Ordinal);
            contents.Finder.ReadMetadata(metadata, tensor =>
                PickleText.Number(tensor.Type, file.Span(contents.StartOf(tensor), tensor.Type.Size())));
            return new(file, contents, entries, [.. places], metadata);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is a TorchScript archive, a program with its weights; false for what cannot be read.</summary>
    public static bool IsScript(string path)
    {
        try
        {
            using MappedFile file = MappedFile.Open(path);
            if (file.Length < 4 || !file.Span(0, 4).SequenceEqual("PK\x03\x04"u8)) return false;
            ZipDirectory zip = new(file);
            return PickleOf(zip) is { } pickle && IsScript(zip, pickle[..^"data.pkl".Length]);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false; // whoever opens it says what is wrong
        }
    }

    /// <summary>The pickle nearest to the root.</summary>
    static string? PickleOf(ZipDirectory zip) =>
        zip.Names.Where(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal))
            .MinBy(name => name.Count(one => one == '/'));

    static bool IsScript(ZipDirectory zip, string root) => zip.Contains(root + "constants.pkl")
        || zip.Names.Any(name => name.StartsWith(root + "code/", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(ArrayEntry entry)
    {
        (PyTensor tensor, long start) = tensors[PositionOf(entry)];
        long length = entry.ByteLength;
        if (length == 0) return [];
        if (length > int.MaxValue) throw TooLarge(Path, entry);
        if (StridedView.IsContiguous(tensor)) return file.Span(start, (int)length);

        int size = tensor.Type.Size();
        if (length > MaxRepeatedBytes && length / size > tensor.Storage.Count)
            throw new NotSupportedException(
                $"{Path}: {entry} repeats the {tensor.Storage.Count} elements of its storage too often");
        long reach = StridedView.Reach(tensor);
        if (reach > int.MaxValue / size) throw TooLarge(Path, entry);
        return StridedView.Pack(tensor, file.Span(start, (int)reach * size));
    }

    /// <inheritdoc/>
    public override void Read(ArrayEntry entry, long offset, Span<byte> destination)
    {
        (PyTensor tensor, long start) = tensors[PositionOf(entry)];
        CheckRange(entry, offset, destination.Length);
        if (StridedView.IsContiguous(tensor)) file.Read(start + offset, destination);
        else base.Read(entry, offset, destination);
    }

    /// <inheritdoc/>
    public override MappedArray? Map(ArrayEntry entry)
    {
        (PyTensor tensor, long start) = tensors[PositionOf(entry)];
        return StridedView.IsContiguous(tensor) ? file.Map(start, entry.ByteLength) : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
    }

    static Contents ReadZip(MappedFile file)
    {
        string path = file.Path;
        ZipDirectory zip = new(file);
        if (PickleOf(zip) is not { } pickle) throw new InvalidDataException(DescribeZip(path, zip));
        string root = pickle[..^"data.pkl".Length];
        if (IsScript(zip, root))
            throw new NotSupportedException(
                $"{path}: is a TorchScript archive, a program rather than weights: "
                + "save its weights with torch.save(model.state_dict(), ...)");
        if (zip.Contains(root + "byteorder"))
        {
            (long at, long orderLength) = zip.Find(root + "byteorder");
            if (file.SpanUpTo(at, (int)Math.Min(orderLength, 16)).StartsWith("big"u8))
                throw new NotSupportedException($"{path}: was saved on a big-endian machine, which Graft cannot read");
        }

        (long start, long length) = zip.Find(pickle);
        if (length > MaxPickleBytes)
            throw new InvalidDataException($"{path}: its pickle has {length} bytes, more than weights need");
        Dictionary<string, PyStorage> storages = new(StringComparer.Ordinal);
        Unpickler unpickler = new(path, file.Span(start, (int)length), storages);
        Contents contents = new() { Root = unpickler.Load() };
        foreach ((string key, PyStorage storage) in storages)
        {
            (long at, long bytes) = zip.Find($"{root}data/{key}");
            long expected = storage.Count * storage.ElementSize;
            if (bytes != expected)
                throw new InvalidDataException(
                    $"{path}: its storage '{PickleText.Printable(key)}' has {bytes} bytes, its pickle says {expected}");
            contents.Starts[key] = at;
        }
        return contents;
    }

    static string DescribeZip(string path, ZipDirectory zip)
    {
        const string expected = "expected one written by torch.save (with a data.pkl in it)";
        if (zip.Names.Any(name => name.EndsWith(".npy", StringComparison.Ordinal)))
            return $"{path}: is a NumPy .npz archive, {expected}";
        if (zip.Contains("model.weights.h5")) return $"{path}: is a Keras archive, {expected}";
        return $"{path}: is a zip archive, but not of weights: {expected}; if weights are inside of it, unpack it first";
    }

    /// <summary>
    /// The magic number, the protocol, facts about the machine, the object, the keys of the storages, the storages.
    /// </summary>
    static Contents ReadLegacy(MappedFile file)
    {
        string path = file.Path;
        long at = 0;
        object? first = LoadOne(file, ref at, null);
        if (first is not BigInteger magic || magic != legacyMagic)
            throw new InvalidDataException(
                $"{path}: is a Python pickle, but not one of torch.save: expected its magic number at the start");
        if (LoadOne(file, ref at, null) is not long protocol || protocol != 1001)
            throw new InvalidDataException($"{path}: expected version 1001 of PyTorch's legacy layout");
        if (LoadOne(file, ref at, null) is not PyDict system)
            throw new InvalidDataException($"{path}: the facts about its machine are missing");
        if (system.Find("little_endian") is false)
            throw new NotSupportedException($"{path}: was saved on a big-endian machine, which Graft cannot read");

        Dictionary<string, PyStorage> storages = new(StringComparer.Ordinal);
        Contents contents = new() { IsLegacy = true, Root = LoadOne(file, ref at, storages) };
        if (LoadOne(file, ref at, null) is not PyList keys)
            throw new InvalidDataException($"{path}: the list of its storages is missing");
        foreach (object? one in keys.Items)
        {
            string key = one as string ?? (one is long number ? number.ToString() : "?");
            if (!storages.TryGetValue(key, out PyStorage? storage))
                throw new InvalidDataException($"{path}: a storage '{PickleText.Printable(key)}' belongs to no tensor");
            if (at > file.Length - 8) throw Truncated(path);
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Span(at, 8));
            if (count != storage.Count)
                throw new InvalidDataException(
                    $"{path}: its storage '{PickleText.Printable(key)}' has {count} elements, its pickle says {storage.Count}");
            at += 8;
            long length = count * storage.ElementSize;
            if (length > file.Length - at) throw Truncated(path);
            if (!contents.Starts.TryAdd(key, at))
                throw new InvalidDataException($"{path}: its storage '{PickleText.Printable(key)}' appears twice");
            at += length;
        }
        foreach (string key in storages.Keys)
            if (!contents.Starts.ContainsKey(key))
                throw new InvalidDataException($"{path}: its storage '{PickleText.Printable(key)}' is missing");
        return contents;
    }

    static object? LoadOne(MappedFile file, ref long at, Dictionary<string, PyStorage>? storages)
    {
        Unpickler unpickler = new(file.Path, file.SpanUpTo(at, MaxPickleBytes), storages);
        object? value = unpickler.Load();
        at += unpickler.Position;
        return value;
    }

    static InvalidDataException Truncated(string path) =>
        new($"{path}: ends in the middle of its storages: truncated, download it again");

    sealed class Contents
    {
        public object? Root { get; init; }
        public bool IsLegacy { get; init; }
        public StateDictFinder? Finder { get; set; }

        /// <summary>Where each storage begins in the file.</summary>
        public Dictionary<string, long> Starts { get; } = new(StringComparer.Ordinal);

        public long StartOf(PyTensor tensor) => Starts[tensor.Storage.Key]
            + tensor.Storage.Start * tensor.Storage.ElementSize + tensor.Offset * tensor.Type.Size();
    }
}
