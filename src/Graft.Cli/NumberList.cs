namespace Graft.Cli;

/// <summary>What an option such as <c>224x224</c> holds. Not an array: the parser makes an empty one of a missing one.</summary>
sealed record NumberList(IReadOnlyList<int> Values);
