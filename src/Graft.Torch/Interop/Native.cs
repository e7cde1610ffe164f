using System.Runtime.InteropServices;

[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace Graft.Torch.Interop;

/// <summary>A tagged value as <c>graft.h</c> lays it out: 16 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
struct NativeValue
{
    [FieldOffset(0)] public ValueTag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Number;
    [FieldOffset(8)] public nint Pointer;
}

/// <summary>What a <see cref="NativeValue"/> holds; the numbers of <c>enum graft_tag</c>.</summary>
enum ValueTag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    String = 5,
    IntList = 6,
    DoubleList = 7,
    BoolList = 8,
    TensorList = 9,
    OptionalTensorList = 10,
    Device = 11,
    ScalarList = 12,
}

/// <summary>The functions of <c>native/torch/graft.h</c>, one to one. The only P/Invoke of this project.</summary>
static unsafe partial class Native
{
    const string Library = "graft_torch";

    [LibraryImport(Library)] internal static partial byte* graft_last_error();
    [LibraryImport(Library)] internal static partial byte* graft_libtorch_version();

    [LibraryImport(Library)] internal static partial nint graft_operator_find(byte* name, byte* overload);
    [LibraryImport(Library)] internal static partial int graft_operator_schema(nint op, byte* buffer, int capacity);

    [LibraryImport(Library)]
    internal static partial int graft_call(
        nint op, NativeValue* arguments, int argumentCount, NativeValue* results, int capacity);

    [LibraryImport(Library)] internal static partial void graft_free(nint memory);

    [LibraryImport(Library)] internal static partial void graft_tensor_release(nint tensor);
    [LibraryImport(Library)] internal static partial nint graft_tensor_share(nint tensor);
    [LibraryImport(Library)] internal static partial nint graft_tensor_data(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long graft_tensor_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int graft_tensor_sizes(nint tensor, long* sizes, int capacity);
    [LibraryImport(Library)] internal static partial int graft_tensor_strides(nint tensor, long* strides, int capacity);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int graft_tensor_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int graft_tensor_device(nint tensor);
    [LibraryImport(Library)] internal static partial int graft_tensor_is_contiguous(nint tensor, int memoryFormat);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int graft_tensor_is_same(nint a, nint b);

    [LibraryImport(Library)]
    internal static partial nint graft_tensor_from_memory(
        void* data, long* sizes, int rank, int dtype, delegate* unmanaged<nint, void> released, nint context);

    [LibraryImport(Library), SuppressGCTransition] internal static partial int graft_tensor_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int graft_tensor_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int graft_tensor_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial nint graft_tensor_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int graft_tensor_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int graft_backward(nint output, nint gradOutput, int retainGraph);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int graft_grad_mode();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void graft_set_grad_mode(int enabled);

    [LibraryImport(Library)] internal static partial nint graft_script_load(byte* path);
    [LibraryImport(Library)] internal static partial void graft_script_release(nint script);
    [LibraryImport(Library)] internal static partial int graft_script_save(nint script, byte* path);
    [LibraryImport(Library)] internal static partial nint graft_script_forward(nint script, nint input);
    [LibraryImport(Library)] internal static partial int graft_script_set_mode(nint script, int training, int keepStatistics);
    [LibraryImport(Library)] internal static partial int graft_script_count(nint script);
    [LibraryImport(Library)] internal static partial byte* graft_script_name(nint script, int index);
    [LibraryImport(Library)] internal static partial int graft_script_is_buffer(nint script, int index);
    [LibraryImport(Library)] internal static partial nint graft_script_get(nint script, int index);
    [LibraryImport(Library)] internal static partial int graft_script_set(nint script, int index, nint value);
    [LibraryImport(Library)] internal static partial nint graft_script_with_head(nint body, nint weight, nint bias);

    [LibraryImport(Library)] internal static partial int graft_threads();
    [LibraryImport(Library)] internal static partial void graft_set_threads(int count);
    [LibraryImport(Library)] internal static partial void graft_set_flush_denormal(int enabled);
    [LibraryImport(Library)] internal static partial void graft_keep_freed_memory();
    [LibraryImport(Library)] internal static partial void graft_trim_memory();
    [LibraryImport(Library)] internal static partial void graft_exit_process(int code);
    [LibraryImport(Library)] internal static partial int graft_cuda_device_count();
    [LibraryImport(Library)] internal static partial int graft_manual_seed(ulong seed);
    /// <summary>POSIX. On Linux, kind 0 and id 0 mean the calling thread.</summary>
    [LibraryImport("libc")] internal static partial int setpriority(int kind, uint id, int niceness);

    [LibraryImport(Library)] internal static partial nint graft_generator_state();
    [LibraryImport(Library)] internal static partial int graft_set_generator_state(nint state);

    /// <summary>The calling thread's last native failure, as libtorch worded it, without its C++ trace.</summary>
    internal static string LastError() => Marshal.PtrToStringUTF8((nint)graft_last_error()) ?? "unknown native error";

    /// <summary>Throws <see cref="TorchException"/> where a native call failed.</summary>
    internal static void Check(int status, string doing)
    {
        if (status < 0) throw new TorchException($"{doing}: {LastError()}");
    }

    /// <summary>Throws <see cref="TorchException"/> where a native call gave no handle.</summary>
    internal static nint Check(nint handle, string doing) =>
        handle != 0 ? handle : throw new TorchException($"{doing}: {LastError()}");
}
