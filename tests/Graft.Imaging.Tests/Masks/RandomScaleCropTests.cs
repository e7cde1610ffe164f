namespace Graft.Imaging.Tests;

public class RandomScaleCropTests
{
    [Fact]
    public void TheCropIsThatOfTheWholeResizedImage()
    {
        using Image image = SyntheticImage.Make("smooth", 61, 47, 2);
        using IndexMask mask = new(61, 47);
        for (int i = 0; i < mask.Pixels.Length; i++) mask.Pixels[i] = (ushort)(i % 61 / 5);
        RandomScaleCrop crop = RandomScaleCrop.Of(40, 44, 0.5, 2);
        Assert.Equal((21, 86), (crop.MinimumSide, crop.MaximumSide));
        bool padded = false, cut = false;
        for (ulong sample = 0; sample < 40; sample++)
        {
            SampleRandom random = new(1, 0, sample), again = new(1, 0, sample);
            MaskedImage result = crop.Apply(new MaskedImage(image, mask), ref random);
            (int width, int height) = crop.DrawSize(61, 47, ref again);
            int top = height > 40 ? again.Next(height - 40 + 1) : 0, left = width > 44 ? again.Next(width - 44 + 1) : 0;
            using Image whole = Resize.Apply(image, width, height, Interpolation.Bilinear);
            using Image expected = whole.Crop(left, top, 44, 40);
            using IndexMask resized = MaskGeometry.Resize(mask, width, height), part = resized.Crop(left, top, 44, 40);
            Assert.Equal(expected.Rgb, result.Image.Rgb);
            Assert.Equal(part.Pixels, result.Mask.Pixels);
            Assert.Equal(again.NextUInt32(), random.NextUInt32());
            padded |= part.Pixels.Contains(IndexMask.Ignore);
            cut |= width > 44 && height > 40;
        }
        Assert.True(padded && cut);
    }

    [Fact]
    public void ACropOfOneClassIsDrawnAgain()
    {
        // a small square of class 1 in class 0: most crops have none of it
        using Image image = new(200, 200);
        using IndexMask mask = new(200, 200);
        for (int y = 80; y < 120; y++) mask.Row(y)[80..120].Fill(1);
        double Share(double maximum)
        {
            RandomScaleCrop crop = new(50, 50, 200, 200) { MaximumShare = maximum };
            int mixed = 0;
            for (ulong sample = 0; sample < 200; sample++)
            {
                SampleRandom random = new(1, 0, sample);
                MaskedImage result = crop.Apply(new MaskedImage(image, mask), ref random);
                int counted = result.Mask.Pixels.Count((ushort)1);
                if (counted > 625 && counted < 1875) mixed++;
            }
            return mixed / 200.0;
        }
        double once = Share(1), often = Share(0.75);
        Assert.InRange(once, 0.02, 0.2);
        Assert.True(often > 2.5 * once, $"{once} {often}");
    }

    [Fact]
    public void SettingsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new RandomScaleCrop(0, 5, 1, 2));
        Assert.Throws<ArgumentException>(() => new RandomScaleCrop(5, 5, 3, 2));
        Assert.Throws<ArgumentException>(() => RandomScaleCrop.Of(5, 5, 0, 2));
        Assert.Throws<ArgumentException>(() => MaskedTransform.Of(new RandAugment()));
    }

    [Fact]
    public void WhatChangesColoursLeavesTheMask()
    {
        using Image image = SyntheticImage.Make("smooth", 30, 20, 2);
        using IndexMask mask = new(30, 20);
        SampleRandom random = new(1, 0, 0);
        MaskedTransformList list = [MaskedTransform.Of(new ColorJitter(0.5, 0.5, 0.5)), MaskedTransform.Of(new GaussianBlur(3))];
        MaskedImage result = list.Apply(new MaskedImage(image, mask), ref random);
        Assert.Same(mask, result.Mask);
        Assert.False(image.Rgb.SequenceEqual(result.Image.Rgb));
    }
}
