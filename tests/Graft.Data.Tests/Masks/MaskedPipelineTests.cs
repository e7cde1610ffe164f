using System.Security.Cryptography;
using Graft.Imaging;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Data.Tests;

public class MaskedPipelineTests
{
    static readonly Preprocess imageNet = Preprocess.ImageNet(16);

    static List<string> Read(DataLoader loader, int epoch)
    {
        List<string> all = []; // a digest of each batch
        foreach (Batch batch in loader.Epoch(epoch))
            using (batch)
            {
                Assert.Equal([batch.Count, 24, 28], batch.Targets.Shape);
                Assert.Equal(DType.Int64, batch.Targets.DType);
                Assert.Equal([batch.Count, 3, 24, 28], batch.Images.Shape);
                all.Add(Convert.ToHexString(SHA256.HashData(
                    [.. batch.Images.ToArray<float>().SelectMany(BitConverter.GetBytes),
                     .. batch.Targets.ToArray<long>().SelectMany(BitConverter.GetBytes)])));
            }
        return all;
    }

    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void TheNumberOfWorkersChangesNothing(MemoryFormat format)
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(11).WriteClasses();
        ImageDataset dataset = SegmentationData.Open(scratch.Path).All!;
        DataLoader Loader(int workers, ulong seed, ImageCache? cache = null) => new(
            dataset, MaskedPipeline.Training(imageNet, dataset.Masks!, 24, 28, seed, cache),
            new() { BatchSize = 4, Shuffle = true, Seed = seed, Workers = workers, MemoryFormat = format });
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var one = Read(Loader(1, 7), epoch);
            Assert.Equal(one, Read(Loader(2, 7), epoch));
            Assert.Equal(one, Read(Loader(4, 7), epoch));
            ImageCache cache = new();
            DataLoader cached = Loader(3, 7, cache);
            Assert.Equal(one, Read(cached, epoch));
            Assert.Equal(one, Read(cached, epoch));
            Assert.True(cache.UsedBytes > 0);
            Assert.NotEqual(one, Read(Loader(1, 8), epoch));
        }
        Assert.NotEqual(Read(Loader(1, 7), 0), Read(Loader(1, 7), 1));
    }

    [Fact]
    public void AMaskFollowsItsImage()
    {
        // the image is its own mask: red is the class
        using ScratchFolder scratch = new();
        IndexMask classes = MaskedFolder.Blocks(96, 80, 0, 1, 2, 1, 0);
        using Image image = new(96, 80);
        for (int i = 0; i < classes.Pixels.Length; i++) image.Rgb[i * 3] = (byte)(classes.Pixels[i] * 100 + 20);
        scratch.Write("images/a.png", ImageCodec.EncodePng(image)).DrawMask("masks/a.png", classes).WriteClasses();
        ImageDataset dataset = SegmentationData.Open(scratch.Path).All!;
        MaskedPipeline pipeline = new(imageNet, dataset.Masks!, 40, 40)
        {
            Transforms =
            [
                RandomScaleCrop.Of(40, 40) with { Interpolation = Interpolation.Nearest },
                MaskedTransform.Of(new RandomHorizontalFlip()),
                MaskedTransform.Of(new RandomVerticalFlip()),
                MaskedTransform.Of(new RandomRotation((-30, 30))),
                MaskedTransform.Of(new RandomPerspective(0.3, Interpolation: Interpolation.Nearest)),
            ],
        };
        int counted = 0, ignored = 0;
        for (int epoch = 0; epoch < 40; epoch++)
        {
            MaskedImage pair = pipeline.Prepare(dataset.Samples[0], epoch);
            for (int i = 0; i < pair.Mask.Pixels.Length; i++)
            {
                int red = pair.Image.Rgb[i * 3];
                Assert.Equal(red == 0 ? IndexMask.Ignore : (red - 20) / 100, pair.Mask.Pixels[i]);
                if (red == 0) ignored++;
                else counted++;
            }
        }
        Assert.True(counted > 0 && ignored > 0);
    }

    [Fact]
    public void TargetsOfCamVidAreItsClassesAndIgnored()
    {
        ImageDataset train = SegmentationData.Open(SharedFiles.Require("data/camvid")).Train!;
        DataLoader loader = new(
            train, MaskedPipeline.Training(imageNet, train.Masks!, 64, 96, 3), new() { BatchSize = 8, Shuffle = true });
        using Batch batch = loader.Epoch(0).First();
        Assert.Equal([8, 64, 96], batch.Targets.Shape);
        long[] values = [.. batch.Targets.ToArray<long>().Distinct().Order()];
        Assert.All(values, value => Assert.True(value is LossTargets.Ignore or (>= 0 and < 11)));
        Assert.True(values.Length > 5);
    }
}
