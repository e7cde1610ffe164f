using Graft.Imaging;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// From a file to a network's input: decode, augment (in training), bring to size, normalise. Augmentation draws from
/// (seed, epoch, <see cref="Sample.Index"/>).
/// </summary>
/// <param name="Preprocess">The network's own preprocessing. Its geometry is applied to images that the transforms leave at
/// another size than the network's.</param>
public sealed record SamplePipeline(Preprocess Preprocess) : ISampleReader
{
    /// <summary>What is done to the decoded image in training. <value>None: evaluation.</value></summary>
    public TransformList Transforms { get; init; } = [];

    /// <summary>The key of the transforms' draws. <value>0.</value></summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Leaves photographs lying as their pixels do, as torchvision's loader does. <value>false: EXIF orientation is
    /// honoured.</value>
    /// </summary>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Keeps images in memory from epoch to epoch. <value>null: each epoch reads them anew.</value></summary>
    public ImageCache? Cache { get; init; }

    /// <summary>
    /// Where positive, a JPEG of which the shorter side is at least twice as long may be decoded at a half, a quarter or an
    /// eighth of its size, as long as its shorter side keeps that many pixels: far faster for photographs of many megapixels, but
    /// not the pixels of a full decode. For training only. <value>0: always the full size.</value>
    /// </summary>
    public int MinimumSide { get; init; }

    /// <inheritdoc/>
    public int Height => Preprocess.Height;

    /// <inheritdoc/>
    public int Width => Preprocess.Width;

    /// <inheritdoc/>
    public int Channels => Preprocess.Channels;

    /// <summary>
    /// The usual augmentation of ImageNet training: random resized crop (area 0.08 to 1, ratio 3/4 to 4/3), horizontal flip.
    /// </summary>
    public static SamplePipeline Training(Preprocess preprocess, ulong seed, ImageCache? cache = null) => new(preprocess)
    {
        Transforms =
        [
            new RandomResizedCrop(preprocess.Height, preprocess.Width, interpolation: preprocess.Interpolation),
            new RandomHorizontalFlip(),
        ],
        Seed = seed,
        Cache = cache,
    };

    /// <inheritdoc/>
    public void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format)
    {
        Image image = Prepare(sample, epoch, out bool shared);
        try
        {
            if (format == MemoryFormat.ChannelsLast) Preprocess.NormalizeInterleaved(image, destination);
            else Preprocess.Normalize(image, destination);
        }
        finally
        {
            if (!shared) image.Dispose();
        }
    }

    /// <summary>The image that <see cref="Read"/> normalises, H x W; the caller's to dispose.</summary>
    /// <exception cref="InvalidDataException">The file is no image.</exception>
    public Image ReadImage(Sample sample, int epoch)
    {
        Image image = Prepare(sample, epoch, out bool shared);
        return shared ? image.Clone() : image;
    }

    // "Shared" images are the cache's: read, never changed nor disposed.
    Image Prepare(Sample sample, int epoch, out bool shared)
    {
        if (Cache is null && Transforms is [RandomResizedCrop crop, ..])
        {
            shared = false;
            return CropOf(sample, epoch, crop);
        }
        // Without transforms the image at its final size is the same in every epoch: that is kept, since it is the smaller one.
        bool still = Transforms.Count == 0;
        Preprocess? stage = still ? Preprocess : null;
        Image? kept = null;
        ImageCache.Key key = new(sample.Path, IgnoreOrientation, MinimumSide, stage);
        ImageCache.Stamp stamp = default;
        if (Cache is not null)
        {
            stamp = ImageCache.Stamp.Of(sample.Path);
            Cache.TryGet(key, stamp, out kept);
        }
        shared = kept is not null && still;
        if (shared) return kept!;
        Image decoded = kept ?? Decode(sample.Path);
        try
        {
            if (kept is null && !still) Cache?.Add(key, stamp, decoded);
            Image shaped = still ? Preprocess.ApplyGeometry(decoded) : Augment(decoded, sample, epoch);
            if (kept is null && still) Cache?.Add(key, stamp, shaped);
            shared = ReferenceEquals(shaped, kept);
            if (kept is null && !ReferenceEquals(shaped, decoded)) decoded.Dispose();
            return shaped;
        }
        catch
        {
            if (kept is null) decoded.Dispose();
            throw;
        }
    }

    Image Augment(Image image, Sample sample, int epoch)
    {
        SampleRandom random = new(Seed, (ulong)epoch, (ulong)sample.Index);
        return Fit(Transforms.Apply(image, ref random), image);
    }

    // As Augment, but what lies outside of the first transform's crop is not even decoded.
    Image CropOf(Sample sample, int epoch, RandomResizedCrop crop)
    {
        SampleRandom random = new(Seed, (ulong)epoch, (ulong)sample.Index);
        Image resized;
        using (Image part = Decode(sample.Path, (width, height) => crop.Draw(width, height, ref random)))
            resized = Resize.Apply(part, crop.Width, crop.Height, crop.Interpolation);
        Image? result = null;
        try
        {
            return result = Fit(Transforms.Apply(resized, ref random, first: 1), resized);
        }
        finally
        {
            if (!ReferenceEquals(result, resized)) resized.Dispose();
        }
    }

    // To the network's size, if the transforms left another; the image that they were given is not disposed.
    Image Fit(Image augmented, Image image)
    {
        if (augmented.Width == Width && augmented.Height == Height) return augmented;
        try
        {
            return Preprocess.ApplyGeometry(augmented);
        }
        finally
        {
            if (!ReferenceEquals(augmented, image)) augmented.Dispose();
        }
    }

    internal Image Decode(string path, RectangleChoice? part = null) => ImageFile.Decode(path, data => part is null
        ? ImageCodec.Decode(data, IgnoreOrientation, minimumSide: MinimumSide)
        : ImageCodec.DecodePart(data, part, IgnoreOrientation, minimumSide: MinimumSide));
}
