namespace Graft.Data.Tests;

public class ImageDatasetTests
{
    static ImageDataset Of(LabelKind kind, string[] classes, params float[][] targets) =>
        new("set", targets.Select((row, i) => new Sample($"{i}.png", 0, i) { Targets = row }), classes, kind);

    [Fact]
    public void SeveralLabelsAreCountedEach() =>
        Assert.Equal([2, 0, 3],
            Of(LabelKind.Multiple, ["a", "b", "c"], [1, 0, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0]).CountsByClass());

    [Fact]
    public void ClassesAreMatchedByName()
    {
        ImageDataset several = Of(LabelKind.Multiple, ["b", "a"], [1, 0], [0, 1]).WithClasses(["a", "b", "c"]);
        Assert.Equal([0, 1, 0], several.Samples[0].Targets!);
        Assert.Equal([1, 0, 0], several.Samples[1].Targets!);
        ImageDataset numbers = Of(LabelKind.Number, ["b", "a"], [1, 2]).WithClasses(["a", "b"]);
        Assert.Equal([2, 1], numbers.Samples[0].Targets!);
        Assert.Equal(LabelKind.Number, numbers.Kind);
        Assert.Contains("d", Assert.Throws<InvalidDataException>(
            () => Of(LabelKind.Multiple, ["d", "a"], [1, 0]).WithClasses(["a", "b"])).Message);
        Assert.Contains("only a", Assert.Throws<InvalidDataException>(
            () => Of(LabelKind.Number, ["a"], [1]).WithClasses(["a", "b"])).Message);
    }

    [Fact]
    public void TargetsFitTheirKind()
    {
        Assert.Throws<ArgumentException>(() => Of(LabelKind.Single, ["a", "b"], [1, 0]));
        Assert.Throws<ArgumentException>(() => Of(LabelKind.Multiple, ["a", "b"], [1, 0, 1]));
        Assert.Throws<ArgumentException>(() => Of(LabelKind.Multiple, ["a", "b"], [1, 2]));
        Assert.Throws<ArgumentException>(() => Of(LabelKind.Number, ["a"], [float.NaN]));
        Assert.Throws<ArgumentException>(() => new ImageDataset("set", [new Sample("x", 0, 0)], ["a"], LabelKind.Number));
        Assert.Equal(2.5f, Of(LabelKind.Number, ["a"], [2.5f]).Samples[0].Targets![0]);
    }

    [Fact]
    public void TheListingsHashKnowsTheTargets()
    {
        string hash = Of(LabelKind.Number, ["a"], [1], [2]).ListingHash();
        Assert.NotEqual(hash, Of(LabelKind.Number, ["a"], [1], [3]).ListingHash());
        Assert.Equal(hash, Of(LabelKind.Number, ["a"], [1], [2]).ListingHash());
        Assert.NotEqual(
            Of(LabelKind.Multiple, ["a", "b"], [1, 0]).ListingHash(), Of(LabelKind.Multiple, ["a", "b"], [1, 1]).ListingHash());
    }
}
