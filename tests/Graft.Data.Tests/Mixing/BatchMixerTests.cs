using System.Text.Json;
using Graft.Imaging;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Data.Tests;

public class BatchMixerTests
{
    static readonly JsonElement golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFiles.Repository, "tests", "Graft.Data.Tests", "Golden", "mixing.json"))).RootElement;

    static float[] Floats(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetSingle())];

    static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, golden.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ImagesAndLabelsAreTheReferences(int number)
    {
        JsonElement item = golden.GetProperty("cases")[number];
        int[] shape = Ints(item.GetProperty("shape")), labels = Ints(item.GetProperty("labels"));
        double lambda = item.GetProperty("lambda").GetDouble();
        Mix mix = Mix.MixUp(lambda);
        if (item.GetProperty("kind").GetString() == "cutmix")
        {
            int[] centre = Ints(item.GetProperty("centre"));
            mix = Mix.CutMix(lambda, shape[2], shape[3], centre[0], centre[1]);
            Assert.Equal(Ints(item.GetProperty("box")), new[] { mix.Top, mix.Bottom, mix.Left, mix.Right });
        }
        Assert.Equal(item.GetProperty("share").GetDouble(), mix.Lambda, 1e-12);
        foreach (bool channelsLast in new[] { false, true })
        {
            using var scope = new TensorScope();
            Tensor images = Tensor.FromArray(Floats(item.GetProperty("images")), [.. shape.Select(size => (long)size)]);
            if (channelsLast) images = images.Contiguous(MemoryFormat.ChannelsLast);
            BatchMixer.MixImages(images, mix);
            float[] expected = Floats(item.GetProperty("mixed")), mixed = images.Contiguous().ToArray<float>();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], mixed[i], 1e-5f);
        }
        BatchMixer mixer = new(item.GetProperty("classes").GetInt32(), seed: 0)
        {
            LabelSmoothing = item.GetProperty("smoothing").GetDouble(),
        };
        using Tensor targets = mixer.MixLabels(labels, mix);
        Assert.Equal([labels.Length, mixer.Classes], targets.Shape);
        float[] wanted = Floats(item.GetProperty("targets")), given = targets.ToArray<float>();
        for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], given[i], 1e-6f);
    }

    [Fact]
    public void LambdaIsBetaDistributed()
    {
        const int Draws = 4000;
        foreach (JsonElement item in golden.GetProperty("betas").EnumerateArray())
        {
            double alpha = item.GetProperty("alpha").GetDouble();
            BatchMixer mixer = new(2, seed: 11) { MixUpAlpha = alpha };
            double[] drawn = [.. Enumerable.Range(0, Draws).Select(batch => mixer.Draw(0, batch, 8, 8).Lambda)];
            float[] at = Floats(item.GetProperty("at")), below = Floats(item.GetProperty("below"));
            for (int i = 0; i < at.Length; i++)
            {
                double share = drawn.Count(value => value <= at[i]) / (double)Draws;
                Assert.InRange(share, below[i] - 0.026, below[i] + 0.026); // Kolmogorov's bound at 1% for 4,000 draws
            }
        }
    }

    [Fact]
    public void ATinyAlphaGivesNumbersInRange()
    {
        BatchMixer mixer = new(2, seed: 1) { MixUpAlpha = 1e-3 };
        double[] drawn = [.. Enumerable.Range(0, 500).Select(batch => mixer.Draw(0, batch, 8, 8).Lambda)];
        Assert.All(drawn, value => Assert.InRange(value, 0, 1));
        Assert.InRange(drawn.Average(), 0.4, 0.6);
    }

    [Fact]
    public void DrawsAreKeyedBySeedEpochAndBatch()
    {
        BatchMixer mixer = new(3, seed: 5) { MixUpAlpha = 0.4, CutMixAlpha = 1 }, same = new(3, seed: 5)
        {
            MixUpAlpha = 0.4,
            CutMixAlpha = 1,
        };
        Mix[] first = [.. Enumerable.Range(0, 20).Select(batch => mixer.Draw(2, batch, 32, 24))];
        Assert.Equal(first.Reverse(), Enumerable.Range(0, 20).Reverse().Select(batch => same.Draw(2, batch, 32, 24)));
        Assert.Equal(20, first.Distinct().Count());
        Assert.NotEqual(first[0], mixer.Draw(3, 0, 32, 24));
        Assert.NotEqual(first[0], new BatchMixer(3, seed: 6) { MixUpAlpha = 0.4, CutMixAlpha = 1 }.Draw(2, 0, 32, 24));
    }

    [Fact]
    public void ProbabilitiesDecideWhatIsDone()
    {
        int Count(BatchMixer mixer, MixKind kind) =>
            Enumerable.Range(0, 1000).Count(batch => mixer.Draw(0, batch, 32, 32).Kind == kind);

        Assert.Equal(1000, Count(new(2, 0), MixKind.None));
        Assert.Equal(1000, Count(new(2, 0) { MixUpAlpha = 1 }, MixKind.MixUp));
        Assert.InRange(Count(new(2, 0) { CutMixAlpha = 1 }, MixKind.CutMix), 950, 1000); // a box may be empty
        BatchMixer both = new(2, 0) { MixUpAlpha = 1, CutMixAlpha = 1, Probability = 0.5, SwitchProbability = 0.2 };
        Assert.InRange(Count(both, MixKind.MixUp), 350, 450);
        Assert.InRange(Count(both, MixKind.CutMix), 60, 140);
    }

    [Fact]
    public void TargetsOfSeveralLabelsAreMixedByTheirShare()
    {
        using Tensor targets = Tensor.FromArray<float>([1, 1, 0, 0, 0, 1], [2, 3]);
        BatchMixer.MixTargets(targets, new Mix(MixKind.CutMix, 0.75, 0, 2, 0, 2));
        Assert.Equal([0.75f, 0.75f, 0.25f, 0.25f, 0.25f, 0.75f], targets.ToArray<float>());
    }

    [Fact]
    public void NothingLeaks()
    {
        BatchMixer mixer = new(4, seed: 3) { MixUpAlpha = 0.5, CutMixAlpha = 1 };
        using Tensor images = Tensor.Ones([4, 3, 8, 8]);
        long before = Tensor.LiveCount;
        for (int batch = 0; batch < 8; batch++)
        {
            Mix mix = mixer.Draw(0, batch, 8, 8);
            BatchMixer.MixImages(images, mix);
            using Tensor targets = mixer.MixLabels([0, 1, 2, 3], mix);
            Assert.Equal(4f, targets.ToArray<float>().Sum(), 1e-5f);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using Tensor features = Tensor.Ones([4, 8]);
        Assert.Throws<ArgumentException>(() => BatchMixer.MixImages(features, new Mix(MixKind.CutMix, 0.5, 0, 1, 0, 1)));
        Assert.Throws<ArgumentException>(() => new BatchMixer(2, 0).MixLabels([0, 2], Mix.None));
    }
}
