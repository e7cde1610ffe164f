using Graft.Imaging;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Several views of each image from one decode, for test-time augmentation: the image as evaluation sees it, then so many
/// augmented ones, as V x C channels. A batch [N, V x C, H, W] is V views of N images after a reshape to [N x V, C, H, W].
/// Contiguous memory only.
/// </summary>
/// <param name="plain">How evaluation reads an image.</param>
/// <param name="transforms">What augments it; drawn from (<paramref name="seed"/>, view, <see cref="Sample.Index"/>).</param>
/// <param name="augmented">How many augmented views come after the plain one.</param>
/// <param name="seed">The key of the draws.</param>
public sealed class ViewReader(SamplePipeline plain, TransformList transforms, int augmented, ulong seed) : ISampleReader
{
    /// <summary>V: views of an image, the plain one included.</summary>
    public int Views => augmented + 1;

    /// <inheritdoc/>
    public int Height => plain.Height;

    /// <inheritdoc/>
    public int Width => plain.Width;

    /// <summary>V x C.</summary>
    public int Channels => plain.Channels * Views;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Another format than contiguous.</exception>
    public void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format)
    {
        if (format != MemoryFormat.Contiguous)
            throw new ArgumentException($"views: expected {MemoryFormat.Contiguous} memory, came {format}", nameof(format));
        Preprocess preprocess = plain.Preprocess;
        int length = plain.Channels * Height * Width;
        using Image image = plain.Decode(sample.Path);
        preprocess.Apply(image, destination[..length]);
        for (int view = 1; view < Views; view++)
        {
            SampleRandom random = new(seed, (ulong)view, (ulong)sample.Index);
            Span<float> place = destination.Slice(view * length, length);
            Image changed = transforms.Apply(image, ref random);
            try
            {
                if (changed.Width == Width && changed.Height == Height) preprocess.Normalize(changed, place);
                else preprocess.Apply(changed, place);
            }
            finally
            {
                if (!ReferenceEquals(changed, image)) changed.Dispose();
            }
        }
    }
}
