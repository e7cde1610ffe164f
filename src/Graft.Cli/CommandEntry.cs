namespace Graft.Cli;

/// <summary>A verb of the command line. Its command is made only when it is asked for, so that starting stays fast.</summary>
sealed record CommandEntry(string Name, string Summary, Func<GraftCommand> Create);
