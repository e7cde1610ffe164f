namespace Graft.Imaging.Tests;

public class MaskPainterTests
{
    static readonly string[] names = ["sky", "road", "car"];

    [Fact]
    public void TheVocPaletteIsTheDevkits()
    {
        // aeroplane, person and tvmonitor of PASCAL VOC
        Assert.Equal(new RgbColor(0, 0, 0), MaskPalette.Voc(0));
        Assert.Equal(new RgbColor(128, 0, 0), MaskPalette.Voc(1));
        Assert.Equal(new RgbColor(192, 128, 128), MaskPalette.Voc(15));
        Assert.Equal(new RgbColor(0, 64, 128), MaskPalette.Voc(20));
        Assert.Equal(new RgbColor(224, 224, 192), MaskPalette.Voc(255));
        Assert.Equal(256, MaskPalette.Of(256).Distinct().Count());
    }

    [Fact]
    public void AnOverlayLeavesWhatIsIgnoredAndOutlinesTheRest()
    {
        using Image photo = SyntheticImage.Make("noise", 16, 8, 3);
        IndexMask mask = new(16, 8);
        for (int y = 0; y < 8; y++)
        {
            mask.Row(y)[..8].Fill(2);
            mask.Row(y)[12..].Fill(IndexMask.Ignore);
        }
        RgbColor[] colors = [new(0, 0, 0), new(0, 0, 0), new(200, 100, 50)];
        MaskPainter painter = new(names, colors) { Opacity = 0.25 };
        MaskPainter smooth = new(names, colors) { Opacity = 0.25, Outlines = false };
        using Image overlay = painter.Overlay(photo, mask), plain = smooth.Overlay(photo, mask);
        for (int x = 0; x < 16; x++)
        {
            int from = photo.Row(3)[x * 3], to = x < 8 ? 200 : 0;
            double expected = x >= 12 ? from : from + (to - from) * 0.25;
            Assert.InRange(plain.Row(3)[x * 3], expected - 1, expected + 1);
            Assert.Equal(x is 7 ? 200 : x is 11 ? 0 : plain.Row(3)[x * 3], overlay.Row(3)[x * 3]);
        }
        Assert.Equal([0, 2], painter.ClassesOf(mask));
        using Image painted = painter.Paint(mask);
        Assert.Equal([200, 100, 50], painted.Row(0)[..3].ToArray());
        Assert.Equal([255, 255, 255], painted.Row(0)[^3..].ToArray());
        Assert.Throws<ArgumentException>(() => painter.Overlay(photo, new IndexMask(8, 16)));
    }

    [Fact]
    public void TheLegendHasEachColourAndBreaksLines()
    {
        MaskPainter painter = new(names);
        using Image wide = painter.Legend(400), narrow = painter.Legend(60), one = painter.Legend(400, [1]);
        Assert.True(narrow.Height > wide.Height);
        foreach (RgbColor color in painter.Colors) Assert.True(Has(wide, color) && Has(narrow, color));
        Assert.True(Has(one, painter.Colors[1]) && !Has(one, painter.Colors[2]));
        using Image photo = new(120, 50), both = painter.WithLegend(photo);
        Assert.Equal((120, true), (both.Width, both.Height > 50));
        using Image tiny = painter.Legend(1);
        Assert.Equal(1, tiny.Width);
    }

    static bool Has(Image image, RgbColor color)
    {
        for (int at = 0; at < image.Rgb.Length; at += 3)
            if (image.Rgb[at] == color.Red && image.Rgb[at + 1] == color.Green && image.Rgb[at + 2] == color.Blue) return true;
        return false;
    }
}
