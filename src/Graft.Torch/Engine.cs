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
    /// Sets the process up as a job wants it: <paramref name="threads"/> threads (0: all cores), denormal numbers flushed to zero on
    /// this thread (they cost a hundred times a normal number's time, and no model needs them).
    /// </summary>
    public static void Prepare(int threads = 0)
    {
        Threads = threads > 0 ? threads : Environment.ProcessorCount;
        Native.graft_set_flush_denormal(1);
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
