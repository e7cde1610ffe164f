namespace Graft.Formats;

/// <summary>What every writer demands of its arrays.</summary>
static class WriterChecks
{
    /// <exception cref="ArgumentException">Two arrays share a name, or data is not as long as its type and shape say.</exception>
    public static void Check(IReadOnlyList<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        HashSet<string> names = new(arrays.Count, StringComparer.Ordinal);
        foreach ((ArrayEntry entry, ReadOnlyMemory<byte> bytes) in arrays)
        {
            ArgumentNullException.ThrowIfNull(entry);
            if (!names.Add(entry.Name)) throw new ArgumentException($"two arrays are named '{entry.Name}'", nameof(arrays));
            if (!ArrayEntry.TryCount(entry.Shape, out long count)
                || !ArrayEntry.TryMultiply(count, entry.Type.Size(), out long length))
                throw new ArgumentException($"{entry}: not a shape", nameof(arrays));
            if (bytes.Length != length)
                throw new ArgumentException($"{entry}: needs {length} bytes, {bytes.Length} given", nameof(arrays));
        }
    }
}
