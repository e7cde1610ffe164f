namespace Graft.Cli;

/// <summary>The value of an option such as <c>224x224</c>. Not an array: the parser would make an empty one of a missing one.</summary>
sealed record NumberList(IReadOnlyList<int> Values);
