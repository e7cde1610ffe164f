using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Graft.Data;

/// <summary>Cutting a data set into training and validation.</summary>
public static class Split
{
    /// <summary>
    /// Puts a share of every class aside for validation. Which images is decided by a hash of the seed and each image's name
    /// alone: neither the order of the files nor the place of the folder changes the split, and an added image moves at most one
    /// other. A class of two or more images has at least one on each side; a single image is for training.
    /// </summary>
    /// <param name="samples">The images.</param>
    /// <param name="fraction">The share of each class that goes to validation, in (0, 1); rounded to whole images, halves
    /// up.</param>
    /// <param name="seed">Another seed gives another split.</param>
    /// <returns>Both parts, in the order of <paramref name="samples"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InvalidDataException">No class has two images, so that nothing is left for validation.</exception>
    public static (IReadOnlyList<Sample> Train, IReadOnlyList<Sample> Validation) Stratified(
        IReadOnlyList<Sample> samples, double fraction, ulong seed)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(
                nameof(fraction), fraction, "expected a share for validation between 0 and 1, such as 0.2");
        HashSet<int> validating = []; // places in samples
        foreach (IGrouping<int, int> group in Enumerable.Range(0, samples.Count).GroupBy(i => samples[i].Label))
        {
            int[] places = [.. group];
            if (places.Length < 2) continue;
            int wanted = (int)Math.Round(places.Length * fraction, MidpointRounding.AwayFromZero);
            int taken = Math.Clamp(wanted, 1, places.Length - 1);
            IEnumerable<int> drawn = places
                .OrderBy(place => Draw(seed, samples[place].Name))
                .ThenBy(place => samples[place].Name, CodePointComparer.Instance);
            validating.UnionWith(drawn.Take(taken));
        }
        if (validating.Count == 0)
            throw new InvalidDataException(
                $"{samples.Count} images, at most one of each class: nothing is left for validation. Give at least two.");
        List<Sample> train = [], validation = [];
        for (int i = 0; i < samples.Count; i++) (validating.Contains(i) ? validation : train).Add(samples[i]);
        return (train, validation);
    }

    static ulong Draw(ulong seed, string name)
    {
        byte[] keyed = new byte[sizeof(ulong) + Encoding.UTF8.GetByteCount(name)];
        BinaryPrimitives.WriteUInt64LittleEndian(keyed, seed);
        Encoding.UTF8.GetBytes(name, keyed.AsSpan(sizeof(ulong)));
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(keyed));
    }
}
