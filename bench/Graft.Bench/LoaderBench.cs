using System.Diagnostics;
using Graft.Data;
using Graft.Imaging;
using Graft.Torch;

namespace Graft.Bench;

/// <summary>Images a second through <see cref="DataLoader"/>; the peer is <c>peers/loader.py</c>.</summary>
static class LoaderBench
{
    /// <summary>
    /// Reads <c>DATA/train</c> as for training: random resized crop to 224, flip, AutoAugment if asked, normalise, batches of 32.
    /// </summary>
    public static object Run(string data, int workers, int epochs, bool autoAugment = false)
    {
        Engine.Prepare(1);
        ImageDataset dataset = ImageFolder.Open(data).Train ?? throw new DirectoryNotFoundException($"{data}: no train folder");
        SamplePipeline pipeline = SamplePipeline.Training(Preprocess.ImageNet(), seed: 0) with { IgnoreOrientation = true };
        if (autoAugment) pipeline = pipeline with { Transforms = [.. pipeline.Transforms, new AutoAugment()] };
        DataLoader loader = new(
            dataset, pipeline,
            new DataLoaderOptions
            {
                BatchSize = 32,
                Shuffle = true,
                Workers = workers,
                MemoryFormat = MemoryFormat.ChannelsLast,
            });
        int images = 0;
        long start = Stopwatch.GetTimestamp();
        for (int epoch = 0; epoch < epochs; epoch++)
            foreach (Batch batch in loader.Epoch(epoch))
                using (batch)
                    images += batch.Count;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new { images, seconds, images_per_second = images / seconds };
    }
}
