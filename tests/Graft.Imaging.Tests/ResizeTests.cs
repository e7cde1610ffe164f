using System.Text.Json;
using Graft.Imaging.Resizing;
using Graft.Tests;

namespace Graft.Imaging.Tests;

public class ResizeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RandomSizesFiltersAndBoxesGivePillowsBytes(bool vectors)
    {
        bool before = Resampler.UseVectors;
        Resampler.UseVectors = vectors && before;
        try
        {
            string path = Path.Combine(SharedFiles.Repository, "tests/Graft.Imaging.Tests/Golden/resizes.json");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            List<string> wrong = [];
            int count = 0;
            foreach (JsonElement row in document.RootElement.GetProperty("resizes").EnumerateArray())
            {
                count++;
                JsonElement box = row[6];
                using Image source = Source(row[1].GetInt32(), row[2].GetInt32(), row[0].GetUInt64());
                using Image result = Resize.Apply(
                    source, row[3].GetInt32(), row[4].GetInt32(), (Interpolation)row[5].GetInt32(),
                    box.ValueKind == JsonValueKind.Null
                        ? null
                        : (box[0].GetSingle(), box[1].GetSingle(), box[2].GetSingle(), box[3].GetSingle()));
                if (Crc.Of(result.Rgb) != row[7].GetUInt32()) wrong.Add(row.GetRawText());
            }
            Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} differ:\n" + string.Join('\n', wrong.Take(20)));
            Assert.True(count >= 600);
        }
        finally
        {
            Resampler.UseVectors = before;
        }
    }

    [Fact]
    public void WindowIsThatPartOfTheWhole()
    {
        Random random = new(2);
        for (int i = 0; i < 200; i++)
        {
            using Image source = Source(random.Next(1, 90), random.Next(1, 90), (ulong)i);
            int width = random.Next(1, 120), height = random.Next(1, 120);
            if (i % 7 == 0) width = source.Width;
            if (i % 11 == 0) height = source.Height;
            Interpolation filter = (Interpolation)(i % 6);
            using Image whole = Resize.Apply(source, width, height, filter);
            int x = random.Next(
                width), y = random.Next(height), w = random.Next(1, width - x + 1), h = random.Next(1, height - y + 1);
            using Image window = Resize.Window(source, width, height, filter, (0, 0, source.Width, source.Height), x, y, w, h);
            using Image expected = whole.Crop(x, y, w, h);
            string what = $"{source.Width}x{source.Height} to {width}x{height} {filter} at {x},{y} {w}x{h}";
            Assert.True(expected.Rgb.SequenceEqual(window.Rgb), what);
        }
    }

    [Fact]
    public void ExtremeShapesWork()
    {
        using Image wide = Source(30000, 1, 1);
        foreach (Interpolation filter in Enum.GetValues<Interpolation>())
        {
            using Image one = Resize.Apply(wide, 1, 1, filter);
            using Image tall = Resize.Apply(wide, 3, 500, filter);
            using Image same = Resize.Apply(wide, 30000, 1, filter);
            Assert.True(same.Rgb.SequenceEqual(wide.Rgb));
        }
    }

    [Fact]
    public void MisuseIsRefused()
    {
        using Image image = Source(10, 10, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Resize.Apply(image, 0, 5, Interpolation.Bilinear));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resize.Apply(image, 5, 5, (Interpolation)9));
        Assert.Throws<ArgumentException>(() => Resize.Apply(image, 5, 5, Interpolation.Bilinear, (0, 0, 11, 10)));
        Assert.Throws<ArgumentException>(() => Resize.Apply(image, 5, 5, Interpolation.Bilinear, (5, 0, 5, 10)));
        Assert.Throws<ArgumentException>(() => Resize.Apply(image, 5, 5, Interpolation.Bilinear, (float.NaN, 0, 5, 10)));
        Assert.Throws<ArgumentException>(() => Resize.CropAndApply(image, 5, 5, 6, 5, 3, 3, Interpolation.Bilinear));
        Assert.Throws<ArgumentException>(() => Resize.CropAndApply(image, -1, 5, 6, 5, 3, 3, Interpolation.Bilinear));
    }

    static Image Source(int width, int height, ulong seed) => SyntheticImage.Noise(width, height, seed);
}
