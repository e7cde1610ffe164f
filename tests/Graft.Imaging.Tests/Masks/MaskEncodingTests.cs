namespace Graft.Imaging.Tests;

public class MaskEncodingTests
{
    static readonly MaskLabel[] labels =
    [
        new("sky", 0, new(10, 20, 30)), new("road", 1, new(1, 2, 3)), new("void", 2, new(0, 0, 0), IsIgnored: true),
        new("car", 3, new(9, 9, 200)),
    ];

    static int[] Values(IndexMask mask) => [.. mask.Pixels.ToArray().Select(value => (int)value)];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(8, false)]
    [InlineData(16, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(8, true)]
    public void StoredValuesOfEveryDepthAreRead(int depth, bool palette)
    {
        int count = Math.Min(1 << depth, 60000);
        int Value(int x, int y) => (x * 7 + y * 13) * 331 % count;
        // 13 pixels a row: rows that end within a byte
        using IndexMask mask = MaskEncoding.DecodeStored(TestPng.Make(13, 9, depth, palette, Value))!;
        Assert.Equal((13, 9), (mask.Width, mask.Height));
        for (int y = 0; y < 9; y++)
            for (int x = 0; x < 13; x++) Assert.Equal(Value(x, y), mask.Row(y)[x]);
    }

    [Fact]
    public void AnIndexBeyondTheFilesPaletteIsAnIndexStill()
    {
        using IndexMask mask = MaskEncoding.DecodeStored(TestPng.Make(4, 1, 8, true, (x, _) => x * 2, paletteSize: 3))!;
        Assert.Equal([0, 2, 4, 6], Values(mask));
    }

    [Fact]
    public void ClassesAreNumberedWithoutTheIgnoredOnes()
    {
        MaskEncoding encoding = new(labels);
        Assert.Equal(["sky", "road", "car"], encoding.Names);
        Assert.Equal(new RgbColor(9, 9, 200), encoding.Colors[2]);
        Assert.Equal(2, encoding.IgnoreValue);
        using IndexMask mask = encoding.Decode(TestPng.Make(4, 1, 8, false, (x, _) => x));
        Assert.Equal([0, 1, IndexMask.Ignore, 2], Values(mask));
        Assert.Equal((ushort?)2, encoding.ClassOf("car"));
        Assert.Equal((ushort?)IndexMask.Ignore, encoding.ClassOf("void"));
        Assert.Null(encoding.ClassOf("bird"));
        Assert.Null(encoding.ClassOf(255));
        Assert.Equal((ushort?)IndexMask.Ignore, new MaskEncoding(labels, 255).ClassOf(255));
    }

    [Fact]
    public void ColoursAreLookedUp()
    {
        MaskEncoding encoding = new(labels);
        using Image image = new(4, 1, [10, 20, 30, 1, 2, 3, 0, 0, 0, 9, 9, 200]);
        using IndexMask mask = encoding.Decode(ImageCodec.EncodePng(image));
        Assert.Equal([0, 1, IndexMask.Ignore, 2], Values(mask));
        image.Rgb[3] = 7;
        string message = Assert.Throws<InvalidDataException>(() => encoding.Decode(ImageCodec.EncodePng(image), "a.png")).Message;
        Assert.StartsWith("a.png: expected the colours of the 4 entries", message);
        Assert.Contains("found (7, 2, 3) in 1 pixel.", message);
    }

    [Fact]
    public void GreyPicturesOfThreeChannelsHoldValues()
    {
        using Image image = new(3, 1, [3, 3, 3, 0, 0, 0, 1, 1, 1]);
        byte[] file = ImageCodec.EncodePng(image);
        using IndexMask plain = new MaskEncoding([new("a", 0), new("b", 1), new("c", 3)]).Decode(file);
        Assert.Equal([2, 0, 1], Values(plain));
        // with colours too, where the greys are none of them
        using IndexMask mask = new MaskEncoding(labels).Decode(file);
        Assert.Equal([2, 0, 1], Values(mask));
    }

    [Fact]
    public void ValuesOfNoClassAreCounted()
    {
        byte[] file = TestPng.Make(10, 10, 16, false, (x, y) => x == 3 && y < 7 ? 40000 : 0);
        string message = Assert.Throws<InvalidDataException>(() => new MaskEncoding(labels, 255).Decode(file, "m.png")).Message;
        Assert.Equal("m.png: expected the values of the classes (0-3, 255), found 40000 in 7 pixels. Complete the class list, or "
            + "ignore the value: --ignore-index 40000.", message);
    }

    [Fact]
    public void PhotographsAndTruncatedFilesAreRefused()
    {
        MaskEncoding encoding = new([new("a", 0), new("b", 1)]);
        using Image photo = SyntheticImage.Make("noise", 20, 10, 1);
        Assert.Contains("JPEG", Assert.Throws<InvalidDataException>(() => encoding.Decode(ImageCodec.EncodeJpeg(photo))).Message);
        Assert.Contains("classes.json",
            Assert.Throws<InvalidDataException>(() => encoding.Decode(ImageCodec.EncodePng(photo))).Message);
        byte[] whole = TestPng.Make(40, 30, 8, true, (x, y) => (x ^ y) & 1);
        for (int length = 0; length < whole.Length - 12; length += 7)
            Assert.Throws<InvalidDataException>(() => encoding.Decode(whole.AsSpan(0, length)));
        SampleRandom random = new(1, 1, 1);
        for (int i = 0; i < 300; i++)
        {
            byte[] broken = [.. whole];
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using IndexMask mask = encoding.Decode(broken);
                Assert.All(Values(mask), value => Assert.InRange(value, 0, 1));
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException)
            {
                // what is damaged may well be noticed
            }
        }
    }

    [Fact]
    public void AModelsOrderOfClassesIsByName()
    {
        MaskEncoding encoding = new MaskEncoding(labels, 255).WithClasses(["car", "dog", "sky", "road"]);
        using IndexMask mask = encoding.Decode(TestPng.Make(4, 1, 8, false, (x, _) => x));
        Assert.Equal([2, 3, IndexMask.Ignore, 0], Values(mask));
        Assert.Equal(new RgbColor(9, 9, 200), encoding.Colors[0]);
        Assert.Contains("found road", Assert.Throws<ArgumentException>(
            () => new MaskEncoding(labels).WithClasses(["car", "sky"])).Message);
    }

    [Fact]
    public void WhatComesTwiceIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MaskEncoding([new("a", 0), new("a", 1)]));
        Assert.Throws<ArgumentException>(() => new MaskEncoding([new("a", 0), new("b", 0)]));
        Assert.Throws<ArgumentException>(() => new MaskEncoding([new("a", 0, new(1, 1, 1)), new("b", 1, new(1, 1, 1))]));
        Assert.Throws<ArgumentException>(() => new MaskEncoding([new("a", 70000)]));
        Assert.Throws<ArgumentException>(() => new MaskEncoding([new("a", 0, IsIgnored: true)]));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [InlineData(250, true)]
    [InlineData(1000, true)]
    public void WrittenMasksAreReadAgain(int classes, bool colors)
    {
        SampleRandom random = new(4, 0, (ulong)classes);
        for (int round = 0; round < 10; round++)
        {
            using IndexMask mask = new(1 + random.Next(40), 1 + random.Next(40));
            for (int i = 0; i < mask.Pixels.Length; i++)
                mask.Pixels[i] = random.Chance(0.1f) ? IndexMask.Ignore : (ushort)random.Next(classes);
            int ignored = classes > 255 ? 65535 : 255;
            byte[] file = MaskCodec.EncodePng(mask, colors ? MaskPalette.Of(classes) : null, ignored);
            MaskEncoding encoding = new([.. Enumerable.Range(0, classes).Select(i => new MaskLabel($"{i}", i))], ignored);
            using IndexMask again = encoding.Decode(file);
            Assert.Equal(mask.Pixels, again.Pixels);
            // and any viewer shows the colours
            using Image shown = ImageCodec.Decode(file);
            if (!colors || classes > 255 || mask.Pixels[0] == IndexMask.Ignore) continue;
            RgbColor color = MaskPalette.Voc(mask.Pixels[0]);
            Assert.Equal([color.Red, color.Green, color.Blue], shown.Rgb[..3].ToArray());
        }
        Assert.Throws<ArgumentException>(() => MaskCodec.EncodePng(new IndexMask(1, 1, [7]), ignoreValue: 7));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void MasksAreTurnedAsImages(int orientation)
    {
        using IndexMask mask = new(5, 3);
        for (int i = 0; i < 15; i++) mask.Pixels[i] = (ushort)(i * 300);
        Image image = MaskCarrier.ToImage(mask);
        using Image turned = Codecs.Orient.Apply(image, orientation);
        using IndexMask result = MaskGeometry.Orient(mask.Clone(), orientation);
        Assert.Equal((turned.Width, turned.Height), (result.Width, result.Height));
        for (int i = 0; i < 15; i++) Assert.Equal(turned.Rgb[i * 3] | turned.Rgb[i * 3 + 1] << 8, result.Pixels[i]);
    }
}
