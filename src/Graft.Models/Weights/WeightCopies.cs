using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Graft.Formats;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Fills parameters from a file: large ones by the file's own pages, others straight into their memory, with no copy between, and
/// on several threads where there is much to read, since the pages of fresh memory come in one by one.
/// </summary>
sealed class WeightCopies(ArrayFile file)
{
    const long MuchBytes = 8 << 20, LargeBytes = 1 << 18;
    const int Part = 1 << 26;

    readonly List<(long Bytes, Action Run)> copies = [];

    /// <summary>A whole array into a parameter of its size.</summary>
    /// <exception cref="InvalidDataException">It is of no real numbers.</exception>
    public void Add(ArrayEntry entry, Parameter parameter)
    {
        bool isCounter = parameter.Value.DType == DType.Int64;
        if (!isCounter) CheckReal(entry);
        if (!isCounter && TryMap(entry, parameter)) return;
        if (!isCounter) copies.Add((entry.ByteLength, () => Fill(entry, 0, parameter.Value.AsSpan<float>())));
        else if (entry.Type == ElementType.Int64) file.Read(entry, 0, parameter.Value.AsBytes());
        else parameter.Value.Fill_(file.ToSingles(entry)[0]); // some convert their counters along with the weights
    }

    /// <summary>A part of an array, from a number on, into a part of a parameter.</summary>
    /// <exception cref="InvalidDataException">It is of no real numbers.</exception>
    public void Add(ArrayEntry entry, int from, Parameter parameter, Range to)
    {
        CheckReal(entry);
        copies.Add((entry.ByteLength, () => Fill(entry, from, parameter.Value.AsSpan<float>()[to])));
    }

    /// <summary>Makes all of them.</summary>
    public void Run()
    {
        if (copies.Sum(copy => copy.Bytes) < MuchBytes)
        {
            foreach ((_, Action run) in copies) run();
            return;
        }
        copies.Sort((left, right) => right.Bytes.CompareTo(left.Bytes)); // the large first, so that threads end together
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };
            Parallel.ForEach(copies, options, copy => copy.Run());
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    /// <summary>
    /// A large array need not be read at all: the parameter takes the file's own pages, which become the process's when it
    /// writes to them.
    /// </summary>
    bool TryMap(ArrayEntry entry, Parameter parameter)
    {
        if (entry.Type != ElementType.Float32 || entry.ByteLength < LargeBytes || !parameter.Value.Device.IsCpu) return false;
        if (file.Map(entry) is not { } mapped || mapped.Address % sizeof(float) != 0) return false;
        mapped.Mapping.Hold();
        parameter.Replace(Tensor.FromMemory(mapped.Address, parameter.Shape, DType.Float32, mapped.Mapping.Release));
        return true;
    }

    void CheckReal(ArrayEntry entry)
    {
        if (!entry.Type.IsFloatingPoint())
            throw new InvalidDataException(
                $"{file.Path}: {entry.Name}: expected real numbers, found {entry.Type.TorchName()}");
    }

    void Fill(ArrayEntry entry, int from, Span<float> to)
    {
        if (entry.Type == ElementType.Float32)
        {
            for (int at = 0; at < to.Length; at += Part)
                file.Read(entry, 4L * (from + at), MemoryMarshal.AsBytes(to.Slice(at, Math.Min(Part, to.Length - at))));
            return;
        }
        if (entry.Type == ElementType.Float64)
        {
            file.ToSingles(entry).AsSpan(from, to.Length).CopyTo(to);
            return;
        }
        ReadOnlySpan<byte> bytes = file.Bytes(entry);
        if (entry.Type == ElementType.BFloat16)
        {
            ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes).Slice(from, to.Length);
            for (int i = 0; i < to.Length; i++) to[i] = BitConverter.Int32BitsToSingle(halves[i] << 16);
        }
        else
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes).Slice(from, to.Length);
            for (int i = 0; i < to.Length; i++) to[i] = (float)halves[i];
        }
    }
}
