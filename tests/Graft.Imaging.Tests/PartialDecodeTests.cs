namespace Graft.Imaging.Tests;

/// <summary>Rectangles of files are those of the whole decode.</summary>
public class PartialDecodeTests
{
    [Fact]
    public void EveryRectangleOfEveryPictureIsThatOfTheWhole()
    {
        Random random = new(3);
        int parts = 0;
        foreach (GoldenPicture picture in GoldenPicture.All)
        {
            byte[] data = picture.Data;
            foreach (bool ignore in (bool[])[true, false])
            {
                using Image whole = ImageCodec.Decode(data, ignore);
                for (int i = 0; i < 12; i++)
                {
                    int left = random.Next(whole.Width), top = random.Next(whole.Height);
                    int width = random.Next(1, whole.Width - left + 1), height = random.Next(1, whole.Height - top + 1);
                    if (i == 0) (left, top, width, height) = (0, 0, whole.Width, whole.Height);
                    if (i == 1) (width, height) = (1, 1);
                    (int, int) told = default;
                    using Image part = ImageCodec.DecodePart(data, Choose, ignore);
                    using Image expected = whole.Crop(left, top, width, height);
                    Assert.Equal((whole.Width, whole.Height), told);
                    Assert.True(
                        expected.Rgb.SequenceEqual(part.Rgb), $"{picture.Name}: ({left}, {top}, {width}, {height})");
                    parts++;

                    (int, int, int, int) Choose(int w, int h)
                    {
                        told = (w, h);
                        return (left, top, width, height);
                    }
                }
            }
        }
        Assert.True(parts > 1000);
    }

    [Fact]
    public void EveryRectangleOfALargerJpegIsThatOfTheWhole()
    {
        using Image source = SyntheticImage.Make("smooth", 203, 141, 3);
        byte[] data = ImageCodec.EncodeJpeg(source, 80);
        using Image whole = ImageCodec.Decode(data);
        Random random = new(4);
        for (int i = 0; i < 600; i++)
        {
            int left = random.Next(203), top = random.Next(141);
            int width = random.Next(1, 203 - left + 1), height = random.Next(1, 141 - top + 1);
            using Image part = ImageCodec.DecodePart(data, (_, _) => (left, top, width, height));
            using Image expected = whole.Crop(left, top, width, height);
            Assert.True(expected.Rgb.SequenceEqual(part.Rgb), $"({left}, {top}, {width}, {height})");
        }
    }

    [Fact]
    public void AFileWithoutItsEndIsRefusedWhateverIsAskedOfIt()
    {
        using Image source = SyntheticImage.Make("noise", 120, 160, 3);
        byte[] data = ImageCodec.EncodeJpeg(source);
        foreach (double share in (double[])[0.05, 0.3, 0.6, 0.9])
        {
            byte[] cut = data[..(int)(data.Length * share)];
            Assert.Throws<InvalidDataException>(() => ImageCodec.Decode(cut));
            Assert.Throws<InvalidDataException>(() => ImageCodec.DecodePart(cut, (_, _) => (0, 0, 120, 5)));
        }
        Assert.Throws<ArgumentException>(() => ImageCodec.DecodePart(data, (_, _) => (100, 0, 21, 5)));
        Assert.Throws<ArgumentException>(() => ImageCodec.DecodePart(data, (_, _) => (0, 0, 0, 5)));
        byte[] png = ImageCodec.EncodePng(source);
        Assert.Throws<ArgumentException>(() => ImageCodec.DecodePart(png, (_, _) => (0, 160, 1, 1)));
    }
}
