using System.Text.Json;
using Graft.Tests;

namespace Graft.Imaging.Tests;

public class FastaiAugmentationTests
{
    static readonly JsonElement golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests", "Graft.Imaging.Tests", "Golden", "fastai.json"))).RootElement;

    static Image Picture(string name)
    {
        JsonElement item = golden.GetProperty("images").GetProperty(name);
        return new Image(item.GetProperty("width").GetInt32(), item.GetProperty("height").GetInt32(),
            Convert.FromHexString(item.GetProperty("pixels").GetString()!));
    }

    static Image Scene(int width, int height)
    {
        Image image = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 3; c++)
                    image.Row(y)[x * 3 + c] = (byte)(128 + 60 * Math.Sin(x / (9.0 + c)) + 60 * Math.Cos(y / (7.0 + c)));
        return image;
    }

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, golden.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ADrawGivesTheReferencesPixels(int number)
    {
        JsonElement item = golden.GetProperty("cases")[number], given = item.GetProperty("draw");
        double Value(string name) => given.GetProperty(name).GetDouble();
        int[] window = [.. item.GetProperty("window").EnumerateArray().Select(value => value.GetInt32())];
        FastaiDraw draw = new(given.GetProperty("symmetry").GetInt32(), Value("degrees"), Value("zoom"), Value("zoom_x"),
            Value("zoom_y"), Value("warp_x"), Value("warp_y"), Value("brightness"), Value("contrast"));
        FastaiAugmentation transform = new(item.GetProperty("height").GetInt32(), item.GetProperty("width").GetInt32());
        using Image image = Picture(item.GetProperty("image").GetString()!);
        using Image result = transform.Apply(image, (window[0], window[1], window[2], window[3]), draw);
        byte[] expected = Convert.FromHexString(item.GetProperty("result").GetString()!);
        Assert.Equal(expected.Length, result.Rgb.Length);
        int off = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(result.Rgb[i], expected[i] - 1, expected[i] + 1); // bytes between geometry and light
            if (result.Rgb[i] != expected[i]) off++;
        }
        if (!draw.ChangesLight) Assert.InRange(off, 0, expected.Length / 20); // halves may round either way
    }

    [Fact]
    public void WithoutAnyChangeOnlyTheResizeIsLeft()
    {
        using Image image = Scene(40, 30);
        FastaiAugmentation still = new(30, 40)
        {
            FlipProbability = 0,
            MaximumRotation = 0,
            MaximumZoom = 1,
            MaximumWarp = 0,
            MaximumLighting = 0,
        };
        SampleRandom random = new(1, 2, 3);
        using Image result = still.Apply(image, ref random);
        Assert.Equal(image.Rgb, result.Rgb);
    }

    [Fact]
    public void LargeImagesAreAveragedDownFirst()
    {
        // Stripes of one pixel are grey from afar; sampled as they are, they would come out black or white somewhere.
        Image stripes = new(320, 320);
        for (int y = 0; y < 320; y++)
            for (int x = 0; x < 320; x += 2) stripes.Row(y).Slice(x * 3, 3).Fill(255);
        using (stripes)
        {
            FastaiAugmentation transform = new(20, 20) { MaximumLighting = 0 };
            SampleRandom random = new(1, 2, 3);
            using Image result = transform.Apply(stripes, ref random);
            foreach (byte value in result.Rgb) Assert.InRange(value, 120, 136);
        }
    }

    [Theory]
    [InlineData(ResizeMethod.Crop)]
    [InlineData(ResizeMethod.Squish)]
    [InlineData(ResizeMethod.Pad)]
    public void EveryMethodGivesTheSizeAndIsKeyedBySample(ResizeMethod method)
    {
        using Image image = Scene(75, 40);
        FastaiAugmentation transform = new(24, 32) { Method = method };
        SampleRandom first = new(1, 2, 3), again = new(1, 2, 3), other = new(1, 2, 4);
        using Image one = transform.Apply(image, ref first), same = transform.Apply(image, ref again);
        using Image different = transform.Apply(image, ref other);
        Assert.Equal((32, 24), (one.Width, one.Height));
        Assert.Equal(one.Rgb, same.Rgb);
        Assert.False(one.Rgb.SequenceEqual(different.Rgb));
    }

    [Fact]
    public void DrawsStayInTheirRangesAndReachThem()
    {
        FastaiAugmentation transform = new(8, 8);
        FastaiDraw[] draws = new FastaiDraw[2000];
        for (int i = 0; i < draws.Length; i++)
        {
            SampleRandom random = new(9, 0, (ulong)i);
            draws[i] = transform.Draw(ref random);
        }
        void Check(Func<FastaiDraw, double> value, double neutral, double low, double high)
        {
            double[] changed = [.. draws.Select(value).Where(drawn => drawn != neutral)];
            Assert.InRange(changed.Length / (double)draws.Length, 0.72, 0.78);
            double margin = (high - low) / 50;
            Assert.InRange(changed.Min(), low, low + margin);
            Assert.InRange(changed.Max(), high - margin, high);
        }
        Check(draw => draw.Degrees, 0, -10, 10);
        Check(draw => draw.Zoom, 1, 1, 1.1);
        Check(draw => draw.WarpX, 0, -0.2, 0.2);
        Check(draw => draw.WarpY, 0, -0.2, 0.2);
        Check(draw => draw.Brightness, 0.5, 0.4, 0.6);
        Check(draw => draw.Contrast, 1, 0.8, 1.25);
        Assert.InRange(draws.Count(draw => draw.Symmetry == 1), 920, 1080);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    public void ThinImagesWork(int width, int height)
    {
        using Image image = Scene(width, height);
        SampleRandom random = new(1, 2, 3);
        using Image result = new FastaiAugmentation(16, 16) { Method = ResizeMethod.Squish }.Apply(image, ref random);
        Assert.Equal(16, result.Height);
    }
}
