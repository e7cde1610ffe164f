using System.Runtime.InteropServices;
using Graft.Formats;

namespace Graft.Models;

/// <summary>
/// A Flax file as transformers' PyTorch classes would have saved it. The names are the same but for the collection at their
/// front (<c>params</c>, <c>batch_stats</c>) and the last word: <c>kernel</c>, <c>scale</c> and <c>embedding</c> are weights,
/// <c>mean</c> and <c>var</c> running statistics. Kernels are turned: convolutions from <c>[H, W, in, out]</c>, linear layers
/// from <c>[in, out]</c>, attention from <c>[D, heads, head]</c> (into the heads) or <c>[heads, head, D]</c> (out of them).
/// </summary>
sealed class FlaxLayout : ArrayFile
{
    static readonly string[] collections = ["params", "batch_stats"];

    /// <summary>What the layer is called that takes the heads of an attention in.</summary>
    static readonly string[] outOfHeads = ["out", "dense", "out_proj", "proj", "o_proj"];

    readonly ArrayFile file;
    readonly Dictionary<string, Place> places;

    FlaxLayout(ArrayFile file, ArrayEntry[] entries, Dictionary<string, Place> places)
        : base(file.Path, entries, file.Metadata)
    {
        this.file = file;
        this.places = places;
    }

    /// <inheritdoc/>
    public override string Kind => file.Kind;

    /// <inheritdoc/>
    public override long FileBytes => file.FileBytes;

    /// <summary>
    /// The file so, where it is one of Flax (or its parts are), which then belongs to the result; any other as it is.
    /// </summary>
    /// <exception cref="InvalidDataException">Two of its arrays would be the same weight.</exception>
    public static ArrayFile Of(ArrayFile file)
    {
        if (file is FlaxLayout || !file.Kind.StartsWith("Flax", StringComparison.Ordinal)) return file;
        bool hasCollections = file.Entries.Any(entry => collections.Any(each => IsBelow(entry.Name, each)));
        ArrayEntry[] entries = new ArrayEntry[file.Entries.Count];
        Dictionary<string, Place> places = new(entries.Length, StringComparer.Ordinal);
        for (int i = 0; i < entries.Length; i++)
        {
            (entries[i], Turn turn) = Turned(file.Entries[i], hasCollections);
            if (!places.TryAdd(entries[i].Name, new(file.Entries[i], turn)))
                throw new InvalidDataException(
                    $"{file.Path}: {file.Entries[i].Name} and {places[entries[i].Name].Source.Name} are the same weight");
        }
        return new FlaxLayout(file, entries, places);
    }

    /// <summary>What stands in the file for an entry of this.</summary>
    public ArrayEntry SourceOf(string name) => places[name].Source;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(ArrayEntry entry)
    {
        Place place = places[Entries[PositionOf(entry)].Name];
        ReadOnlySpan<byte> from = file.Bytes(place.Source);
        if (place.Turn == Turn.None) return from;
        byte[] to = GC.AllocateUninitializedArray<byte>(from.Length);
        long[] shape = [.. place.Source.Shape];
        int outputs = (int)(place.Turn == Turn.OutOfLast ? shape[^1] : shape[1] * shape[2]);
        int window = place.Turn == Turn.OutOfLast && shape.Length == 4 ? (int)(shape[0] * shape[1]) : 1;
        switch (entry.Type.Size())
        {
            case 1: Transpose<byte>(from, to, outputs, window); break;
            case 2: Transpose<ushort>(from, to, outputs, window); break;
            case 4: Transpose<uint>(from, to, outputs, window); break;
            default: Transpose<ulong>(from, to, outputs, window); break;
        }
        return to;
    }

    /// <inheritdoc/>
    public override void Read(ArrayEntry entry, long offset, Span<byte> destination)
    {
        Place place = places[Entries[PositionOf(entry)].Name];
        if (place.Turn == Turn.None) file.Read(place.Source, offset, destination);
        else base.Read(entry, offset, destination);
    }

    /// <inheritdoc/>
    public override MappedArray? Map(ArrayEntry entry)
    {
        Place place = places[Entries[PositionOf(entry)].Name];
        return place.Turn == Turn.None ? file.Map(place.Source) : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
    }

    static (ArrayEntry Entry, Turn Turn) Turned(ArrayEntry entry, bool hasCollections)
    {
        string name = entry.Name;
        bool isStatistic = false;
        while (hasCollections && collections.FirstOrDefault(each => IsBelow(name, each)) is { } collection)
        {
            isStatistic = collection == "batch_stats";
            name = name[(collection.Length + 1)..];
        }
        int dot = name.LastIndexOf('.');
        string front = name[..(dot + 1)], last = name[(dot + 1)..];
        long[] shape = [.. entry.Shape];
        switch (last)
        {
            case "kernel":
                (long[] turned, Turn turn) = Kernel(shape, LastWord(name[..Math.Max(dot, 0)]));
                return (entry with { Name = front + "weight", Shape = turned }, turn);
            case "scale" or "embedding": return (entry with { Name = front + "weight" }, Turn.None);
            case "mean" when isStatistic: return (entry with { Name = front + "running_mean" }, Turn.None);
            case "var" when isStatistic: return (entry with { Name = front + "running_var" }, Turn.None);
            case "bias" when shape.Length == 2: // of the heads of an attention
                return (entry with { Name = name, Shape = [shape[0] * shape[1]] }, Turn.None);
            default: return (entry with { Name = name }, Turn.None);
        }
    }

    static (long[] Shape, Turn Turn) Kernel(long[] shape, string layer) => shape switch
    {
        _ when shape.Contains(0) => (shape, Turn.None),
        [var height, var width, var input, var output] => ([output, input, height, width], Turn.OutOfLast),
        [var heads, var head, var output] when outOfHeads.Contains(layer) => ([output, heads * head], Turn.OutOfLast),
        [var input, var heads, var head] => ([heads * head, input], Turn.OutOfAllButFirst),
        [var input, var output] => ([output, input], Turn.OutOfLast),
        _ => (shape, Turn.None),
    };

    static string LastWord(string path) => path[(path.LastIndexOf('.') + 1)..];

    static bool IsBelow(string name, string collection) =>
        name.Length > collection.Length && name[collection.Length] == '.'
        && name.StartsWith(collection, StringComparison.Ordinal);

    /// <summary><c>[window, in, out]</c> to <c>[out, in, window]</c>, in blocks that stay in the cache.</summary>
    static void Transpose<T>(ReadOnlySpan<byte> fromBytes, Span<byte> toBytes, int outputs, int window) where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(fromBytes);
        Span<T> to = MemoryMarshal.Cast<byte, T>(toBytes);
        const int Block = 32;
        int rows = from.Length / outputs, inputs = rows / window; // a row holds all outputs of one place and input
        for (int firstRow = 0; firstRow < rows; firstRow += Block)
            for (int first = 0; first < outputs; first += Block)
                for (int row = firstRow; row < Math.Min(firstRow + Block, rows); row++)
                {
                    int place = row / inputs, input = row - place * inputs;
                    ReadOnlySpan<T> line = from.Slice(row * outputs, outputs);
                    for (int output = first; output < Math.Min(first + Block, outputs); output++)
                        to[(output * inputs + input) * window + place] = line[output];
                }
    }

    /// <summary>Which sizes of a kernel are its outputs: they come first in PyTorch.</summary>
    enum Turn
    {
        None,
        OutOfLast,
        OutOfAllButFirst,
    }

    readonly record struct Place(ArrayEntry Source, Turn Turn);
}
