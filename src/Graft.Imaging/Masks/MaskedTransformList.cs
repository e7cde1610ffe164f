using System.Collections;
using System.Runtime.CompilerServices;

namespace Graft.Imaging;

/// <summary>Changes of pictures with masks one after another. What lies between first and last pair is disposed.</summary>
[CollectionBuilder(typeof(MaskedTransformList), nameof(Create))]
public sealed class MaskedTransformList(
    params ReadOnlySpan<IMaskedTransform> transforms) : IMaskedTransform, IReadOnlyList<IMaskedTransform>
{
    readonly IMaskedTransform[] items = transforms.ToArray();

    /// <summary>Makes a list from a collection expression.</summary>
    public static MaskedTransformList Create(ReadOnlySpan<IMaskedTransform> transforms) => new(transforms);

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public IMaskedTransform this[int index] => items[index];

    /// <inheritdoc/>
    public MaskedImage Apply(MaskedImage pair, ref SampleRandom random)
    {
        MaskedImage current = pair;
        foreach (IMaskedTransform transform in items)
        {
            MaskedImage next;
            try
            {
                next = transform.Apply(current, ref random);
            }
            catch
            {
                Leave(current, pair, pair);
                throw;
            }
            Leave(current, next, pair);
            current = next;
        }
        return current;
    }

    // Disposes of what is neither the next pair's nor the first one's.
    static void Leave(MaskedImage current, MaskedImage next, MaskedImage first)
    {
        if (!ReferenceEquals(current.Image, first.Image) && !ReferenceEquals(current.Image, next.Image)) current.Image.Dispose();
        if (!ReferenceEquals(current.Mask, first.Mask) && !ReferenceEquals(current.Mask, next.Mask)) current.Mask.Dispose();
    }

    /// <inheritdoc/>
    public IEnumerator<IMaskedTransform> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", items.Select(item => item.ToString()))}]";
}
