using Graft.Imaging;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Data.Tests;

public class DataLoaderTests
{
    static readonly Preprocess small = Preprocess.ImageNet(16);

    static ImageDataset Open(ScratchFolder scratch) => ImageFolder.Open(scratch.Path).All!;

    static List<(float[] Values, long[] Labels, string[] Names)> Read(DataLoader loader, int epoch = 0)
    {
        List<(float[], long[], string[])> all = [];
        foreach (Batch batch in loader.Epoch(epoch))
        {
            using (batch)
            {
                Assert.Equal([batch.Count, 3, loader.Reader.Height, loader.Reader.Width], batch.Images.Shape);
                Assert.Equal(DType.Float32, batch.Images.DType);
                Assert.Equal([batch.Count], batch.Labels.Shape);
                Assert.Equal(all.Count, batch.Number);
                string[] names = [.. batch.Samples.Select(sample => sample.Name)];
                all.Add((batch.Images.ToArray<float>(), batch.Labels.ToArray<long>(), names));
            }
        }
        return all;
    }

    [Fact]
    public void BatchesComeInOrderWithTheEvaluationsPixels()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 5, "a", "b"));
        SamplePipeline pipeline = new(small);
        DataLoader loader = new(dataset, pipeline, new() { BatchSize = 4, Workers = 3 });
        var batches = Read(loader);
        Assert.Equal(3, loader.BatchCount);
        Assert.Equal(10, loader.SampleCount);
        Assert.Equal([4, 4, 2], batches.Select(batch => batch.Labels.Length));
        Assert.Equal(dataset.Samples.Select(sample => sample.Name), batches.SelectMany(batch => batch.Names));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], batches.SelectMany(batch => batch.Labels));
        float[] expected = new float[3 * 16 * 16];
        using Image image = ImageCodec.Load(dataset.Samples[5].Path);
        small.Apply(image, expected);
        Assert.Equal(expected, batches[1].Values[(3 * 16 * 16)..(2 * 3 * 16 * 16)]);
    }

    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void TheNumberOfWorkersChangesNothing(MemoryFormat format)
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 13, "a", "b"));
        DataLoaderOptions options = new() { BatchSize = 5, Shuffle = true, MemoryFormat = format };
        DataLoader Loader(int workers, int prefetch, ulong seed, ImageCache? cache = null) => new(
            dataset, SamplePipeline.Training(small, seed, cache),
            options with { Seed = seed, Workers = workers, Prefetch = prefetch });
        var expected = Read(Loader(1, 1, 7), epoch: 3);
        ImageCache cache = new(1 << 20);
        DataLoader[] others =
            [Loader(2, 2, 7), Loader(5, 1, 7), Loader(16, 4, 7), Loader(2, 2, 7, cache), Loader(2, 2, 7, cache)];
        foreach (DataLoader loader in others)
        {
            var batches = Read(loader, epoch: 3);
            Assert.Equal(expected.Select(batch => batch.Values), batches.Select(batch => batch.Values));
            Assert.Equal(expected.Select(batch => batch.Names), batches.Select(batch => batch.Names));
        }
        Assert.NotEqual(expected.Select(batch => batch.Names), Read(Loader(2, 2, 7), epoch: 4).Select(batch => batch.Names));
        Assert.NotEqual(expected.Select(batch => batch.Names), Read(Loader(2, 2, 8), epoch: 3).Select(batch => batch.Names));
    }

    [Fact]
    public void TargetsComeWithTheirImages()
    {
        using ScratchFolder scratch = new();
        ImageDataset one = Open(scratch.Fill("", 3, "a", "b"));
        float[][] numbers = [[1, 0.5f], [2, -1], [3, 0], [4, 9], [5, 7], [6, 1e6f]];
        ImageDataset dataset = new(
            "table", one.Samples.Select(sample => sample with { Label = 0, Targets = numbers[sample.Index] }),
            ["size", "weight"], LabelKind.Number);
        DataLoader loader = new(dataset, new SamplePipeline(small), new() { BatchSize = 4, Shuffle = true, Seed = 3 });
        List<float> came = [], expected = [];
        foreach (Batch batch in loader.Epoch(0))
        {
            using (batch)
            {
                Assert.Equal([batch.Count, 2], batch.Targets.Shape);
                Assert.Equal(DType.Float32, batch.Targets.DType);
                Assert.Equal(DType.Int64, batch.Labels.DType);
                came.AddRange(batch.Targets.ToArray<float>());
                foreach (Sample sample in batch.Samples) expected.AddRange(numbers[sample.Index]);
            }
        }
        Assert.Equal(12, came.Count);
        Assert.Equal(expected, came);
        foreach (Batch batch in new DataLoader(one, new SamplePipeline(small)).Epoch(0))
        {
            using (batch) Assert.Same(batch.Labels, batch.Targets);
        }
    }

    [Fact]
    public void AugmentationIsDrawnAnewInEachEpoch()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 4, "a", "b"));
        DataLoader loader = new(dataset, SamplePipeline.Training(small, seed: 1), new() { BatchSize = 8 });
        float[] first = Read(loader, 0)[0].Values;
        Assert.NotEqual(first, Read(loader, 1)[0].Values);
        Assert.Equal(first, Read(loader, 0)[0].Values);
    }

    [Fact]
    public void ChannelsLastHoldsTheSameValues()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 3, "a", "b"));
        Preprocess wide = new() { Height = 16, Width = 20, ResizeMode = ResizeMode.Exact, SwapRedBlue = true };
        SamplePipeline pipeline = new(wide);
        DataLoader plain = new(dataset, pipeline, new() { BatchSize = 6 });
        DataLoader last = new(dataset, pipeline, new() { BatchSize = 6, MemoryFormat = MemoryFormat.ChannelsLast });
        using (Batch batch = Assert.Single(last.Epoch(0)))
        {
            Assert.True(batch.Images.IsContiguous(MemoryFormat.ChannelsLast));
            Assert.False(batch.Images.IsContiguous());
            Assert.Equal([6L, 3, 16, 20], batch.Images.Shape);
        }
        Assert.Equal(Read(plain)[0].Values, Read(last)[0].Values);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 20, "a", "b"));
        DataLoader loader = new(dataset, new SamplePipeline(small), new() { BatchSize = 3, Workers = 3 });
        long tensors = Tensor.LiveCount;
        foreach (Batch batch in loader.Epoch(0)) batch.Dispose();
        Assert.Equal(tensors, Tensor.LiveCount);
        foreach (Batch batch in loader.Epoch(0))
        {
            batch.Dispose();
            batch.Dispose();
            break;
        }
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.Throws<ArithmeticException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0))
                using (batch) throw new ArithmeticException();
        });
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.Equal(0, Threads());

        // Kept beyond the epoch, each batch has its own memory and frees it.
        List<Batch> kept = [.. loader.Epoch(0)];
        Assert.Equal(13, kept.Count);
        float[] before = kept[0].Images.ToArray<float>();
        Assert.Equal(Read(loader)[0].Values, before);
        foreach (Batch batch in kept) batch.Dispose();
        Assert.Equal(tensors, Tensor.LiveCount);

        // A scope around the loop owns nothing of it.
        using (TensorScope scope = new())
            kept = [.. loader.Epoch(0)];
        Assert.Equal(before, kept[0].Images.ToArray<float>());
        foreach (Batch batch in kept) batch.Dispose();
        Assert.Equal(tensors, Tensor.LiveCount);
    }

    [Fact]
    public void MemoryIsBoundedAndUsedAgain()
    {
        using ScratchFolder scratch = new();
        DataLoader loader = new(
            Open(scratch.Fill("", 30, "a", "b")), new SamplePipeline(small), new() { BatchSize = 2, Workers = 2, Prefetch = 3 });
        long tensors = Tensor.LiveCount, most = 0;
        foreach (Batch batch in loader.Epoch(0))
        {
            most = Math.Max(most, Tensor.LiveCount - tensors);
            batch.Dispose();
        }
        Assert.InRange(most, 3, 3 + 1 + 2); // the buffers ahead, the one in use, its images and labels
    }

    [Fact]
    public void CancellationEndsTheEpoch()
    {
        using ScratchFolder scratch = new();
        SlowReader reader = new();
        DataLoader loader = new(Open(scratch.Fill("", 20, "a", "b")), reader, new() { BatchSize = 4, Workers = 2, Niceness = 5 });
        long tensors = Tensor.LiveCount;
        using CancellationTokenSource source = new();
        int seen = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0, source.Token))
            {
                batch.Dispose();
                seen++;
                source.Cancel();
            }
        });
        Assert.Equal(1, seen);
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.Equal(0, Threads());
        Assert.Throws<OperationCanceledException>(() => loader.Epoch(0, source.Token).Count());

        // While the consumer waits for a batch.
        using CancellationTokenSource second = new();
        reader.Started = () => second.Cancel();
        Assert.Throws<OperationCanceledException>(() => loader.Epoch(0, second.Token).Count());
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.Equal(0, Threads());
    }

    [Fact]
    public void AFailureOfTheProgramSurfacesOnce()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 20, "a", "b"));
        FailingReader reader = new(index => index >= 9 ? new ArithmeticException($"at {index}") : null);
        DataLoader loader = new(dataset, reader, new() { BatchSize = 4, Workers = 3 });
        long tensors = Tensor.LiveCount;
        int seen = 0;
        ArithmeticException error = Assert.Throws<ArithmeticException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0))
            {
                batch.Dispose();
                seen++;
            }
        });
        Assert.Equal("at 9", error.Message);
        Assert.Equal(2, seen);
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.Equal(0, Threads());
    }

    [Fact]
    public void BadImagesAreNamedCountedAndSkipped()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("", 30, "a", "b").Write("a/003.png", []).Write("b/010.png", "not an image"u8.ToArray());
        byte[] cut = File.ReadAllBytes(scratch.Full("b/011.png"));
        scratch.Write("b/011.png", cut[..(cut.Length / 2)]);
        ImageDataset dataset = Open(scratch);
        DataLoader Loader(int workers) => new(dataset, new SamplePipeline(small), new() { BatchSize = 8, Workers = workers });
        DataLoader loader = Loader(4);
        List<BadImage> found = [];
        loader.BadImages.Found += found.Add;
        var batches = Read(loader);
        Assert.Equal([7, 8, 8, 8, 8, 6, 8, 4], batches.Select(batch => batch.Labels.Length));
        Assert.Equal(3, loader.BadImages.Count);
        Assert.Equal(["a/003.png", "b/010.png", "b/011.png"], found.Select(bad => Path.GetRelativePath(scratch.Path, bad.Path)));
        Assert.Equal("is empty (0 bytes)", found[0].Reason);
        Assert.Equal("is a text file, not an image", found[1].Reason);
        string[] names = [.. batches.SelectMany(batch => batch.Names)];
        Assert.DoesNotContain(names, name => name is "a/003.png" or "b/010.png" or "b/011.png");
        Assert.Equal(57, names.Length);
        Read(loader);
        Assert.Equal(3, loader.BadImages.Count);
        Assert.Equal(batches.Select(batch => batch.Values), Read(Loader(1)).Select(batch => batch.Values));
        float[] together = Read(new(dataset, new SamplePipeline(small), new() { BatchSize = 60 }))[0].Values;
        Assert.Equal(together, batches.SelectMany(batch => batch.Values));
    }

    [Fact]
    public void TooManyBadImagesStopTheRun()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("", 20, "a", "b").Write("a/000.png", []).Write("a/001.png", []);
        scratch.Write("b/000.jpg", [1, 2, 3]).Write("b/001.png", []);
        File.CreateSymbolicLink(scratch.Full("b/gone.png"), scratch.Full("nowhere.png"));
        DataLoader loader = new(Open(scratch), new SamplePipeline(small), new() { BatchSize = 8 });
        long tensors = Tensor.LiveCount;
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Read(loader));
        Assert.Contains("4 of 42 images can't be read, more than the 5% that are skipped: ", error.Message);
        Assert.Contains("a/000.png: is empty (0 bytes)", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.Equal(0, Threads());
        BadImages patient = new(limit: 0.2);
        Assert.Equal(37, Read(new(loader.Dataset, loader.Reader, loader.Options, patient)).Sum(batch => batch.Labels.Length));
        Assert.Equal("no such file", patient.Items[^1].Reason);
        Assert.Equal(5, patient.Count);
    }

    [Fact]
    public void ABatchOfBadImagesAloneIsLeftOut()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 6, "a", "b"));
        FailingReader reader = new(index => index is 4 or 5 or 6 or 7 or 8 ? new InvalidDataException("bad") : null);
        DataLoader loader = new(dataset, reader, new() { BatchSize = 4 }, new BadImages(limit: 1));
        long tensors = Tensor.LiveCount;
        List<string> names = [];
        foreach (Batch batch in loader.Epoch(0))
            using (batch) names.Add(string.Join(" ", batch.Samples.Select(sample => sample.Index)));
        Assert.Equal(["0 1 2 3", "9 10 11"], names);
        Assert.Equal(tensors, Tensor.LiveCount);
    }

    [Fact]
    public void EvaluationAlwaysAppliesTheGeometry()
    {
        // Of the network's size already, yet resized to 18 and cropped: what the origins do.
        using ScratchFolder scratch = new();
        scratch.Draw("a/x.png", 1, 16, 16).Draw("b/x.png", 2, 16, 16);
        SamplePipeline pipeline = new(small);
        Sample sample = Open(scratch).Samples[0];
        using Image read = pipeline.ReadImage(sample, 0), original = ImageCodec.Load(sample.Path);
        using Image expected = small.ApplyGeometry(original);
        Assert.Equal(expected.Rgb.ToArray(), read.Rgb.ToArray());
        Assert.NotEqual(original.Rgb.ToArray(), read.Rgb.ToArray());
    }

    [Fact]
    public void TheCacheKeepsToItsBudgetAndSeesChanges()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 4, "a", "b"));
        ImageCache cache = new(3 * 16 * 16 * 5);
        DataLoader loader = new(dataset, new SamplePipeline(small) { Cache = cache }, new() { BatchSize = 8 });
        float[] first = Read(loader)[0].Values;
        Assert.Equal(5, cache.Count);
        Assert.Equal(3 * 16 * 16 * 5, cache.UsedBytes);
        Assert.Equal(first, Read(loader)[0].Values);
        scratch.Draw("a/000.png", seed: 77, width: 50, height: 60);
        File.SetLastWriteTimeUtc(scratch.Full("a/000.png"), DateTime.UtcNow.AddSeconds(5));
        float[] changed = Read(loader)[0].Values;
        Assert.NotEqual(first, changed);
        Assert.Equal(Read(new(dataset, new SamplePipeline(small), loader.Options))[0].Values, changed);
        Assert.InRange(cache.Count, 4, 5);
        cache.Clear();
        Assert.Equal(0, cache.UsedBytes);
    }

    [Fact]
    public void TheCacheIsNotChangedByTransforms()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 4, "a", "b"));
        SamplePipeline Pipeline(ImageCache? cache) =>
            new(small) { Transforms = [new RandomHorizontalFlip()], Seed = 3, Cache = cache };
        DataLoader plain = new(dataset, Pipeline(null)), cached = new(dataset, Pipeline(new ImageCache()));
        for (int epoch = 0; epoch < 3; epoch++) Assert.Equal(Read(plain, epoch)[0].Values, Read(cached, epoch)[0].Values);
    }

    [Fact]
    public void DecodingOnlyTheCropGivesTheWholeDecodesBytes()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(
            scratch.Draw("a/x.jpg", 1, 200, 160).Draw("a/y.jpg", 2, 33, 90).Draw("b/x.png", 3, 120, 70).Draw("b/y.jpg", 4, 9, 7));
        foreach (int minimumSide in (int[])[0, 40])
        {
            // with a cache the file is decoded whole; the last transform leaves another size than the network's
            SamplePipeline parts = SamplePipeline.Training(small, seed: 5) with { MinimumSide = minimumSide };
            parts = parts with { Transforms = [.. parts.Transforms, new RandomInvert(), new Pad(1)] };
            SamplePipeline whole = parts with { Cache = new ImageCache() };
            foreach (Sample sample in dataset.Samples)
                for (int epoch = 0; epoch < 20; epoch++)
                {
                    using Image one = parts.ReadImage(sample, epoch), other = whole.ReadImage(sample, epoch);
                    Assert.Equal(other.Rgb.ToArray(), one.Rgb.ToArray());
                }
        }
    }

    [Fact]
    public void LargePhotographsMayBeDecodedSmaller()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Draw("a/x.jpg", 1, 200, 160).Draw("b/x.png", 1, 200, 160));
        Preprocess asIs = small with { ResizeMode = ResizeMode.None, Height = 40, Width = 50 };
        SamplePipeline pipeline = new(asIs) { MinimumSide = 40, Cache = new ImageCache() };
        using Image jpeg = pipeline.ReadImage(dataset.Samples[0], 0), png = pipeline.ReadImage(dataset.Samples[1], 0);
        using Image whole = (pipeline with { MinimumSide = 0 }).ReadImage(dataset.Samples[0], 0);
        using Image quarter = ImageCodec.Load(dataset.Samples[0].Path, minimumSide: 40);
        using Image original = ImageCodec.Load(dataset.Samples[1].Path);
        Assert.Equal((50, 40), (quarter.Width, quarter.Height));
        Assert.Equal(quarter.Rgb.ToArray(), jpeg.Rgb.ToArray());
        using Image middle = original.Crop(75, 60, 50, 40);
        Assert.Equal(middle.Rgb.ToArray(), png.Rgb.ToArray());
        Assert.NotEqual(jpeg.Rgb.ToArray(), whole.Rgb.ToArray());
    }

    [Fact]
    public void OptionsAreChecked()
    {
        using ScratchFolder scratch = new();
        ImageDataset dataset = Open(scratch.Fill("", 2, "a", "b"));
        SamplePipeline pipeline = new(small);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(dataset, pipeline, new() { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(dataset, pipeline, new() { Prefetch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(dataset, pipeline, new() { Workers = -1 }));
        Assert.Throws<ArgumentException>(() => new DataLoader(new ImageDataset("none", [], ["a"]), pipeline));
        Assert.Throws<ArgumentException>(() => new ImageDataset("x", [new Sample("a", 2, 0)], ["a", "b"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(dataset, pipeline).Epoch(-1));
    }

    [Fact]
    public void HymenopteraComesWhole()
    {
        ImageFolder folder = ImageFolder.Open(SharedFiles.Require("data/hymenoptera"));
        DataLoader loader = new(folder.Validation!, new SamplePipeline(Preprocess.ImageNet(64)), new() { BatchSize = 38 });
        var batches = Read(loader);
        Assert.Equal([38, 38, 38, 39], batches.Select(batch => batch.Labels.Length)); // 153 = 4 x 38 + 1
        Assert.Equal(70, batches.Sum(batch => batch.Labels.Count(label => label == 0)));
        Assert.Equal(0, loader.BadImages.Count);
        Assert.InRange(batches.SelectMany(batch => batch.Values).Average(), -1, 1);
    }

    // A thread that was joined may be on its way out of the system's list for a moment.
    static int Threads()
    {
        int count = 0;
        for (int i = 0; i < 500; i++)
        {
            count = Directory.GetDirectories("/proc/self/task").Count(IsWorker);
            if (count == 0) break;
            Thread.Sleep(10);
        }
        return count;

        static bool IsWorker(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("graft data", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    sealed class SlowReader : ISampleReader
    {
        public Action? Started { get; set; }

        public int Height => 8;

        public int Width => 8;

        public void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format)
        {
            Started?.Invoke();
            Thread.Sleep(1);
            destination.Fill(sample.Index);
        }
    }

    sealed class FailingReader(Func<int, Exception?> failure) : ISampleReader
    {
        public int Height => 8;

        public int Width => 8;

        public void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format)
        {
            if (failure(sample.Index) is { } error) throw error;
            destination.Fill(sample.Index);
        }
    }
}
