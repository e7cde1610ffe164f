using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Torch.Interop;

/// <summary>Settings of the OpenMP runtime that libtorch computes with, which it reads only while it is loaded.</summary>
static partial class OpenMp
{
    /// <summary>
    /// Idle compute threads sleep instead of spinning: the decoding threads of a loader need the very same cores. On a busy
    /// machine a training step took less than half the time. What the user has set in the environment stays.
    /// </summary>
#pragma warning disable CA2255 // it must happen before libtorch is loaded, whoever touches it first
    [ModuleInitializer]
    internal static void SleepWhenIdle() => setenv("OMP_WAIT_POLICY", "passive", 0);
#pragma warning restore CA2255

    // .NET keeps its own copy of the environment: Environment.SetEnvironmentVariable would not reach the C runtime.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
