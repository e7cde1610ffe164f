using System.Runtime.InteropServices;
using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>The process-wide settings of libtorch: threads, seeds, versions.</summary>
public static unsafe class Engine
{
    /// <summary>The linked libtorch's version, such as <c>1.13.0</c>.</summary>
    public static string LibtorchVersion => Marshal.PtrToStringUTF8((nint)Native.graft_libtorch_version())!;

    /// <summary>Threads that one operator may use.</summary>
    /// <value>All cores, once <see cref="Prepare"/> ran; libtorch alone may start with 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static int Threads
    {
        get => Native.graft_threads();
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Native.graft_set_threads(value);
        }
    }

    /// <summary>
    /// Begins loading libtorch on another thread, since it takes a third of a second; the first operator waits for the rest of
    /// it. Load other native libraries before: the system's loader serves one at a time.
    /// </summary>
    public static void Preload() => new Thread(() => Native.graft_threads()) { IsBackground = true, Name = "libtorch" }.Start();

    /// <summary>
    /// Ends the process with that code, at once: libtorch's own leave-taking costs a tenth of a second and serves nothing.
    /// Console streams are flushed; nothing else of the process runs any more.
    /// </summary>
    public static void Exit(int code)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        Native.graft_exit_process(code);
    }

    /// <summary>Hands freed memory that is kept for the next step back to the system.</summary>
    public static void TrimMemory() => Native.graft_trim_memory();

    /// <summary>
    /// Sets the process up as a job wants it: <paramref name="threads"/> threads (0: all cores), denormal numbers flushed to zero
    /// on this thread (they cost a hundred times a normal number's time, and no model needs them), freed memory kept for the next
    /// step.
    /// </summary>
    public static void Prepare(int threads = 0)
    {
        Threads = threads > 0 ? threads : Environment.ProcessorCount;
        Native.graft_set_flush_denormal(1);
        Native.graft_keep_freed_memory();
    }

    /// <summary>
    /// Makes the calling thread stand back behind the others, as Unix's <c>nice</c> does: for threads that prepare work while
    /// others compute. It can't be taken back. <see cref="Thread.Priority"/> does nothing on Linux; on other systems this does
    /// nothing.
    /// </summary>
    /// <param name="niceness">1 (a little) to 19 (only what nobody else wants)</param>
    public static void StandBack(int niceness)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(niceness, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(niceness, 19);
        if (OperatingSystem.IsLinux()) Native.setpriority(0, 0, niceness);
    }

    /// <summary>Seeds libtorch's own generators, on every device (dropout and the random operators draw from them).</summary>
    public static void ManualSeed(ulong seed) => Native.Check(Native.graft_manual_seed(seed), "manual_seed");

    /// <summary>The state of the CPU's generator, to be given back to <see cref="SetGeneratorState"/> after a resume.</summary>
    public static byte[] GeneratorState()
    {
        using Tensor state = Tensor.Adopt(Native.Check(Native.graft_generator_state(), "generator state"), inScope: false);
        return state.ToArray<byte>();
    }

    /// <summary>Restores what <see cref="GeneratorState"/> gave.</summary>
    /// <exception cref="TorchException">The bytes are no state of this libtorch's generator.</exception>
    public static void SetGeneratorState(ReadOnlySpan<byte> state)
    {
        using Tensor tensor = Tensor.FromSpan(state, [state.Length]);
        tensor.LeaveScope();
        Native.Check(Native.graft_set_generator_state(tensor.Handle), "generator state");
    }
}
