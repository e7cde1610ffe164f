namespace Graft.Cli;

/// <summary>What the program tells the shell.</summary>
static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    /// <summary>128 + SIGINT, as shells report a program stopped by Ctrl-C.</summary>
    public const int Cancelled = 130;
}
