using System.Runtime.InteropServices;
using System.Text;
using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>
/// A TorchScript module: a network together with its program, which libtorch interprets. Its parameters and buffers can be taken
/// out and replaced, by tensors of other shapes too. Opening one trusts its program: it may use any operator of libtorch.
/// </summary>
public sealed unsafe class ScriptModule : IDisposable
{
    nint handle;

    ScriptModule(nint handle)
    {
        this.handle = handle;
        ScriptTensor[] tensors = new ScriptTensor[Native.graft_script_count(handle)];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = new ScriptTensor(
                i, Marshal.PtrToStringUTF8((nint)Native.graft_script_name(handle, i)) ?? "",
                Native.graft_script_is_buffer(handle, i) != 0);
        Tensors = tensors;
    }

    /// <summary>A backstop only.</summary>
    ~ScriptModule() => Free();

    /// <summary>Its parameters and buffers, in the order of its layers; those that layers share stand once.</summary>
    public IReadOnlyList<ScriptTensor> Tensors { get; }

    nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(ScriptModule));

    /// <summary>Loads a file of <c>torch.jit.save</c> onto the CPU.</summary>
    /// <exception cref="TorchException">It is damaged, or needs operators that this libtorch does not have.</exception>
    public static ScriptModule Open(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
            return new ScriptModule(Native.Check(Native.graft_script_load(name), path));
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="TorchException">It takes other inputs, gives no tensor, or fails.</exception>
    public Tensor Forward(Tensor input) =>
        Tensor.Adopt(Native.Check(Native.graft_script_forward(Handle, input.Handle), "forward"));

    /// <summary>Training or evaluation, for all its layers.</summary>
    /// <param name="training">whether dropout drops and batch norms use the batch</param>
    /// <param name="keepStatistics">whether layers with running statistics stay in evaluation mode</param>
    public void SetMode(bool training, bool keepStatistics = false) =>
        Native.Check(Native.graft_script_set_mode(Handle, training ? 1 : 0, keepStatistics ? 1 : 0), "train");

    /// <summary>Another handle to a parameter or buffer.</summary>
    public Tensor Get(ScriptTensor tensor) =>
        Tensor.Adopt(Native.Check(Native.graft_script_get(Handle, tensor.Index), tensor.Name));

    /// <summary>Puts another tensor, of any shape, in the place of a parameter or buffer.</summary>
    public void Set(ScriptTensor tensor, Tensor value) =>
        Native.Check(Native.graft_script_set(Handle, tensor.Index, value.Handle), tensor.Name);

    /// <summary>Saves it as <c>torch.jit.save</c> does.</summary>
    /// <exception cref="TorchException">It cannot be written.</exception>
    public void Save(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
            Native.Check(Native.graft_script_save(Handle, name), path);
    }

    /// <summary>
    /// A module of two: <c>body</c>, which is this one and shares its tensors, and <c>head</c>, a linear layer over its output,
    /// which is averaged over height and width where it is a map.
    /// </summary>
    /// <param name="weight"><c>[K, D]</c></param>
    /// <param name="bias"><c>[K]</c></param>
    public ScriptModule WithHead(Tensor weight, Tensor bias) =>
        new(Native.Check(Native.graft_script_with_head(Handle, weight.Handle, bias.Handle), "with head"));

    /// <summary>Frees it; tensors that were taken out live on.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        nint freed = Interlocked.Exchange(ref handle, 0);
        if (freed != 0) Native.graft_script_release(freed);
    }
}
