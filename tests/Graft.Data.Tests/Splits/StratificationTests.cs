using Graft.Imaging;

namespace Graft.Data.Tests;

public class StratificationTests
{
    // Labels of very different frequencies, drawn independently.
    static ImageDataset Several(int count, params double[] frequencies)
    {
        SampleRandom random = new(11, 0, 0);
        List<Sample> samples = [];
        for (int i = 0; i < count; i++)
        {
            float[] targets = new float[frequencies.Length];
            for (int k = 0; k < targets.Length; k++) targets[k] = random.NextDouble() < frequencies[k] ? 1 : 0;
            samples.Add(new Sample($"/x/{i:0000}.png", 0, i) { Name = $"{i:0000}.png", Targets = targets });
        }
        string[] classes = [.. frequencies.Select((_, k) => $"label {k}")];
        return new ImageDataset("set", samples, classes, LabelKind.Multiple);
    }

    static ImageDataset Numbers(params float[] values) => new(
        "set", values.Select((value, i) => new Sample($"/x/{i:0000}.png", 0, i) { Targets = [value] }), ["size"],
        LabelKind.Number);

    [Fact]
    public void EachLabelKeepsItsShare()
    {
        ImageDataset all = Several(500, 0.5, 0.2, 0.05, 0.01, 0.02);
        (ImageDataset train, ImageDataset validation) = all.Split(0.2, seed: 5);
        Assert.Equal(500, train.Count + validation.Count);
        Assert.InRange(validation.Count, 95, 105);
        int[] whole = all.CountsByClass(), held = validation.CountsByClass();
        for (int k = 0; k < whole.Length; k++) Assert.InRange(held[k], 0.2 * whole[k] - 1, 0.2 * whole[k] + 1);
        Assert.Equal(LabelKind.Multiple, train.Kind);
    }

    [Fact]
    public void FoldsOfSeveralLabelsAreAlike()
    {
        ImageDataset all = Several(300, 0.4, 0.1, 0.03);
        int[] folds = Split.Folds(all, 5, seed: 1), whole = all.CountsByClass();
        for (int fold = 0; fold < 5; fold++)
        {
            ImageDataset one = all.With("fold", all.Samples.Where(sample => folds[sample.Index] == fold));
            Assert.InRange(one.Count, 56, 64);
            int[] its = one.CountsByClass();
            for (int k = 0; k < whole.Length; k++) Assert.InRange(its[k], whole[k] / 5.0 - 1.5, whole[k] / 5.0 + 1.5);
        }
    }

    [Fact]
    public void TheOrderOfTheRowsDoesNotMatter()
    {
        ImageDataset all = Several(100, 0.5, 0.2, 0.05);
        ImageDataset reversed = all.With("set", all.Samples.Reverse());
        IEnumerable<string> Held(ImageDataset set, ulong seed) =>
            set.Split(0.25, seed).Validation.Samples.Select(sample => sample.Name).Order(StringComparer.Ordinal);
        Assert.Equal(Held(all, 3), Held(reversed, 3));
        Assert.NotEqual(Held(all, 3), Held(all, 4));
    }

    [Fact]
    public void NumbersAreSpreadByTheirQuantiles()
    {
        // 90 small numbers and 10 large ones
        ImageDataset all = Numbers(
            [.. Enumerable.Range(0, 90).Select(i => i / 100f), .. Enumerable.Range(0, 10).Select(i => 1000f + i)]);
        for (ulong seed = 0; seed < 5; seed++)
        {
            ImageDataset held = all.Split(0.2, seed).Validation;
            Assert.Equal(20, held.Count);
            Assert.Equal(2, held.Samples.Count(sample => sample.Targets![0] >= 1000));
        }
        int[] folds = Split.Folds(all, 5, seed: 2);
        for (int fold = 0; fold < 5; fold++)
            Assert.Equal(2, all.Samples.Count(sample => folds[sample.Index] == fold && sample.Targets![0] >= 1000));
    }

    [Fact]
    public void EqualNumbersAndFewImagesCanBeSplit()
    {
        (ImageDataset train, ImageDataset validation) = Numbers(7, 7, 7, 7, 7).Split(0.2, seed: 0);
        Assert.Equal((4, 1), (train.Count, validation.Count));
        (train, validation) = Numbers(1, 2).Split(0.1, seed: 0);
        Assert.Equal((1, 1), (train.Count, validation.Count));
        Assert.Throws<InvalidDataException>(() => Numbers(1).Split(0.2, seed: 0));
    }

    [Fact]
    public void FoldsOfClassesAreStratified()
    {
        ImageDataset all = new(
            "set", Enumerable.Range(0, 47).Select(i => new Sample($"{i:000}.png", i < 30 ? 0 : i < 44 ? 1 : 2, i)),
            ["a", "b", "c"]);
        int[] folds = Split.Folds(all, 4, seed: 9);
        for (int fold = 0; fold < 4; fold++)
        {
            int[] counts = all.With("fold", all.Samples.Where(sample => folds[sample.Index] == fold)).CountsByClass();
            Assert.InRange(counts[0], 7, 8);
            Assert.InRange(counts[1], 3, 4);
            Assert.InRange(counts[2], 0, 1);
            Assert.InRange(counts.Sum(), 11, 12);
        }
        Assert.Throws<InvalidDataException>(() => Split.Folds(all, 48, seed: 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Folds(all, 1, seed: 9));
    }
}
