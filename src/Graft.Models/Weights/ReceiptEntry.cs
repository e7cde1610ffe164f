using Graft.Formats;

namespace Graft.Models;

/// <summary>One line of a <see cref="Receipt"/>.</summary>
/// <param name="Status">what became of it</param>
/// <param name="Name">our name; null for what is only in the file</param>
/// <param name="Source">the file's name, or several with commas; null for what is not in the file</param>
/// <param name="Shape">our shape, or the file's for what is only there</param>
/// <param name="SourceShape">the file's shape, of several the first; null for what is not there</param>
/// <param name="SourceType">the file's element type; null for what is not there</param>
public sealed record ReceiptEntry(
    WeightStatus Status, string? Name, string? Source, IReadOnlyList<long> Shape, IReadOnlyList<long>? SourceShape,
    ElementType? SourceType)
{
    /// <summary>For a missing one: the name under which the file was to have it.</summary>
    /// <value>null: it is there</value>
    public string? Wanted { get; init; }

    /// <summary>For a missing one: names that only the file has and that may be meant, nearest first.</summary>
    /// <value>none</value>
    public IReadOnlyList<string> Nearest { get; init; } = [];

    /// <summary>One line for people.</summary>
    public override string ToString() => Status switch
    {
        WeightStatus.Renamed => $"renamed   {Name} [{Join(Shape)}] from {Source}",
        WeightStatus.Reshaped => $"reshaped  {Name} [{Join(Shape)}] from {Source} [{Join(SourceShape!)}]",
        WeightStatus.Joined => $"joined    {Name} [{Join(Shape)}] from {Source}",
        WeightStatus.Split => $"split     {Name} [{Join(Shape)}] from {Source} [{Join(SourceShape!)}]",
        WeightStatus.Adapted => $"adapted   {Name} [{Join(Shape)}] from {Source} [{Join(SourceShape!)}]",
        WeightStatus.Resampled => $"resampled {Name} [{Join(Shape)}] from {Source} [{Join(SourceShape!)}]",
        WeightStatus.Unused => $"unused    {Source} [{Join(Shape)}]",
        WeightStatus.Ignored => $"ignored   {Source ?? Name} [{Join(Shape)}]",
        WeightStatus.Missing when SourceShape is not null =>
            $"missing   {Name} [{Join(Shape)}] (the file's {Source} is [{Join(SourceShape)}])",
        WeightStatus.Missing => $"missing   {Name} [{Join(Shape)}]{(Wanted is null || Wanted == Name ? "" : $" as {Wanted}")}" +
            (Nearest.Count == 0 ? "" : $". Did the file mean it by {string.Join(" or ", Nearest)}?"),
        WeightStatus.Started when SourceShape is not null =>
            $"new       {Name} [{Join(Shape)}] (the file's is [{Join(SourceShape)}])",
        WeightStatus.Started => $"new       {Name} [{Join(Shape)}]",
        _ => $"matched   {Name} [{Join(Shape)}]",
    };

    static string Join(IReadOnlyList<long> shape) => string.Join(", ", shape);
}
