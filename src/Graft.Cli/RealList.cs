namespace Graft.Cli;

/// <summary>What an option such as <c>0.9,0.99</c> holds. Not an array: the parser makes an empty one of a missing one.</summary>
sealed record RealList(IReadOnlyList<double> Values);
