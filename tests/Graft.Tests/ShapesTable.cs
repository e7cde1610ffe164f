using System.Globalization;
using System.Text;
using Graft.Imaging;

namespace Graft.Tests;

/// <summary>
/// A table of drawn pictures: one or two shapes, each a disc or a square, each red, green or blue, and how large the first is, in
/// units of which a pixel has a hundred.
/// </summary>
static class ShapesTable
{
    public static readonly string[] Labels = ["blue", "disc", "green", "red", "square"];

    /// <summary>Draws the pictures and writes <c>labels.csv</c> beside them: image, labels, shape, size.</summary>
    /// <param name="folder">where to</param>
    /// <param name="count">how many</param>
    /// <param name="seed">decides what is on them</param>
    /// <returns>the table</returns>
    public static string Write(string folder, int count, ulong seed = 1)
    {
        Directory.CreateDirectory(folder);
        StringBuilder table = new("image,labels,shape,size\n");
        for (int i = 0; i < count; i++)
        {
            SampleRandom random = new(seed, 0, (ulong)i);
            using Image image = new(40, 40);
            foreach (ref byte value in image.Rgb) value = (byte)(90 + random.Next(40));
            (string shape, string colour, int radius) = Draw(image, ref random, 20, 20, 4 + random.Next(12));
            SortedSet<string> labels = new(StringComparer.Ordinal) { shape, colour };
            if (random.Chance(0.4f))
            {
                (string other, string also, _) = Draw(image, ref random, random.Chance(0.5f) ? 7 : 33, 7, 5);
                labels.UnionWith([other, also]);
            }
            string name = string.Create(CultureInfo.InvariantCulture, $"{i:0000}.png");
            File.WriteAllBytes(Path.Combine(folder, name), ImageCodec.EncodePng(image));
            table.Append(CultureInfo.InvariantCulture, $"{name},{string.Join(';', labels)},{shape},{100 * radius}\n");
        }
        string path = Path.Combine(folder, "labels.csv");
        File.WriteAllText(path, table.ToString());
        return path;
    }

    static (string Shape, string Colour, int Radius) Draw(Image image, ref SampleRandom random, int x, int y, int radius)
    {
        bool disc = random.Chance(0.5f);
        int colour = random.Next(3); // red is less common
        if (colour == 0 && random.Chance(0.5f)) colour = 2;
        for (int v = Math.Max(0, y - radius); v <= Math.Min(39, y + radius); v++)
            for (int u = Math.Max(0, x - radius); u <= Math.Min(39, x + radius); u++)
            {
                if (disc && (u - x) * (u - x) + (v - y) * (v - y) > radius * radius) continue;
                for (int c = 0; c < 3; c++) image.Rgb[(v * 40 + u) * 3 + c] = (byte)(c == colour ? 220 : 30);
            }
        return (disc ? "disc" : "square", ((string[])["red", "green", "blue"])[colour], radius);
    }
}
