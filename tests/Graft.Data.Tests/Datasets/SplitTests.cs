namespace Graft.Data.Tests;

public class SplitTests
{
    static Sample[] Samples(params int[] counts) =>
    [
        .. counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => (Label: label, I: i)))
            .Select((pair, index) => new Sample($"/x/{pair.Label}/{pair.I:0000}.jpg", pair.Label, index)),
    ];

    [Fact]
    public void EveryClassIsOnBothSides()
    {
        var (train, validation) = Split.Stratified(Samples(100, 10, 3, 2, 1), 0.2, seed: 1);
        Assert.Equal([80, 8, 2, 1, 1], Counts(train));
        Assert.Equal([20, 2, 1, 1], Counts(validation)); // the single image of the last class is for training
        Assert.Equal(116, train.Concat(validation).Select(sample => sample.Path).Distinct().Count());
        (train, validation) = Split.Stratified(Samples(100, 2), 0.99, seed: 1);
        Assert.Equal([1, 1], Counts(train));

        static int[] Counts(IReadOnlyList<Sample> samples) =>
            [.. samples.CountBy(sample => sample.Label).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
    }

    [Fact]
    public void TheSeedAloneDecides()
    {
        Sample[] samples = Samples(50, 30);
        IEnumerable<string> Drawn(IEnumerable<Sample> from, ulong seed) =>
            Split.Stratified([.. from], 0.2, seed).Validation.Select(sample => sample.Path).Order(StringComparer.Ordinal);
        Assert.Equal(Drawn(samples, 1), Drawn(samples.Reverse(), 1));
        Assert.NotEqual(Drawn(samples, 1), Drawn(samples, 2));
        IEnumerable<Sample> moved = samples.Select(sample => sample with { Path = "/elsewhere" + sample.Path });
        Assert.Equal(Drawn(samples, 1).Select(path => "/elsewhere" + path), Drawn(moved, 1));
    }

    [Fact]
    public void AnAddedImageMovesAtMostOneOther()
    {
        Sample[] samples = Samples(50);
        HashSet<string> before = [.. Split.Stratified(samples, 0.2, 3).Validation.Select(sample => sample.Path)];
        Sample[] more = [.. samples, new Sample("/x/0/new.jpg", 0, 50)];
        HashSet<string> after = [.. Split.Stratified(more, 0.2, 3).Validation.Select(sample => sample.Path)];
        Assert.InRange(before.Except(after).Count(), 0, 1);
    }

    [Fact]
    public void ImpossibleSharesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Stratified(Samples(5), 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Stratified(Samples(5), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Stratified(Samples(5), double.NaN, 1));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Split.Stratified(Samples(1, 1), 0.2, 1));
        Assert.Contains("nothing is left", error.Message);
    }
}
