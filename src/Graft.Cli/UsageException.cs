namespace Graft.Cli;

/// <summary>The command line itself is wrong: reported with the way to the help, exit code 2.</summary>
sealed class UsageException(string message) : Exception(message);
