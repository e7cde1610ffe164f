using System.Runtime.InteropServices;

namespace Graft.Cli;

/// <summary>Where a command writes to, and how it learns that it is to stop.</summary>
sealed class CommandContext(TextWriter output, TextWriter error) : IDisposable
{
    readonly List<PosixSignalRegistration> signals = [];
    CancellationTokenSource? cancellation;

    /// <summary>Results. With <c>--format json</c> nothing but JSON.</summary>
    public TextWriter Output => output;

    /// <summary>Progress, notes, warnings.</summary>
    public TextWriter Error => error;

    /// <summary>Whether <see cref="Error"/> is a terminal, on which a line may be drawn over.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The width of that terminal in characters.</summary>
    public int TerminalWidth => ErrorIsTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : 100;

    public bool Verbose { get; init; }

    /// <summary>Whether libtorch was loaded, and so how the process is best left.</summary>
    public bool UsesTorch { get; set; }

    /// <summary>The whole command line as typed, for the record in a run's folder.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>
    /// Cancelled by the first Ctrl-C or SIGTERM; the second one ends the program at once. Signals are listened to from
    /// the first use of this property on.
    /// </summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (cancellation is null)
            {
                cancellation = new CancellationTokenSource();
                signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
                signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
            }
            return cancellation.Token;
        }
    }

    void Stop(PosixSignalContext signal)
    {
        if (cancellation!.IsCancellationRequested) return;
        signal.Cancel = true;
        // the work may take a moment to come to a good place
        error.WriteLine();
        error.WriteLine("graft: stopping (again to stop at once)");
        error.Flush();
        cancellation.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals) signal.Dispose();
        cancellation?.Dispose();
    }
}
