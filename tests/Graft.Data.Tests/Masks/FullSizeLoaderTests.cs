using Graft.Imaging;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Data.Tests;

public class FullSizeLoaderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    public void EachImageComesOnceAtItsOwnSize(int batchSize, int workers)
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(17).WriteClasses();
        ImageDataset dataset = SegmentationData.Open(scratch.Path).All!;
        FullSizePipeline pipeline = new(Preprocess.ImageNet(16), dataset.Masks!);
        FullSizeLoader loader = new(dataset, pipeline, new() { BatchSize = batchSize, Workers = workers });
        List<string> names = [];
        long live = Tensor.LiveCount;
        foreach (Batch batch in loader.Pass())
            using (batch)
            {
                Assert.Equal(names.Count == 0, batch.Number == 0);
                long[] targets = batch.Targets.ToArray<long>();
                float[] values = batch.Images.ToArray<float>();
                int place = 0, at = 0;
                foreach (Sample sample in batch.Samples)
                {
                    using Image image = ImageCodec.Load(sample.Path);
                    Assert.Equal([batch.Count, 3, image.Height, image.Width], batch.Images.Shape);
                    Assert.Equal([batch.Count, image.Height, image.Width], batch.Targets.Shape);
                    float[] expected = new float[3 * image.Height * image.Width];
                    (Preprocess.ImageNet(16) with { Height = image.Height, Width = image.Width }).Normalize(image, expected);
                    Assert.Equal(expected, values.AsSpan(at, expected.Length));
                    using IndexMask mask = dataset.Masks!.Decode(File.ReadAllBytes(sample.Mask!.Path));
                    for (int i = 0; i < mask.Pixels.Length; i++) Assert.Equal(mask.Pixels[i], targets[place + i]);
                    (place, at) = (place + mask.Pixels.Length, at + expected.Length);
                }
                names.AddRange(batch.Samples.Select(sample => sample.Name));
            }
        Assert.Equal(dataset.Samples.Select(sample => sample.Name), names.Order());
        Assert.Equal(live, Tensor.LiveCount);
        Assert.True(batchSize == 1 ? loader.BatchCount == 17 : loader.BatchCount < 17);
    }

    [Fact]
    public void ImagesAreResizedForTheNetworkAndMasksAreNot()
    {
        ImageDataset test = SegmentationData.Open(SharedFiles.Require("data/camvid"), new() { Scan = false }).Test!;
        Preprocess preprocess = Preprocess.ImageNet(16) with
        {
            CenterCrop = false,
            ResizeMode = ResizeMode.ShortestEdge,
            ResizeHeight = 90,
            ResizeWidth = 90,
        };
        FullSizeLoader loader = new(
            test, new FullSizePipeline(preprocess, test.Masks!) { Resize = preprocess }, new() { BatchSize = 3 });
        using Batch batch = loader.Pass().First();
        Assert.Equal([3, 3, 90, 120], batch.Images.Shape);
        Assert.Equal([3, 360, 480], batch.Targets.Shape);
    }

    [Fact]
    public void ABadImageIsLeftOut()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(30, values: [0, 1, 2]).WriteClasses();
        ImageDataset dataset = SegmentationData.Open(scratch.Path).All!;
        byte[] whole = File.ReadAllBytes(dataset.Samples[2].Path);
        scratch.Write("images/002.jpg", whole[..(whole.Length / 2)]);
        FullSizeLoader loader = new(
            dataset, new FullSizePipeline(Preprocess.ImageNet(16), dataset.Masks!), new() { BatchSize = 8 });
        int count = 0;
        foreach (Batch batch in loader.Pass())
            using (batch)
            {
                count += batch.Count;
                Assert.Equal(batch.Count, batch.Targets.Shape[0]);
                Assert.DoesNotContain(batch.Samples, sample => sample.Name == "002.jpg");
            }
        Assert.Equal(29, count);
        Assert.Equal(1, loader.BadImages.Count);
    }
}
