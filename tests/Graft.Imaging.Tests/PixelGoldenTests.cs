using System.IO.Compression;
using System.Text.Json;
using Graft.Imaging.Pixels;
using Graft.Tests;

namespace Graft.Imaging.Tests;

/// <summary>Every operation of training augmentation against Pillow's and torchvision's bytes.</summary>
public class PixelGoldenTests
{
    internal static JsonElement Golden { get; } = Load();

    static JsonElement Load()
    {
        string path = Path.Combine(SharedFiles.Repository, "tests/Graft.Imaging.Tests/Golden/augmentations.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryOperationGivesPillowsBytes(bool vectors)
    {
        (bool warp, bool table, bool grey, bool hue) =
            (WarpFilter.UseVectors, PointTable.UseVectors, Grey.UseVectors, HueTurn.UseVectors);
        try
        {
            WarpFilter.UseVectors &= vectors;
            PointTable.UseVectors &= vectors;
            Grey.UseVectors &= vectors;
            HueTurn.UseVectors &= vectors;
            Dictionary<string, (int Count, int Wrong)> counts = [];
            List<string> wrong = [];
            foreach (JsonElement row in Golden.GetProperty("cases").EnumerateArray())
            {
                string name = row[0].GetString()!;
                using Image source = Source(row, 1);
                uint before = Crc.Of(source.Rgb);
                using Image result = Run(name, source, row[5]);
                Assert.True(before == Crc.Of(source.Rgb), "the source changed: " + row.GetRawText());
                bool same = Crc.Of(result.Rgb) == row[6].GetUInt32();
                if (row.GetArrayLength() > 7)
                    same &= (result.Width, result.Height) == (row[7][0].GetInt32(), row[7][1].GetInt32());
                (int count, int bad) = counts.GetValueOrDefault(name);
                counts[name] = (count + 1, bad + (same ? 0 : 1));
                if (!same) wrong.Add(row.GetRawText());
            }
            string summary = string.Join(", ", counts.Where(c => c.Value.Wrong > 0).Select(c => $"{c.Key} {c.Value}"));
            Assert.True(wrong.Count == 0, $"differ: {summary}\n" + string.Join('\n', wrong.Take(30)));
            Assert.True(counts.Values.Sum(c => c.Count) >= 1400);
        }
        finally
        {
            (WarpFilter.UseVectors, PointTable.UseVectors) = (warp, table);
            (Grey.UseVectors, HueTurn.UseVectors) = (grey, hue);
        }
    }

    /// <summary>An array without a byte to spare behind the pixels, as callers may give it.</summary>
    [Fact]
    public void ArraysOfExactlyTheSizeGiveTheSame()
    {
        Func<Image, Image>[] operations =
        [
            image => Warp.Rotate(image, 17), image => Warp.Rotate(image, 17, Interpolation.Bilinear),
            image => Warp.Rotate(image, -0.01), image => Warp.Rotate(image, -0.01, Interpolation.Bicubic),
            image => Warp.Affine(image, new(1, 0.001, 0, 0.001, 1, 0)),
            image => Flip.Both(image), image => Flip.QuarterTurn(image),
            image => Warp.Perspective(image, new(1, 0, 0, 0, 1, 0, 0.001, 0), Interpolation.Nearest),
            image => Tone.Hue(image, 0.3), image => Tone.Saturation(image, 0.4), image => Tone.Contrast(image, 1.4),
            image => Tone.Equalize(image), image => Tone.Autocontrast(image), image => Sharpen.Apply(image, 1.5),
            image => Tone.Solarize(image, 77), image => Tone.Posterize(image, 3), image => Blur.Gaussian(image, 3, 3, 1, 1),
            image => Noise.Gaussian(image, 0.1, 5), image => Padding.Apply(image, 3, 2, 1, 4, PaddingMode.Symmetric),
        ];
        foreach ((int width, int height) in ((int, int)[])[(3, 3), (16, 9), (33, 31), (64, 64)])
        {
            using Image pooled = SyntheticImage.Make("smooth", width, height, 5);
            using Image exact = new(width, height, pooled.Rgb.ToArray());
            for (int i = 0; i < operations.Length; i++)
            {
                using Image expected = operations[i](pooled), actual = operations[i](exact);
                Assert.True(expected.Rgb.SequenceEqual(actual.Rgb), $"operation {i} at {width} x {height}");
            }
        }
    }

    /// <summary>Blur sums in another order than torch; dm_pix's formulas were run by numpy. Both are within one level.</summary>
    [Fact]
    public void FloatOperationsAreWithinOneLevel()
    {
        Dictionary<string, (int Bytes, int Off)> counts = [];
        foreach (JsonElement row in Golden.GetProperty("floats").EnumerateArray())
        {
            string name = row[0].GetString()!;
            using Image source = Source(row, 1);
            JsonElement p = row[5];
            using Image result = name switch
            {
                "blur" => Blur.Gaussian(source, p[0][0].GetInt32(), p[0][1].GetInt32(), D(p[1][0]), D(p[1][1])),
                "power" => Tone.Power(source, D(p[0])),
                "spread" => Tone.Spread(source, D(p[0])),
                _ => throw new InvalidOperationException(name),
            };
            byte[] expected = Inflate(row[6].GetBytesFromBase64());
            ReadOnlySpan<byte> actual = result.Rgb;
            Assert.Equal(expected.Length, actual.Length);
            (int bytes, int off) = counts.GetValueOrDefault(name);
            for (int i = 0; i < expected.Length; i++)
            {
                int difference = Math.Abs(expected[i] - actual[i]);
                Assert.True(difference <= 1, $"byte {i} is {actual[i]}, expected {expected[i]}: {name} {p.GetRawText()}");
                off += difference;
            }
            counts[name] = (bytes + expected.Length, off);
        }
        Assert.Equal(3, counts.Count);
        foreach ((string name, (int bytes, int off)) in counts)
            Assert.True(off * 1000 < bytes, $"{name}: {off} of {bytes} bytes are one level off, expected fewer than 1 in 1000");
    }

    static byte[] Inflate(byte[] packed)
    {
        using ZLibStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream result = new();
        stream.CopyTo(result);
        return result.ToArray();
    }

    internal static Image Source(JsonElement row, int at) => SyntheticImage.Make(
        row[at].GetString()!, row[at + 1].GetInt32(), row[at + 2].GetInt32(), row[at + 3].GetInt32());

    static Image Run(string name, Image image, JsonElement p) => name switch
    {
        "transform" when p[0].GetArrayLength() == 6 =>
            Warp.Affine(image, Affine(p[0]), Filter(p[1]), Colour(p[2])),
        "transform" => Warp.Perspective(image, Perspective(p[0]), Filter(p[1]), Colour(p[2])),
        "affine" => Warp.Affine(
            image,
            AffineMatrix.Inverse(
                p.GetArrayLength() > 8 ? Point(p[8]) : (image.Width * 0.5, image.Height * 0.5),
                D(p[0]), (D(p[1]), D(p[2])), D(p[3]), (D(p[4]), D(p[5]))),
            Filter(p[6]), Colour(p[7])),
        "rotate" => Warp.Rotate(
            image, D(p[0]), Filter(p[1]), p.GetArrayLength() > 3 ? Point(p[3]) : null, Colour(p[2])),
        "pad" => Padding.Apply(
            image, p[0][0].GetInt32(), p[0][1].GetInt32(), p[0][2].GetInt32(), p[0][3].GetInt32(),
            Enum.Parse<PaddingMode>(p[2].GetString()!, ignoreCase: true), Colour(p[1])),
        "vflip" => Flip.Vertical(image),
        "hflip" => Flip.Horizontal(image),
        "brightness" => Tone.Brightness(image, D(p[0])),
        "contrast" => Tone.Contrast(image, D(p[0])),
        "saturation" => Tone.Saturation(image, D(p[0])),
        "sharpness" => Sharpen.Apply(image, D(p[0])),
        "hue" => Tone.Hue(image, D(p[0])),
        "gamma" => Tone.Gamma(image, D(p[0]), D(p[1])),
        "autocontrast" => Tone.Autocontrast(image),
        "equalize" => Tone.Equalize(image),
        "invert" => Tone.Invert(image),
        "grayscale" => Tone.Grayscale(image),
        "posterize" => Tone.Posterize(image, p[0].GetInt32()),
        "solarize" => Tone.Solarize(image, D(p[0])),
        _ => throw new InvalidOperationException("an operation this test does not know: " + name),
    };

    static double D(JsonElement value) => value.GetDouble();

    static (double, double) Point(JsonElement pair) => (D(pair[0]), D(pair[1]));

    static AffineMatrix Affine(JsonElement m) => new(D(m[0]), D(m[1]), D(m[2]), D(m[3]), D(m[4]), D(m[5]));

    static PerspectiveMatrix Perspective(JsonElement m) =>
        new(D(m[0]), D(m[1]), D(m[2]), D(m[3]), D(m[4]), D(m[5]), D(m[6]), D(m[7]));

    static Interpolation Filter(JsonElement value) => (Interpolation)value.GetInt32();

    static RgbColor Colour(JsonElement rgb) => new(rgb[0].GetByte(), rgb[1].GetByte(), rgb[2].GetByte());
}
