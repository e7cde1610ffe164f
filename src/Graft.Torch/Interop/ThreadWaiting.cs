using System.Runtime.CompilerServices;

namespace Graft.Torch.Interop;

/// <summary>How long libtorch's idle threads keep a core busy before they sleep.</summary>
static class ThreadWaiting
{
    /// <summary>About 50 microseconds, enough from one operator to the next.</summary>
    const string Spins = "1000";

    /// <summary>
    /// GNU OpenMP's threads spin for 300,000 turns (some 15 ms) when they have nothing to do, and take these cores from the threads
    /// that decode images and from every other process: on a busy machine a step costs up to three times the processor time. OpenMP
    /// reads the environment when it is loaded, which is with libtorch. What the user has set stays.
    /// </summary>
#pragma warning disable CA2255 // a module initializer is the one place that is sure to run before libtorch is loaded
    [ModuleInitializer]
    internal static void Limit()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null) return;
        Native.setenv("GOMP_SPINCOUNT", Spins, overwrite: 0);
    }
#pragma warning restore CA2255
}
