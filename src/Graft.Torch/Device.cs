using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>Where a tensor lives: <c>cpu</c>, or <c>cuda:N</c> where the linked libtorch has it.</summary>
public readonly record struct Device
{
    const int CudaType = 1;
    readonly int packed;

    Device(int packed) => this.packed = packed;

    /// <summary>Main memory.</summary>
    public static Device Cpu => default;

    /// <summary>The CUDA device of that index.</summary>
    public static Device Cuda(int index = 0) => new(CudaType * 256 + index + 1);

    /// <summary>How many CUDA devices the linked libtorch can use; 0 where it was built without CUDA.</summary>
    public static int CudaCount => Native.graft_cuda_device_count();

    /// <summary>The best device here: <c>cuda:0</c> where there is one, else <c>cpu</c>.</summary>
    public static Device Auto => CudaCount > 0 ? Cuda() : Cpu;

    /// <summary>Whether this is a CUDA device.</summary>
    public bool IsCuda => packed / 256 == CudaType;

    /// <summary>Whether this is main memory.</summary>
    public bool IsCpu => packed / 256 == 0;

    /// <summary>The index among devices of its kind; 0 for <c>cpu</c>.</summary>
    public int Index => Math.Max(0, packed % 256 - 1);

    internal long Packed => packed;

    internal static Device FromPacked(int packed) => packed / 256 == 0 ? default : new Device(packed);

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="ArgumentException">Another name, or a CUDA device that is not here.</exception>
    public static Device Parse(string name)
    {
        if (name == "auto") return Auto;
        if (name == "cpu") return Cpu;
        int index = 0;
        bool known = name == "cuda" ||
            (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out index) &&
                index is >= 0 and < 128);
        if (!known) throw new ArgumentException($"device '{name}': expected auto, cpu, cuda or cuda:N.");
        int count = CudaCount;
        if (index >= count)
            throw new ArgumentException(
                $"device '{name}': the linked libtorch ({Engine.LibtorchVersion}) sees {count} CUDA devices. Use --device cpu, " +
                "or point LIBTORCH at a CUDA build.");
        return Cuda(index);
    }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public override string ToString() => IsCuda ? $"cuda:{Index}" : IsCpu ? "cpu" : $"device {packed}";
}
