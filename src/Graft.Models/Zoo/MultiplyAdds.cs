using System.Globalization;
using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Multiply-adds of the zoo's variants for one image of their own size, as <see cref="MultiplyAddCounter"/> counts them. A table
/// has them all, so that listing the zoo builds no network; a test holds it against the networks.
/// </summary>
static class MultiplyAdds
{
    const string Table = "multiply-adds.txt";
    static readonly Lazy<IReadOnlyDictionary<string, (int Height, int Width, long Count)>> known = new(Read);

    /// <summary>What the table or the origin says; null where neither knows the variant at its size.</summary>
    public static long? Known(ModelVariant variant)
    {
        Preprocess its = variant.Preprocess;
        if (known.Value.TryGetValue(variant.FullName, out var entry) && (entry.Height, entry.Width) == (its.Height, its.Width))
            return entry.Count;
        return PublishedWeights.Of(variant)
            .FirstOrDefault(one => one.InputSize == its.Height && one.InputSize == its.Width && one.MultiplyAdds is not null)
            ?.MultiplyAdds;
    }

    /// <summary>Builds the network and runs it once. Weights are of no interest, and hold whatever the memory held.</summary>
    public static long Count(ModelVariant variant)
    {
        Preprocess its = variant.Preprocess;
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, variant.Name, its);
        model.Evaluate();
        return Count(model, its.Height, its.Width);
    }

    /// <summary>The same of any network and size; with the auxiliary head where there is one, as torchvision counts.</summary>
    public static long Count(ImageModel model, int height, int width)
    {
        using Tensor image = Tensor.Zeros([1, model.Config.InputChannels, height, width]);
        return MultiplyAddCounter.Of(() => model.Whole(image));
    }

    /// <summary>A line of the table.</summary>
    public static string Line(ModelVariant variant, long count) =>
        $"{variant.FullName} {variant.Preprocess.Height} {variant.Preprocess.Width} {count}";

    static Dictionary<string, (int, int, long)> Read()
    {
        Dictionary<string, (int, int, long)> table = [];
        using Stream? stream = typeof(MultiplyAdds).Assembly.GetManifestResourceStream("Graft.Models.Zoo." + Table);
        if (stream is null) return table;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            string[] words = line.Split(' ');
            int Int(int i) => int.Parse(words[i], CultureInfo.InvariantCulture);
            table[words[0]] = (Int(1), Int(2), long.Parse(words[3], CultureInfo.InvariantCulture));
        }
        return table;
    }
}
