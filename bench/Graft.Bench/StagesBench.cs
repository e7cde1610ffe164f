using Graft.Data;
using Graft.Imaging;

namespace Graft.Bench;

/// <summary>Milliseconds of CPU time an image of each stage of the way from a file to a network's input, on one thread.</summary>
static class StagesBench
{
    const int Rounds = 5;

    /// <summary>Over all images of <c>DATA/train</c>, which are read beforehand; of the rounds, the least mean counts.</summary>
    public static object Run(string data)
    {
        ImageDataset dataset = ImageFolder.Open(data).Train ?? throw new DirectoryNotFoundException($"{data}: no train folder");
        byte[][] files = [.. dataset.Samples.Select(sample => File.ReadAllBytes(sample.Path))];
        Image[] images = [.. files.Select(file => ImageCodec.Decode(file, ignoreOrientation: true))];
        Preprocess preprocess = Preprocess.ImageNet();
        IImageTransform crop = new RandomResizedCrop(224, 224);
        Image[] crops = [.. images.Select((image, i) => Changed(crop, image, i))];
        float[] values = new float[3 * 224 * 224];
        Dictionary<string, double> least = [];
        void Measure(string name, Action<int> stage)
        {
            double best = double.PositiveInfinity;
            for (int round = 0; round < Rounds; round++)
            {
                TimeSpan start = Environment.CpuUsage.TotalTime;
                for (int i = 0; i < files.Length; i++) stage(i);
                best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds / files.Length);
            }
            least[name] = best;
        }
        Measure("decode", i => ImageCodec.Decode(files[i], ignoreOrientation: true).Dispose());
        Measure("random resized crop", i => Changed(crop, images[i], i).Dispose());
        Measure("flip", i => RandomHorizontalFlip.Flip(crops[i]).Dispose());
        foreach (IImageTransform policy in (IImageTransform[])[new AutoAugment(), new RandAugment(), new TrivialAugmentWide(),
            new AugMix()])
            Measure(policy.GetType().Name, i =>
            {
                Image changed = Changed(policy, crops[i], i);
                if (changed != crops[i]) changed.Dispose();
            });
        Measure("fastai", i => Changed(new FastaiAugmentation(224, 224), images[i], i).Dispose());
        Measure("normalise", i => preprocess.Normalize(crops[i], values));
        Measure("normalise, channels last", i => preprocess.NormalizeInterleaved(crops[i], values));
        return least;
    }

    static Image Changed(IImageTransform transform, Image image, int sample)
    {
        SampleRandom random = new(0, 0, (ulong)sample);
        return transform.Apply(image, ref random);
    }
}
