using Graft.Formats;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// A model's weights under an origin's names and in its shapes, as arrays to be written; tensors must outlive it.
/// </summary>
sealed class OriginArrays : IDisposable
{
    readonly List<TensorMemory> memories = [];
    readonly List<(ArrayEntry, ReadOnlyMemory<byte>)> items = [];

    /// <summary>The arrays.</summary>
    public IReadOnlyList<(ArrayEntry, ReadOnlyMemory<byte>)> Items => items;

    /// <summary>All weights of a model as that origin has them.</summary>
    /// <exception cref="NotSupportedException">The origin has no name for one of them.</exception>
    public static OriginArrays Of(ImageModel model, Origin origin)
    {
        var arrays = new OriginArrays();
        try
        {
            NameMap names = model.Family.FileNames(origin, model.Config);
            Dictionary<string, int> stacked = [];
            foreach (Parameter parameter in model.Parameters.All)
            {
                IReadOnlyList<TensorPart> parts = names.Parts(parameter.Name);
                if (parts.Count == 0)
                    throw new NotSupportedException($"{origin.ShortName()} has no name for {parameter.Name}");
                ElementType type = parameter.Value.DType.ToElementType();
                long[] shape = model.Family.ShapeIn(origin, model.Config, parameter.Name, parameter.Shape);
                ReadOnlyMemory<byte> bytes = arrays.MemoryOf(parameter.Value);
                if (parts is [{ Of: 1 }]) arrays.items.Add((new ArrayEntry(parts[0].Name, type, shape), bytes));
                else if (parts.Count > 1) arrays.Cut(parts, type, shape, bytes);
                else arrays.Put(stacked, parts[0], type, shape, bytes);
            }
            return arrays;
        }
        catch
        {
            arrays.Dispose();
            throw;
        }
    }

    /// <summary>Frees the copies that had to be made.</summary>
    public void Dispose()
    {
        foreach (IDisposable memory in memories) memory.Dispose();
    }

    /// <summary>One of ours as several of theirs.</summary>
    void Cut(IReadOnlyList<TensorPart> parts, ElementType type, long[] shape, ReadOnlyMemory<byte> bytes)
    {
        int each = bytes.Length / parts.Count;
        long[] size = [shape[0] / parts.Count, .. shape.AsSpan(1)];
        for (int i = 0; i < parts.Count; i++)
            items.Add((new ArrayEntry(parts[i].Name, type, size), bytes.Slice(i * each, each)));
    }

    /// <summary>One of ours as a slice of theirs; what no weight of ours fills stays zero.</summary>
    void Put(Dictionary<string, int> stacked, TensorPart part, ElementType type, long[] shape, ReadOnlyMemory<byte> bytes)
    {
        if (!stacked.TryGetValue(part.Name, out int at))
        {
            stacked[part.Name] = at = items.Count;
            long[] size = [shape[0] * part.Of, .. shape.AsSpan(1)];
            items.Add((new ArrayEntry(part.Name, type, size), new byte[bytes.Length * part.Of]));
        }
        Memory<byte> whole = System.Runtime.InteropServices.MemoryMarshal.AsMemory(items[at].Item2);
        bytes.CopyTo(whole[(part.Index * bytes.Length)..]);
    }

    ReadOnlyMemory<byte> MemoryOf(Tensor tensor)
    {
        var memory = new TensorMemory(tensor);
        memories.Add(memory);
        return memory.Memory;
    }
}
