using System.Text.Json;

namespace Graft.Imaging.Tests;

/// <summary>What the random transforms draw, and that they do what they drew.</summary>
public class RandomTransformTests
{
    const int Count = 20_000;

    [Fact]
    public void ProbabilitiesHold()
    {
        (IImageTransform Transform, double Probability, Func<Image, Image> Change)[] cases =
        [
            (new RandomVerticalFlip(), 0.5, Flip.Vertical),
            (new RandomGrayscale(), 0.1, Tone.Grayscale),
            (new RandomInvert(0.3f), 0.3, Tone.Invert),
            (new RandomAutocontrast(), 0.5, Tone.Autocontrast),
            (new RandomEqualize(0.7f), 0.7, Tone.Equalize),
            (new RandomPosterize(3), 0.5, image => Tone.Posterize(image, 3)),
            (new RandomSolarize(90), 0.5, image => Tone.Solarize(image, 90)),
            (new RandomAdjustSharpness(1.7, 0.2f), 0.2, image => Sharpen.Apply(image, 1.7)),
        ];
        using Image image = SyntheticImage.Make("narrow", 9, 7, 2);
        foreach ((IImageTransform transform, double probability, Func<Image, Image> change) in cases)
        {
            using Image expected = change(image);
            SampleRandom random = new(9, 0, 0);
            int changed = 0;
            for (int i = 0; i < Count; i++)
            {
                Image result = transform.Apply(image, ref random);
                if (ReferenceEquals(result, image)) continue;
                changed++;
                Assert.True(expected.Rgb.SequenceEqual(result.Rgb), transform.ToString());
                result.Dispose();
            }
            Assert.Equal(probability, changed / (double)Count, 0.015);
        }
    }

    [Fact]
    public void RotationsFillTheirRange()
    {
        RandomRotation transform = new((-30, 10));
        Bounds angles = new();
        SampleRandom random = new(1, 0, 0);
        for (int i = 0; i < Count; i++) angles.Add(transform.Draw(ref random));
        angles.Check(-30, 10);

        using Image image = SyntheticImage.Make("noise", 21, 17, 3);
        SampleRandom one = new(4, 0, 0), again = new(4, 0, 0);
        using Image result = transform.Apply(image, ref one), expected = Warp.Rotate(image, transform.Draw(ref again));
        Assert.True(expected.Rgb.SequenceEqual(result.Rgb));
        Assert.Throws<ArgumentException>(() => new RandomRotation((10, -10)));
        Assert.Throws<ArgumentException>(() => new RandomRotation((double.NaN, 1)));
    }

    [Fact]
    public void AffineDrawsFillTheirRanges()
    {
        RandomAffine transform = new((-15, 15), (0.1, 0.3), (0.8, 1.2), (-5, 5), (-10, 0));
        Bounds angle = new(), x = new(), y = new(), scale = new(), shearX = new(), shearY = new();
        SampleRandom random = new(2, 0, 0);
        for (int i = 0; i < Count; i++)
        {
            AffineDraw draw = transform.Draw(200, 100, ref random);
            Assert.Equal((Math.Round(draw.X), Math.Round(draw.Y)), (draw.X, draw.Y));
            angle.Add(draw.Angle);
            x.Add(draw.X);
            y.Add(draw.Y);
            scale.Add(draw.Scale);
            shearX.Add(draw.ShearX);
            shearY.Add(draw.ShearY);
        }
        angle.Check(-15, 15);
        x.Check(-20, 20, whole: true);
        y.Check(-30, 30, whole: true);
        scale.Check(0.8, 1.2);
        shearX.Check(-5, 5);
        shearY.Check(-10, 0);

        SampleRandom plain = new(3, 0, 0);
        AffineDraw only = new RandomAffine((-15, 15)).Draw(10, 10, ref plain);
        Assert.Equal((0, 0, 1, 0, 0), (only.X, only.Y, only.Scale, only.ShearX, only.ShearY));
        SampleRandom left = plain, one = new(3, 0, 0);
        _ = one.NextDouble();
        Assert.Equal(one.NextUInt32(), left.NextUInt32()); // what is not set takes no draw
        Assert.Throws<ArgumentException>(() => new RandomAffine((0, 0), (0, 1.1)));
        Assert.Throws<ArgumentException>(() => new RandomAffine((0, 0), scale: (0, 1)));
    }

    [Fact]
    public void PerspectiveCornersMoveInwards()
    {
        RandomPerspective transform = new(0.6);
        SampleRandom random = new(5, 0, 0);
        Bounds[] bounds = [.. Enumerable.Range(0, 8).Select(_ => new Bounds())];
        for (int i = 0; i < Count; i++)
        {
            (double X, double Y)[] corners = transform.Draw(41, 31, ref random);
            for (int k = 0; k < 4; k++)
            {
                bounds[k * 2].Add(corners[k].X);
                bounds[k * 2 + 1].Add(corners[k].Y);
            }
        }
        // half of 41 and of 31, times 0.6: 12 and 9, both ends included
        (int, int)[] expected = [(0, 12), (0, 9), (28, 40), (0, 9), (28, 40), (21, 30), (0, 12), (21, 30)];
        for (int k = 0; k < 8; k++) bounds[k].Check(expected[k].Item1, expected[k].Item2, whole: true);
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (1, 9), (2, 2), (3, 3), (2, 40)])
        {
            using Image image = SyntheticImage.Make("noise", width, height, 1);
            for (int i = 0; i < 200; i++)
            {
                using Image result = new RandomPerspective(1, 1).Apply(image.Clone(), ref random);
                Assert.Equal((width, height), (result.Width, result.Height));
            }
        }
        Assert.Throws<ArgumentException>(() => new RandomPerspective(1.5));
    }

    [Fact]
    public void PerspectiveMatricesAreTorchvisions()
    {
        foreach (JsonElement row in PixelGoldenTests.Golden.GetProperty("perspectives").EnumerateArray())
        {
            PerspectiveMatrix matrix = PerspectiveMatrix.Between(Points(row[0]), Points(row[1]));
            double[] actual = [matrix.A, matrix.B, matrix.C, matrix.D, matrix.E, matrix.F, matrix.G, matrix.H];
            // torchvision's least squares run in float: compared by where they send the corners
            double[] theirs = [.. row[2].EnumerateArray().Select(value => value.GetDouble())];
            foreach ((double x, double y) in Points(row[1]))
            {
                (double X, double Y) one = Map(actual, x, y), two = Map(theirs, x, y);
                Assert.Equal(two.X, one.X, 0.02);
                Assert.Equal(two.Y, one.Y, 0.02);
            }
        }
        Assert.Throws<ArgumentException>(() => PerspectiveMatrix.Between(
            [(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 0), (1, 0), (2, 0), (0, 1)]));

        static (double X, double Y)[] Points(JsonElement list) =>
            [.. list.EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble()))];

        static (double X, double Y) Map(double[] m, double x, double y)
        {
            double depth = m[6] * x + m[7] * y + 1;
            return ((m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth);
        }
    }

    [Fact]
    public void JitterDrawsFillTheirRangesInEveryOrder()
    {
        ColorJitter transform = new(brightness: 0.4, contrast: 1.5, saturation: 0.2, hue: 0.1);
        Bounds brightness = new(), contrast = new(), saturation = new(), hue = new();
        Dictionary<(byte, byte, byte, byte), int> orders = [];
        SampleRandom random = new(6, 0, 0);
        for (int i = 0; i < Count; i++)
        {
            ColorJitterDraw draw = transform.Draw(ref random);
            orders[draw.Order] = orders.GetValueOrDefault(draw.Order) + 1;
            brightness.Add(draw.Brightness!.Value);
            contrast.Add(draw.Contrast!.Value);
            saturation.Add(draw.Saturation!.Value);
            hue.Add(draw.Hue!.Value);
        }
        brightness.Check(0.6, 1.4);
        contrast.Check(0, 2.5);
        saturation.Check(0.8, 1.2);
        hue.Check(-0.1, 0.1);
        Assert.Equal(24, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, Count / 24 * 0.8, Count / 24 * 1.2));

        using Image image = SyntheticImage.Make("smooth", 20, 10, 1);
        SampleRandom none = new(0, 0, 0);
        Assert.Same(image, new ColorJitter().Apply(image, ref none));
        using Image jittered = new ColorJitterDraw((2, 3, 0, 1), 1.2, 0.7, 1.4, -0.2).Apply(image);
        using Image a = Tone.Saturation(image, 1.4), b = Tone.Hue(a, -0.2), c = Tone.Brightness(b, 1.2);
        using Image expected = Tone.Contrast(c, 0.7);
        Assert.True(expected.Rgb.SequenceEqual(jittered.Rgb));
        Assert.Throws<ArgumentException>(() => new ColorJitter(brightness: -1));
        Assert.Throws<ArgumentException>(() => new ColorJitter(hue: 0.6));
    }

    [Fact]
    public void ErasedRectanglesFollowTheirRanges()
    {
        RandomErasing transform = new();
        SampleRandom random = new(7, 0, 0);
        Bounds share = new(), ratio = new(), left = new(), top = new();
        for (int i = 0; i < Count; i++)
        {
            (int x, int y, int width, int height) = transform.Draw(500, 400, ref random)!.Value;
            Assert.True(x >= 0 && y >= 0 && x + width <= 500 && y + height <= 400);
            share.Add((double)width * height / (500 * 400));
            ratio.Add(Math.Log((double)height / width));
            left.Add(x);
            top.Add(y);
        }
        Assert.InRange(share.Least, 0.0195, 0.021);
        Assert.InRange(share.Most, 0.325, 0.3325);
        Assert.InRange(ratio.Least, Math.Log(0.29), Math.Log(0.32));
        Assert.InRange(ratio.Most, Math.Log(3.1), Math.Log(3.4));
        Assert.Equal(0, left.Least);
        Assert.Equal(0, top.Least);
        Assert.Null(new RandomErasing(scale: (1, 1), ratio: (1, 1)).Draw(10, 10, ref random));

        using Image image = SyntheticImage.Make("noise", 30, 20, 1);
        SampleRandom one = new(8, 0, 0), again = new(8, 0, 0);
        using Image erased = new RandomErasing(probability: 1, fill: new(1, 2, 3)).Apply(image, ref one);
        _ = again.Chance(1);
        (int atX, int atY, int w, int h) = transform.Draw(30, 20, ref again)!.Value;
        for (int y = 0; y < 20; y++)
            for (int x = 0; x < 30; x++)
            {
                bool inside = x >= atX && x < atX + w && y >= atY && y < atY + h;
                byte[] wanted = inside ? [1, 2, 3] : image.Row(y).Slice(x * 3, 3).ToArray();
                Assert.Equal(wanted, erased.Row(y).Slice(x * 3, 3).ToArray());
            }
        Assert.Throws<ArgumentException>(() => Erase.Rectangle(image, 25, 0, 6, 5));
    }

    [Fact]
    public void NoiseIsNormal()
    {
        using Image image = new(200, 200);
        Image.Fill(image.Rgb, 128, 128, 128);
        using Image noisy = Noise.Gaussian(image, 0.1, 77, 0.02), same = Noise.Gaussian(image, 0.1, 77, 0.02);
        using Image other = Noise.Gaussian(image, 0.1, 78, 0.02);
        Assert.True(noisy.Rgb.SequenceEqual(same.Rgb));
        Assert.False(noisy.Rgb.SequenceEqual(other.Rgb));
        double sum = 0, squares = 0, fourth = 0, neighbours = 0;
        ReadOnlySpan<byte> bytes = noisy.Rgb;
        for (int i = 0; i < bytes.Length; i++)
        {
            double d = (bytes[i] - 128) / 255.0 - 0.02;
            (sum, squares, fourth) = (sum + d, squares + d * d, fourth + d * d * d * d);
            if (i > 0) neighbours += d * ((bytes[i - 1] - 128) / 255.0 - 0.02);
        }
        double variance = squares / bytes.Length;
        Assert.Equal(0, sum / bytes.Length, 0.001);
        Assert.Equal(0.01, variance, 0.0002);
        Assert.Equal(3, fourth / bytes.Length / variance / variance, 0.08);
        Assert.Equal(0, neighbours / bytes.Length / variance, 0.02);
        using Image none = Noise.Gaussian(image, 0, 5);
        Assert.True(none.Rgb.SequenceEqual(image.Rgb));

        using Image patch = Noise.Rectangle(image, 10, 20, 150, 160, 3);
        Assert.True(patch.Row(19).SequenceEqual(image.Row(19)));
        double red = 0, blue = 0;
        for (int y = 20; y < 180; y++)
            for (int x = 10; x < 160; x++) (red, blue) = (red + patch.Row(y)[x * 3], blue + patch.Row(y)[x * 3 + 2]);
        Assert.Equal(0.485 * 255, red / (150 * 160), 1.5);
        Assert.Equal(0.406 * 255, blue / (150 * 160), 1.5);
    }

    [Fact]
    public void FactorsAndStrengthsFillTheirRanges()
    {
        Bounds gamma = new(), factor = new(), sigma = new();
        SampleRandom random = new(10, 0, 0);
        for (int i = 0; i < Count; i++)
        {
            gamma.Add(new RandomGamma((0.5, 1.5)).Draw(ref random));
            factor.Add(new RandomContrast((0.2, 3)).Draw(ref random));
            sigma.Add(new GaussianBlur(5).Draw(ref random));
        }
        gamma.Check(0.5, 1.5);
        factor.Check(0.2, 3);
        sigma.Check(0.1, 2);
        Assert.Throws<ArgumentException>(() => new GaussianBlur(4));
        Assert.Throws<ArgumentException>(() => new GaussianBlur(3, sigma: (0, 1)));
        using Image small = new(2, 2);
        Assert.Throws<ArgumentException>(() => Blur.Gaussian(small, 5, 5, 1, 1));
    }

    [Fact]
    public void CropsLieEverywhereAndPadAsAsked()
    {
        RandomCrop crop = new(4, 6);
        SampleRandom random = new(11, 0, 0);
        HashSet<(int, int)> places = [];
        for (int i = 0; i < 2000; i++) places.Add(crop.Draw(9, 6, ref random));
        Assert.Equal(12, places.Count);
        Assert.All(places, place => Assert.True(place is ( >= 0 and <= 3, >= 0 and <= 2)));
        using Image image = SyntheticImage.Make("noise", 5, 3, 1);
        Assert.Throws<ArgumentException>(() =>
        {
            SampleRandom draws = new(1, 0, 0);
            crop.Apply(image, ref draws);
        });
        // 5 -> 7 columns, 3 -> 5 rows, then a crop of them
        using Image padded = new RandomCrop(4, 6, padIfNeeded: true, mode: PaddingMode.Edge).Apply(image, ref random);
        using Image larger = Padding.Apply(image, 1, 1, 1, 1, PaddingMode.Edge);
        bool found = false;
        for (int y = 0; y <= 1; y++)
            for (int x = 0; x <= 1; x++)
            {
                using Image part = larger.Crop(x, y, 6, 4);
                found |= part.Rgb.SequenceEqual(padded.Rgb);
            }
        Assert.True(found);
        SampleRandom untouched = new(1, 0, 0), fresh = new(1, 0, 0);
        Assert.Same(image, new RandomCrop(3, 5).Apply(image, ref untouched));
        Assert.Equal(fresh.NextUInt32(), untouched.NextUInt32());
        using Image bordered = new Pad(2, fill: new(7, 8, 9)).Apply(image, ref random);
        Assert.Equal((9, 7), (bordered.Width, bordered.Height));
        Assert.Equal([7, 8, 9], bordered.Rgb[..3].ToArray());
        Assert.Same(image, new Pad(0).Apply(image, ref random));
        Assert.Throws<ArgumentException>(() => Padding.Apply(image, -3, 0, -2, 0));
    }

    /// <summary>Least and greatest of many draws.</summary>
    sealed class Bounds
    {
        public double Least { get; private set; } = double.PositiveInfinity;

        public double Most { get; private set; } = double.NegativeInfinity;

        public void Add(double value) => (Least, Most) = (Math.Min(Least, value), Math.Max(Most, value));

        public void Check(double minimum, double maximum, bool whole = false)
        {
            double near = whole ? 0 : (maximum - minimum) * 0.002;
            Assert.InRange(Least, minimum, minimum + near);
            Assert.InRange(Most, maximum - near, maximum);
        }
    }
}
