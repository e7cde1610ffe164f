using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Graft.Data;

/// <summary>Labelled images and the names of their classes.</summary>
public sealed class ImageDataset
{
    /// <summary>A data set of those images, in that order; each <see cref="Sample.Index"/> becomes its place in it.</summary>
    /// <param name="name">What messages call it: <c>train</c>, <c>val</c>, or the folder.</param>
    /// <param name="samples">The images. Labels are numbers of <paramref name="classes"/>.</param>
    /// <param name="classes">The names of the classes, by number.</param>
    /// <exception cref="ArgumentException">A label is no number of a class.</exception>
    public ImageDataset(string name, IEnumerable<Sample> samples, IReadOnlyList<string> classes)
    {
        Name = name;
        Classes = classes;
        List<Sample> all = [];
        foreach (Sample sample in samples)
        {
            if ((uint)sample.Label >= (uint)classes.Count)
                throw new ArgumentException(
                    $"{sample.Name}: expected a label from 0 to {classes.Count - 1}, came {sample.Label}", nameof(samples));
            all.Add(sample.Index == all.Count ? sample : sample with { Index = all.Count });
        }
        Samples = all;
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The images; <c>Samples[i].Index == i</c>.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>The names of the classes, by number.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of images.</summary>
    public int Count => Samples.Count;

    /// <summary>The number of images of each class.</summary>
    public int[] CountsByClass()
    {
        int[] counts = new int[Classes.Count];
        foreach (Sample sample in Samples) counts[sample.Label]++;
        return counts;
    }

    /// <summary>Cuts off a seeded, stratified part for validation. See <see cref="Data.Split.Stratified"/>.</summary>
    /// <param name="fraction">The share of each class that goes to validation, in (0, 1).</param>
    /// <param name="seed">Another seed gives another split.</param>
    public (ImageDataset Train, ImageDataset Validation) Split(double fraction, ulong seed)
    {
        (IReadOnlyList<Sample> train, IReadOnlyList<Sample> validation) = Data.Split.Stratified(Samples, fraction, seed);
        return (new ImageDataset("train", train, Classes), new ImageDataset("val", validation, Classes));
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
                + "Name the folders as the model's labels.");
        return new ImageDataset(Name, Samples.Select(sample => sample with { Label = numbers[Classes[sample.Label]] }), classes);
    }

    /// <summary>
    /// SHA-256 over every image's name below the folder, class and size in bytes, as lower-case hexadecimal digits: the same for
    /// the same listing on every machine, whatever the order of the samples. The contents are not read.
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
            hash.AppendData(Encoding.UTF8.GetBytes(Classes[sample.Label]));
            hash.AppendData([0]);
            hash.AppendData(size);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
