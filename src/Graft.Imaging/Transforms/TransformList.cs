using System.Collections;
using System.Runtime.CompilerServices;

namespace Graft.Imaging;

/// <summary>
/// Transforms one after another (torchvision's Compose). What lies between the first image and the last is disposed.
/// </summary>
[CollectionBuilder(typeof(TransformList), nameof(Create))]
public sealed class TransformList(
    params ReadOnlySpan<IImageTransform> transforms) : IImageTransform, IReadOnlyList<IImageTransform>
{
    readonly IImageTransform[] items = transforms.ToArray();

    /// <summary>Makes a list from a collection expression.</summary>
    public static TransformList Create(ReadOnlySpan<IImageTransform> transforms) => new(transforms);

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public IImageTransform this[int index] => items[index];

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Apply(image, ref random, first: 0);

    /// <summary>The same from one of the transforms on.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="random">The sample's generator, from which the transforms before have drawn.</param>
    /// <param name="first">Index of the first transform to apply.</param>
    public Image Apply(Image image, ref SampleRandom random, int first)
    {
        Image current = image;
        foreach (IImageTransform transform in items.AsSpan(first))
        {
            Image next;
            try
            {
                next = transform.Apply(current, ref random);
            }
            catch
            {
                if (!ReferenceEquals(current, image)) current.Dispose();
                throw;
            }
            if (!ReferenceEquals(next, current) && !ReferenceEquals(current, image)) current.Dispose();
            current = next;
        }
        return current;
    }

    /// <inheritdoc/>
    public IEnumerator<IImageTransform> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", items.Select(item => item.ToString()))}]";
}
