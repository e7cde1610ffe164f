using Graft.Imaging;
using Graft.Tests;

namespace Graft.Data.Tests;

public class SegmentationDataTests
{
    [Fact]
    public void CamVidIsFoundWithItsClassesAndItsVoid()
    {
        SegmentationData data = SegmentationData.Open(SharedFiles.Require("data/camvid"));
        Assert.Equal((120, 40, 40), (data.Train!.Count, data.Validation!.Count, data.Test!.Count));
        Assert.Equal(11, data.Classes.Count);
        Assert.Equal(("Sky", "Bicyclist"), (data.Classes[0], data.Classes[10]));
        Assert.Equal(11, data.Masks.IgnoreValue);
        Assert.Equal(new RgbColor(64, 0, 128), data.Masks.Colors[8]);
        Assert.Equal(LabelKind.Mask, data.Kind);
        long[] pixels = data.Train.PixelsByClass();
        long ignored = data.Train.Samples.Sum(sample => sample.PixelCounts![11]);
        Assert.Equal(120L * 480 * 360, pixels.Sum() + ignored);
        Assert.True(pixels[3] > pixels[10] && pixels.All(count => count > 0));
    }

    [Fact]
    public void TwoValuesAreTwoClassesWhateverTheyAre()
    {
        SegmentationData data = SegmentationData.Open(SharedFiles.Require("data/membrane"));
        Assert.Equal((24, 6), (data.Train!.Count, data.Validation!.Count));
        Assert.Equal(["membrane", "cell_interior"], data.Classes);
        Assert.True(data.Train.PixelsByClass()[1] > data.Train.PixelsByClass()[0]);
    }

    [Theory]
    [InlineData("images", "masks", null)]
    [InlineData("JPEGImages", "SegmentationClass", null)]
    [InlineData("train/images", "train/labels", "train")]
    [InlineData("images/training", "annotations/training", "train")]
    [InlineData("val", "valannot", "val")]
    [InlineData("Test", "test_masks", "test")]
    [InlineData("train_images", "train_masks", "train")]
    public void EveryShapeOfFoldersIsFound(string images, string masks, string? part)
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(3, images, masks).WriteClasses();
        Assert.True(SegmentationData.IsAt(scratch.Path));
        SegmentationData data = SegmentationData.Open(scratch.Path);
        ImageDataset found =
            (part switch { "train" => data.Train, "val" => data.Validation, "test" => data.Test, _ => data.All })!;
        Assert.Equal(["000.jpg", "001.jpg", "002.jpg"], found.Samples.Select(sample => sample.Name));
        Assert.Equal(MaskedFolder.Classes, data.Classes);
        Assert.Equal(3, found.CountsByClass()[1]);
    }

    [Fact]
    public void ListsOfNamesDivideTheImages()
    {
        using ScratchFolder voc = new();
        voc.FillPairs(6, "JPEGImages", "SegmentationClass").WriteClasses()
            .WriteText("ImageSets/Segmentation/train.txt", "000\n002\n").WriteText("ImageSets/Segmentation/val.txt", "005\n");
        File.Delete(voc.Full("SegmentationClass/001.png"));
        SegmentationData data = SegmentationData.Open(voc.Path);
        Assert.Equal(["000.jpg", "002.jpg"], data.Train!.Samples.Select(sample => sample.Name));
        Assert.Equal(["005.jpg"], data.Validation!.Samples.Select(sample => sample.Name));
        using ScratchFolder fastai = new();
        fastai.FillPairs(4, "images", "labels").WriteText("codes.txt", "sky\nroad\nVoid\n").WriteText("valid.txt", "001.jpg\n");
        data = SegmentationData.Open(fastai.Path);
        Assert.Equal((3, 1), (data.Train!.Count, data.Validation!.Count));
        Assert.Equal(["sky", "road"], data.Classes);
        Assert.True(data.Train.Samples[0].PixelCounts![2] > 0);
    }

    [Fact]
    public void FoldersOfClassesAreNoMasks()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("train", 2, "a", "b").Fill("val", 2, "a", "b");
        Assert.False(SegmentationData.IsAt(scratch.Path));
    }
}
