namespace Graft.Data.Tests;

public class SubsetTests
{
    static ImageDataset Classes(params int[] counts)
    {
        int index = 0;
        return new ImageDataset(
            "train",
            counts.SelectMany((count, label) => Enumerable.Range(0, count)
                .Select(i => new Sample($"{label}/{i:000}.png", label, index++))).ToArray(),
            [.. counts.Select((_, label) => $"class {label}")]);
    }

    static HashSet<string> Names(ImageDataset set) => [.. set.Samples.Select(sample => sample.Name)];

    [Fact]
    public void EachClassGivesItsShots()
    {
        ImageDataset all = Classes(20, 3, 9);
        Assert.Equal([5, 3, 5], Subset.Shots(all, 5, seed: 1).CountsByClass());
        Assert.Equal([1, 1, 1], Subset.Shots(all, 1, seed: 1).CountsByClass());
        Assert.Equal(0, Subset.Shots(all, 1, seed: 1).Samples[0].Index);
        Assert.NotEqual(Names(Subset.Shots(all, 1, seed: 1)), Names(Subset.Shots(all, 1, seed: 3)));
    }

    [Fact]
    public void FewerShotsAreWithinMore()
    {
        ImageDataset all = Classes(20, 3, 9);
        for (int shots = 1; shots < 10; shots++)
            Assert.Subset(Names(Subset.Shots(all, shots + 1, seed: 7)), Names(Subset.Shots(all, shots, seed: 7)));
        for (int limit = 1; limit < 32; limit++)
            Assert.Subset(Names(Subset.Limit(all, limit + 1, seed: 7)), Names(Subset.Limit(all, limit, seed: 7)));
    }

    [Fact]
    public void ShotsOfSeveralLabelsCountForEach()
    {
        float[][] targets = [[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 0, 1]];
        ImageDataset all = new(
            "train", targets.Select((row, i) => new Sample($"{i}.png", 0, i) { Targets = row }), ["a", "b", "c"],
            LabelKind.Multiple);
        ImageDataset previous = Subset.Shots(all, 1, seed: 3);
        Assert.All(previous.CountsByClass(), count => Assert.True(count >= 1));
        Assert.True(previous.Count <= 3);
        for (int shots = 2; shots < 5; shots++)
        {
            ImageDataset more = Subset.Shots(all, shots, seed: 3);
            Assert.Subset(Names(more), Names(previous));
            Assert.All(more.CountsByClass().Zip(all.CountsByClass()),
                pair => Assert.True(pair.First >= Math.Min(shots, pair.Second)));
            previous = more;
        }
    }

    [Fact]
    public void ALimitKeepsTheClassesShares()
    {
        ImageDataset all = Classes(60, 30, 10);
        Assert.Equal([12, 6, 2], Subset.Limit(all, 20, seed: 0).CountsByClass());
        Assert.Same(all, Subset.Limit(all, 1000, seed: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Subset.Limit(all, 0, seed: 0));
    }

    [Fact]
    public void NumbersHaveNoShots()
    {
        ImageDataset all = new("train", [new Sample("a", 0, 0) { Targets = [1] }], ["size"], LabelKind.Number);
        Assert.Contains("limit", Assert.Throws<InvalidDataException>(() => Subset.Shots(all, 1, seed: 0)).Message);
    }
}
