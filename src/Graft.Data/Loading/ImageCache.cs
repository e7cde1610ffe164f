using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// Decoded images, and masks, kept in memory from epoch to epoch, up to a budget: the first ones that come are kept, the others
/// are decoded each time. An image counts as the same while its path, size and time of change are. Batches are the same with
/// and without it.
/// Safe to use from several threads.
/// </summary>
public sealed class ImageCache
{
    readonly ConcurrentDictionary<Key, Entry> entries = new();
    readonly ConcurrentDictionary<MaskKey, MaskEntry> masks = new();
    long bytes;

    /// <summary>An empty cache.</summary>
    /// <param name="budgetBytes">The most memory that pixels may take. <value><see cref="DefaultBudgetBytes"/>.</value></param>
    public ImageCache(long? budgetBytes = null)
    {
        BudgetBytes = budgetBytes ?? DefaultBudgetBytes;
        ArgumentOutOfRangeException.ThrowIfNegative(BudgetBytes, nameof(budgetBytes));
    }

    /// <summary>1 GiB, or a quarter of the memory that the process may use, whichever is less.</summary>
    public static long DefaultBudgetBytes => Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>The most memory that pixels may take.</summary>
    public long BudgetBytes { get; }

    /// <summary>The memory that pixels take.</summary>
    public long UsedBytes => Interlocked.Read(ref bytes);

    /// <summary>The number of images kept.</summary>
    public int Count => entries.Count;

    /// <summary>Forgets every image.</summary>
    public void Clear()
    {
        foreach (Key key in entries.Keys)
            if (entries.TryRemove(key, out Entry? entry)) Interlocked.Add(ref bytes, -entry.Bytes);
        foreach (MaskKey key in masks.Keys)
            if (masks.TryRemove(key, out MaskEntry? entry)) Interlocked.Add(ref bytes, -BytesOf(entry.Mask));
    }

    internal bool TryGet(Key key, Stamp stamp, [MaybeNullWhen(false)] out Image image)
    {
        image = null;
        if (!entries.TryGetValue(key, out Entry? entry)) return false;
        if (entry.Stamp == stamp)
        {
            image = entry.Image;
            return true;
        }
        if (entries.TryRemove(new KeyValuePair<Key, Entry>(key, entry))) Interlocked.Add(ref bytes, -entry.Bytes);
        return false;
    }

    /// <summary>Keeps a copy where the budget allows it.</summary>
    internal void Add(Key key, Stamp stamp, Image image)
    {
        long size = image.Width * (long)image.Height * 3;
        if (Interlocked.Add(ref bytes, size) > BudgetBytes)
        {
            Interlocked.Add(ref bytes, -size);
            return;
        }
        // A copy of exactly that size: pooled arrays are up to twice as long.
        byte[] pixels = GC.AllocateUninitializedArray<byte>((int)size);
        image.Rgb.CopyTo(pixels);
        Entry entry = new(stamp, new Image(image.Width, image.Height, pixels), size);
        if (!entries.TryAdd(key, entry)) Interlocked.Add(ref bytes, -size);
    }

    internal bool TryGetMask(
        Key key, MaskSource source, MaskEncoding encoding, Stamp stamp, [MaybeNullWhen(false)] out IndexMask mask)
    {
        mask = null;
        MaskKey its = new(key, source, encoding);
        if (!masks.TryGetValue(its, out MaskEntry? entry)) return false;
        if (entry.Stamp == stamp)
        {
            mask = entry.Mask;
            return true;
        }
        if (masks.TryRemove(new KeyValuePair<MaskKey, MaskEntry>(its, entry))) Interlocked.Add(ref bytes, -BytesOf(entry.Mask));
        return false;
    }

    /// <summary>Keeps a copy where the budget allows it.</summary>
    internal void AddMask(Key key, MaskSource source, MaskEncoding encoding, Stamp stamp, IndexMask mask)
    {
        long size = BytesOf(mask);
        if (Interlocked.Add(ref bytes, size) > BudgetBytes)
        {
            Interlocked.Add(ref bytes, -size);
            return;
        }
        MaskEntry entry = new(stamp, new IndexMask(mask.Width, mask.Height, mask.Pixels.ToArray()));
        if (!masks.TryAdd(new MaskKey(key, source, encoding), entry)) Interlocked.Add(ref bytes, -size);
    }

    static long BytesOf(IndexMask mask) => mask.Width * (long)mask.Height * sizeof(ushort);

    /// <summary>Which image, and at which stage: as decoded, or brought to size by that preprocessing.</summary>
    internal readonly record struct Key(string Path, bool IgnoreOrientation, int MinimumSide, Preprocess? Geometry);

    /// <summary>Tells a changed file from the one that was kept.</summary>
    internal readonly record struct Stamp(long Length, long ChangedTicks)
    {
        public static Stamp Of(string path)
        {
            FileInfo file = new(path);
            return file.Exists ? new Stamp(file.Length, file.LastWriteTimeUtc.Ticks) : default;
        }
    }

    readonly record struct MaskKey(Key Image, MaskSource Source, MaskEncoding Encoding);

    sealed record MaskEntry(Stamp Stamp, IndexMask Mask);

    sealed record Entry(Stamp Stamp, Image Image, long Bytes);
}
