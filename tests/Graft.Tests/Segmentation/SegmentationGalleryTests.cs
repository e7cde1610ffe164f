using Graft.Imaging;

namespace Graft.Tests.Segmentation;

public sealed class SegmentationGalleryTests : IDisposable
{
    readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public void The_worst_and_the_best_are_kept_each_once_and_in_order()
    {
        var gallery = new SegmentationGallery(worst: 3, best: 2);
        double[] scores = [0.5, 0.1, 0.9, double.NaN, 0.7, 0.3, 0.8];
        for (int i = 0; i < scores.Length; i++) Offer(gallery, $"{i}.png", scores[i]);
        gallery.Write(shop.Path("run"), shop.Path("data"), MaskPalette.Of(3));
        SegmentedImages read = SegmentationGallery.Read(shop.Path("run"))!;
        Assert.Equal(
            ["worst 1.png 0.1", "worst 5.png 0.3", "worst 0.png 0.5", "best 2.png 0.9", "best 6.png 0.8"],
            read.Images.Select(one => FormattableString.Invariant($"{one.Kind} {one.Image} {one.MeanIoU}")));
        Assert.Equal(MaskPalette.Of(3), read.ColorsOf(3));
        Assert.Equal(MaskPalette.Of(4), read.ColorsOf(4)); // not this file's classes: the usual ones
        using IndexMask truth = SegmentationGallery.Mask(shop.Path("run"), read.Images[0].Truth)!;
        Assert.Equal([IndexMask.Ignore, 1, 2, 0], truth.Pixels.ToArray());
        using IndexMask predicted = SegmentationGallery.Mask(shop.Path("run"), read.Images[0].Predicted)!;
        Assert.Equal([0, 1, 1, 0], predicted.Pixels.ToArray());
    }

    [Fact]
    public void Of_few_images_none_is_shown_twice()
    {
        var gallery = new SegmentationGallery();
        Offer(gallery, "a.png", 0.5);
        Offer(gallery, "b.png", 0.6);
        gallery.Write(shop.Path("run"), shop.Path("data"), MaskPalette.Of(3));
        Assert.Equal(["a.png", "b.png"], SegmentationGallery.Read(shop.Path("run"))!.Images.Select(one => one.Image));
    }

    [Fact]
    public void Without_a_gallery_there_is_none_and_a_damaged_one_is_told()
    {
        Assert.Null(SegmentationGallery.Read(shop.Path("nowhere")));
        Directory.CreateDirectory(shop.Path("run", SegmentationGallery.FolderName));
        File.WriteAllText(shop.Path("run", SegmentationGallery.FolderName, "index.json"), "[1, 2");
        var error = Assert.Throws<InvalidDataException>(() => SegmentationGallery.Read(shop.Path("run")));
        Assert.Contains("index.json", error.Message);
        Assert.Null(SegmentationGallery.Mask(shop.Path("run"), "gone.png"));
    }

    [Fact]
    public void Errors_are_red_and_what_is_ignored_is_not()
    {
        using var image = new Image(2, 2);
        image.Rgb.Fill(100);
        using var truth = new IndexMask(2, 2, [IndexMask.Ignore, 1, 2, 0]);
        using var predicted = new IndexMask(2, 2, [0, 1, 1, 0]);
        using Image map = ErrorMap.Paint(image, truth, predicted);
        Assert.Equal([230, 230, 230], map.Rgb[..3].ToArray());
        Assert.Equal([50, 50, 50], map.Rgb[3..6].ToArray());
        Assert.Equal([230, 40, 40], map.Rgb[6..9].ToArray());
        Assert.Equal([50, 50, 50], map.Rgb[9..].ToArray());
    }

    void Offer(SegmentationGallery gallery, string name, double score)
    {
        using var truth = new IndexMask(2, 2, [IndexMask.Ignore, 1, 2, 0]);
        using var predicted = new IndexMask(2, 2, [0, 1, 1, 0]);
        gallery.Offer(new SegmentedSample(shop.Path("data", name), score, score), predicted, truth);
    }
}
