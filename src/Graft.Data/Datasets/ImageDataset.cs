using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Graft.Imaging;

namespace Graft.Data;

/// <summary>Labelled images and the names of their classes, or of the numbers that are known of them.</summary>
public sealed class ImageDataset
{
    /// <summary>A data set of those images, in that order; each <see cref="Sample.Index"/> becomes its place in it.</summary>
    /// <param name="name">What messages call it: <c>train</c>, <c>val</c>, or the folder.</param>
    /// <param name="samples">The images. Labels are numbers of <paramref name="classes"/>.</param>
    /// <param name="classes">The names of the classes, by number; for <see cref="LabelKind.Number"/>, of the numbers.</param>
    /// <param name="kind">What is known of each image. <value><see cref="LabelKind.Single"/>.</value></param>
    /// <param name="masks">For <see cref="LabelKind.Mask"/>, what the pixels of mask files mean; of the same classes.</param>
    /// <exception cref="ArgumentException">A label is no number of a class, or targets or masks do not fit kind and
    /// classes.</exception>
    public ImageDataset(
        string name, IEnumerable<Sample> samples, IReadOnlyList<string> classes, LabelKind kind = LabelKind.Single,
        MaskEncoding? masks = null)
    {
        Name = name;
        Classes = classes;
        Kind = kind;
        Masks = masks;
        if (kind == LabelKind.Mask != masks is not null || (masks is not null && !masks.Names.SequenceEqual(classes)))
            throw new ArgumentException(
                $"{name}: expected an encoding of masks of the same classes for masks, and for nothing else", nameof(masks));
        List<Sample> all = [];
        foreach (Sample sample in samples)
        {
            if ((uint)sample.Label >= (uint)classes.Count)
                throw new ArgumentException(
                    $"{sample.Name}: expected a label from 0 to {classes.Count - 1}, came {sample.Label}", nameof(samples));
            CheckTargets(sample);
            all.Add(sample.Index == all.Count ? sample : sample with { Index = all.Count });
        }
        Samples = all;
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The images; <c>Samples[i].Index == i</c>.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>The names of the classes, by number; for <see cref="LabelKind.Number"/>, of the numbers.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What is known of each image.</summary>
    public LabelKind Kind { get; }

    /// <summary>What the pixels of mask files mean, for <see cref="LabelKind.Mask"/>; else null.</summary>
    public MaskEncoding? Masks { get; }

    /// <summary>The number of images.</summary>
    public int Count => Samples.Count;

    /// <summary>
    /// The number of images of each class; of several labels, an image counts for each that it has; for numbers, every image
    /// counts for each; of masks, an image counts for each class that its mask has, where the masks were scanned.
    /// </summary>
    public int[] CountsByClass()
    {
        int[] counts = new int[Classes.Count];
        foreach (Sample sample in Samples)
        {
            if (Kind == LabelKind.Mask)
                for (int i = 0; i < counts.Length; i++)
                {
                    if (sample.PixelCounts?[i] > 0) counts[i]++;
                }
            else if (sample.Targets is not { } targets) counts[sample.Label]++;
            else
                for (int i = 0; i < targets.Length; i++)
                    if (Kind == LabelKind.Number || targets[i] >= 0.5f) counts[i]++;
        }
        return counts;
    }

    /// <summary>The pixels of each class, over all masks; 0 where they were not looked at, and where there are none.</summary>
    public long[] PixelsByClass()
    {
        long[] pixels = new long[Classes.Count];
        foreach (Sample sample in Samples)
            for (int i = 0; sample.PixelCounts is { } counts && i < pixels.Length; i++) pixels[i] += counts[i];
        return pixels;
    }

    /// <summary>
    /// Cuts off a seeded, stratified part for validation. See
    /// <see cref="Data.Split.Stratified(ImageDataset, double, ulong)"/>.
    /// </summary>
    /// <param name="fraction">The share of each class that goes to validation, in (0, 1).</param>
    /// <param name="seed">Another seed gives another split.</param>
    public (ImageDataset Train, ImageDataset Validation) Split(double fraction, ulong seed)
    {
        (IReadOnlyList<Sample> train, IReadOnlyList<Sample> validation) = Data.Split.Stratified(this, fraction, seed);
        return (With("train", train), With("val", validation));
    }

    /// <summary>
    /// The same images with the class numbers of a model: classes are matched by name, since the labels of a model go by its own
    /// order, and a folder may lack some of them.
    /// </summary>
    /// <exception cref="InvalidDataException">A class of this data set is none of the model's.</exception>
    public ImageDataset WithClasses(IReadOnlyList<string> classes)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        for (int i = 0; i < classes.Count; i++) numbers.TryAdd(classes[i], i);
        string[] unknown = [.. Classes.Where(name => !numbers.ContainsKey(name))];
        if (unknown.Length > 0)
            throw new InvalidDataException(
                $"{Name}: expected classes of the model ({Listing.Of(classes)}), found {Listing.Of(unknown)}. "
                + "Name the folders, or the labels of the table, as the model's.");
        int[] places = [.. Classes.Select(name => numbers[name])];
        if (Kind == LabelKind.Number && places.Length < classes.Count)
            throw new InvalidDataException(
                $"{Name}: expected every number that the model gives ({Listing.Of(classes)}), found only {Listing.Of(Classes)}.");
        return new ImageDataset(
            Name,
            Samples.Select(sample => Kind == LabelKind.Mask
                ? sample with { PixelCounts = sample.PixelCounts is { } counts ? Placed(counts, places, classes.Count) : null }
                : sample.Targets is { } targets ? sample with { Targets = Placed(targets, places, classes.Count) }
                : sample with { Label = places[sample.Label] }),
            classes, Kind, Masks?.WithClasses(classes));
    }

    /// <summary>Some images of this set, of the same kind and classes.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="samples">The images.</param>
    public ImageDataset With(string name, IEnumerable<Sample> samples) =>
        new(name, samples, Classes, Kind, Masks);

    /// <summary>
    /// SHA-256 over every image's name below the folder, class and size in bytes (and its mask file's name and size), as
    /// lower-case hexadecimal digits: the same for the same listing on every machine, whatever the order of the samples. The
    /// contents are not read.
    /// </summary>
    public string ListingHash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] size = new byte[sizeof(long)];
        foreach (Sample sample in Samples.OrderBy(sample => sample.Name, CodePointComparer.Instance))
        {
            FileInfo file = new(sample.Path);
            BinaryPrimitives.WriteInt64LittleEndian(size, file.Exists ? file.Length : -1);
            hash.AppendData(Encoding.UTF8.GetBytes(sample.Name));
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(LabelText(sample)));
            hash.AppendData([0]);
            hash.AppendData(size);
            if (sample.Mask is not { } mask) continue;
            FileInfo maskFile = new(mask.Path);
            BinaryPrimitives.WriteInt64LittleEndian(size, maskFile.Exists ? maskFile.Length : -1);
            hash.AppendData(Encoding.UTF8.GetBytes(maskFile.Name));
            hash.AppendData([0]);
            hash.AppendData(size);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The names in the order of their classes, or the numbers as they round-trip.
    string LabelText(Sample sample)
    {
        if (Kind == LabelKind.Mask) return string.Join('\0', Classes);
        if (sample.Targets is not { } targets) return Classes[sample.Label];
        IEnumerable<string> texts = Kind == LabelKind.Number
            ? targets.Select(value => value.ToString("R", CultureInfo.InvariantCulture))
            : Classes.Where((_, i) => targets[i] >= 0.5f);
        return string.Join('\0', texts);
    }

    static float[] Placed(float[] targets, int[] places, int count)
    {
        float[] placed = new float[count];
        for (int i = 0; i < targets.Length; i++) placed[places[i]] = targets[i];
        return placed;
    }

    static long[] Placed(long[] counts, int[] places, int count)
    {
        long[] placed = new long[count + 1];
        for (int i = 0; i < places.Length; i++) placed[places[i]] = counts[i];
        placed[count] = counts[^1];
        return placed;
    }

    void CheckTargets(Sample sample)
    {
        if (Kind == LabelKind.Mask)
        {
            if (sample.Mask is null)
                throw new ArgumentException($"{sample.Name}: expected a mask, came none", nameof(sample));
            if (sample.PixelCounts is { } counts && counts.Length != Classes.Count + 1)
                throw new ArgumentException(
                    $"{sample.Name}: expected {Classes.Count + 1} counts of pixels, came {counts.Length}", nameof(sample));
            return;
        }
        if (Kind == LabelKind.Single)
        {
            if (sample.Targets is null) return;
            throw new ArgumentException($"{sample.Name}: expected one label and no targets, came targets", nameof(sample));
        }
        if (sample.Targets is not { } targets)
            throw new ArgumentException($"{sample.Name}: expected {Classes.Count} targets, came none", nameof(sample));
        if (targets.Length != Classes.Count)
            throw new ArgumentException(
                $"{sample.Name}: expected {Classes.Count} targets, came {targets.Length}", nameof(sample));
        foreach (float value in targets)
            if (!float.IsFinite(value) || (Kind == LabelKind.Multiple && value is < 0 or > 1))
                throw new ArgumentException(
                    $"{sample.Name}: expected targets {(Kind == LabelKind.Number ? "that are finite" : "in [0, 1]")}, "
                    + $"came {value}", nameof(sample));
    }
}
