using Graft.Data;
using Graft.Torch;

namespace Graft.Training.Tests;

public class FeaturesTests
{
    [Fact]
    public void Standardised_features_have_mean_0_and_deviation_1()
    {
        using var blobs = new Blobs();
        Features features = blobs.Sample(40, seed: 3);
        for (int i = 0; i < features.Count; i++) features.Row(i)[0] = 7; // no spread: only the mean goes
        (float[] mean, float[] deviation) = features.Statistics();
        Assert.Equal(7, mean[0], 1e-6);
        Assert.Equal(1, deviation[0]);
        features.Standardise(mean, deviation);
        (float[] after, float[] spread) = features.Statistics();
        for (int d = 0; d < features.Width; d++)
        {
            Assert.Equal(0, after[d], 1e-5);
            Assert.Equal(1, spread[d], 1e-5);
        }
        Assert.All(Enumerable.Range(0, features.Count), i => Assert.Equal(0, features.Row(i)[0]));
    }

    [Fact]
    public void An_epoch_has_every_sample_once_with_its_label_and_name()
    {
        using var blobs = new Blobs();
        Features features = blobs.Sample(37, seed: 3);
        var source = new FeatureSource(features, 8, new ShuffledSampler(37, seed: 1));
        Assert.Equal(5, source.BatchCount);
        List<string> names = [];
        foreach (StepBatch batch in source.Epoch(4, cancellation: TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                long[] labels = batch.Labels.ToArray<long>();
                float[] rows = batch.Inputs.ToArray<float>();
                for (int i = 0; i < batch.Count; i++)
                {
                    int at = int.Parse(batch.Names[i].Split(' ')[1]);
                    Assert.Equal(features.Labels[at], batch.LabelValues[i]);
                    Assert.Equal(features.Labels[at], labels[i]);
                    Assert.Equal(features.Row(at).ToArray(), rows[(i * features.Width)..((i + 1) * features.Width)]);
                }
                names.AddRange(batch.Names);
            }
        }
        Assert.Equal(features.Names.Order(), names.Order());
        Assert.NotEqual(features.Names, names);
    }

    [Fact]
    public void Computing_features_leaves_no_tensor_behind()
    {
        using var blobs = new Blobs();
        FeatureSource source = blobs.Source(20, seed: 1);
        long before = Tensor.LiveCount;
        Features twice = Features.Compute(source, blobs.Width, x => x * 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(20, twice.Count);
    }
}
