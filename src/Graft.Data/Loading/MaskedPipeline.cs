using Graft.Imaging;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// From the files of an image and its mask to a network's input and the class of each of its pixels, for training: decode,
/// change both alike, normalise the image. All draws come from (seed, epoch, <see cref="Sample.Index"/>).
/// </summary>
/// <param name="Preprocess">The network's preprocessing, of which only the normalisation counts; the size is the
/// transforms'.</param>
/// <param name="Masks">What the pixels of mask files mean.</param>
/// <param name="Height">Height of what the transforms leave.</param>
/// <param name="Width">Width of what the transforms leave.</param>
public sealed record MaskedPipeline(Preprocess Preprocess, MaskEncoding Masks, int Height, int Width) : IMaskedSampleReader
{
    readonly Preprocess sized = Preprocess with { Height = Height, Width = Width };

    /// <summary>What is done to the decoded pair; its result must be of <see cref="Height"/> x <see cref="Width"/>.</summary>
    public required MaskedTransformList Transforms { get; init; }

    /// <summary>The key of the transforms' draws. <value>0</value></summary>
    public ulong Seed { get; init; }

    /// <summary>Leaves photographs lying as their pixels do. <value>false: EXIF orientation is honoured</value></summary>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Keeps images and masks in memory from epoch to epoch. <value>null: each epoch reads them anew</value></summary>
    public ImageCache? Cache { get; init; }

    /// <inheritdoc/>
    public int Channels => Preprocess.Channels;

    /// <summary>
    /// The usual training: scales from 0.5 to 2 and a crop as torchvision's reference, no class with more than three quarters of
    /// a crop where it can be, mirroring of every other pair.
    /// </summary>
    /// <param name="preprocess">The network's preprocessing.</param>
    /// <param name="masks">What the pixels of mask files mean.</param>
    /// <param name="height">Height of the crop.</param>
    /// <param name="width">Width of the crop.</param>
    /// <param name="seed">The key of the draws.</param>
    /// <param name="cache">Keeps images and masks. <value>null: none</value></param>
    public static MaskedPipeline Training(
        Preprocess preprocess, MaskEncoding masks, int height, int width, ulong seed, ImageCache? cache = null) =>
        new(preprocess, masks, height, width)
        {
            Transforms =
            [
                RandomScaleCrop.Of(height, width) with { MaximumShare = 0.75, Interpolation = preprocess.Interpolation },
                MaskedTransform.Of(new RandomHorizontalFlip()),
            ],
            Seed = seed,
            Cache = cache,
        };

    /// <inheritdoc/>
    public void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format)
    {
        long[] targets = new long[Height * Width];
        Read(sample, epoch, destination, targets, format);
    }

    /// <inheritdoc/>
    public void Read(Sample sample, int epoch, Span<float> destination, Span<long> targets, MemoryFormat format)
    {
        MaskedImage pair = Prepare(sample, epoch);
        using Image image = pair.Image;
        using IndexMask mask = pair.Mask;
        if (format == MemoryFormat.ChannelsLast) sized.NormalizeInterleaved(image, destination);
        else sized.Normalize(image, destination);
        MaskedFiles.WriteTargets(mask, targets);
    }

    /// <summary>The whole pair, upright, before anything is done to it; the caller's to dispose.</summary>
    /// <exception cref="InvalidDataException">The image or its mask is bad.</exception>
    public MaskedImage Whole(Sample sample)
    {
        (MaskedImage pair, bool shared) = MaskedFiles.Open(sample, Masks, IgnoreOrientation, Cache);
        return shared ? new MaskedImage(pair.Image.Clone(), pair.Mask.Clone()) : pair;
    }

    /// <summary>The pair that <see cref="Read(Sample, int, Span{float}, Span{long}, MemoryFormat)"/> turns into numbers; the
    /// caller's to dispose.</summary>
    /// <exception cref="InvalidDataException">The image or its mask is bad.</exception>
    public MaskedImage Prepare(Sample sample, int epoch)
    {
        (MaskedImage pair, bool shared) = MaskedFiles.Open(sample, Masks, IgnoreOrientation, Cache);
        MaskedImage result = pair;
        try
        {
            SampleRandom random = new(Seed, (ulong)epoch, (ulong)sample.Index);
            result = Transforms.Apply(pair, ref random);
            if (shared)
            {
                // what no transform changed is the cache's
                if (ReferenceEquals(result.Image, pair.Image)) result = result with { Image = pair.Image.Clone() };
                if (ReferenceEquals(result.Mask, pair.Mask)) result = result with { Mask = pair.Mask.Clone() };
            }
            if (result.Image.Width != Width || result.Image.Height != Height)
                throw new ArgumentException(
                    $"transforms: expected to leave {Width} x {Height}, left {result.Image.Width} x {result.Image.Height}.");
            return result;
        }
        catch
        {
            if (!ReferenceEquals(result.Image, pair.Image)) result.Image.Dispose();
            if (!ReferenceEquals(result.Mask, pair.Mask)) result.Mask.Dispose();
            throw;
        }
        finally
        {
            if (!shared && !ReferenceEquals(result.Image, pair.Image)) pair.Image.Dispose();
            if (!shared && !ReferenceEquals(result.Mask, pair.Mask)) pair.Mask.Dispose();
        }
    }
}
