using System.Runtime.InteropServices;

namespace Graft.Data;

/// <summary>The scheduling priority of the calling thread. <see cref="Thread.Priority"/> does nothing on Linux.</summary>
static partial class ThreadNiceness
{
    const int ProcessPriority = 0; // PRIO_PROCESS; on Linux, 0 is the calling thread

    /// <summary>Makes the calling thread stand back; where the system can't, nothing happens.</summary>
    public static void Set(int niceness)
    {
        if (OperatingSystem.IsLinux()) setpriority(ProcessPriority, 0, niceness);
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint who, int priority);
}
