namespace Graft.Imaging.Tests;

public class RandomPlacementTests
{
    static Image Ramp(int width, int height)
    {
        Image image = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                (image.Row(y)[x * 3], image.Row(y)[x * 3 + 1], image.Row(y)[x * 3 + 2]) = ((byte)(x * 2), (byte)(y * 2), 200);
        return image;
    }

    [Fact]
    public void SquishKeepsAllOfTheImage()
    {
        using Image image = Ramp(100, 50);
        SampleRandom random = new(1, 0, 0);
        using Image result = new RandomPlacement(24, 24, ResizeMethod.Squish).Apply(image, ref random);
        using Image expected = Resize.Apply(image, 24, 24, Interpolation.Bilinear);
        Assert.Equal(expected.Rgb, result.Rgb);
    }

    [Fact]
    public void CropTakesTheWholeShorterSideFromAnyPlace()
    {
        using Image image = Ramp(100, 50);
        HashSet<int> lefts = [];
        for (ulong sample = 0; sample < 200; sample++)
        {
            SampleRandom random = new(1, 0, sample);
            (int left, int top, int width, int height) =
                RandomPlacement.Window(100, 50, 24, 24, ResizeMethod.Crop, ref random);
            Assert.Equal((0, 50, 50), (top, width, height));
            Assert.InRange(left, 0, 50);
            lefts.Add(left);
        }
        Assert.InRange(lefts.Count, 40, 51);
    }

    [Fact]
    public void PadShowsAllOfTheImageAndFillsTheRest()
    {
        using Image image = Ramp(100, 50);
        HashSet<int> firsts = [];
        for (ulong sample = 0; sample < 50; sample++)
        {
            SampleRandom random = new(1, 0, sample);
            using Image result = new RandomPlacement(40, 40, ResizeMethod.Pad) { Fill = (9, 8, 7) }.Apply(image, ref random);
            int[] rows = [.. Enumerable.Range(0, 40).Where(y => result.Row(y)[2] == 200)];
            Assert.Equal(20, rows.Length);
            Assert.Equal(20, rows[^1] - rows[0] + 1);
            Assert.Equal(20, Enumerable.Range(0, 40).Count(y => result.Row(y)[..3].SequenceEqual<byte>([9, 8, 7])));
            firsts.Add(rows[0]);
        }
        Assert.True(firsts.Count > 5);
    }

    [Fact]
    public void NormalisationIsUndoneExactly()
    {
        using Image image = Ramp(24, 16);
        Preprocess plain = Preprocess.ImageNet(16) with { Width = 24 };
        Preprocess[] all = [plain, plain with { SwapRedBlue = true }, plain with { Arithmetic = PixelArithmetic.Multiply },
            plain with { SecondDivision = true, RescaleOffset = 1, RescaleFactor = 1 / 127.5 }];
        foreach (Preprocess preprocess in all)
        {
            float[] values = new float[3 * 16 * 24];
            preprocess.Normalize(image, values);
            using Image back = preprocess.Denormalize(values);
            Assert.True(back.Rgb.SequenceEqual(image.Rgb));
        }
        float[] grey = new float[16 * 24];
        Preprocess one = plain.ToGrey();
        one.Normalize(image, grey);
        using Image shown = one.Denormalize(grey);
        Assert.Equal(shown.Rgb[0], shown.Rgb[2]);
        Assert.Throws<ArgumentException>(() => plain.Denormalize(grey));
    }

    [Fact]
    public void EvaluationFollowsTheMethod()
    {
        Preprocess own = Preprocess.TorchVision(224, 256);
        Assert.Same(own, own.With(ResizeMethod.Crop));
        Assert.Equal((224, 224), own.With(ResizeMethod.Squish).ResizedSize(640, 480));
        Assert.Equal((224, 168), own.With(ResizeMethod.Pad).ResizedSize(640, 480));
        Preprocess crop = own.With(ResizeMethod.Squish).With(ResizeMethod.Crop);
        Assert.Equal((298, 224), crop.ResizedSize(640, 480));
        using Image image = Ramp(100, 50);
        foreach (ResizeMethod method in Enum.GetValues<ResizeMethod>())
        {
            Preprocess changed = Preprocess.ImageNet(32).With(method);
            using Image result = changed.ApplyGeometry(image);
            Assert.Equal((32, 32), (result.Width, result.Height));
            Assert.Equal(changed, Preprocess.FromHuggingFace(changed.ToHuggingFaceJson()));
        }
    }
}
