using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>Which type a choice of precision comes to.</summary>
static class Precisions
{
    /// <summary>The type for a device; <see cref="PrecisionKind.Auto"/> is decided by the processor alone, so that the same
    /// machine always trains alike.</summary>
    /// <exception cref="ArgumentException">float16 on a CPU.</exception>
    public static DType On(PrecisionKind kind, Device device) => kind switch
    {
        PrecisionKind.Auto => device.IsCpu && Processor.HasBFloat16Tiles ? DType.BFloat16 : DType.Float32,
        PrecisionKind.Bf16 => DType.BFloat16,
        PrecisionKind.Fp16 when device.IsCpu => throw new ArgumentException(
            "precision fp16: expected a GPU, came cpu, whose products don't take float16. Use bf16 or fp32."),
        PrecisionKind.Fp16 => DType.Float16,
        _ => DType.Float32,
    };

    /// <summary>The same for a model: a TorchScript program has no layers of ours and stays float32.</summary>
    /// <exception cref="ArgumentException">float16 on a CPU.</exception>
    public static DType Of(PrecisionKind kind, Device device, ImageModel model, Action<string> note)
    {
        DType type = On(kind, device);
        if (type == DType.Float32 || model.Origin != Origin.TorchScript) return type;
        if (kind != PrecisionKind.Auto)
            note($"precision: a TorchScript network runs as it was saved; {NameOf(type)} does not apply");
        return DType.Float32;
    }

    /// <summary>The kind that a type is, without <see cref="PrecisionKind.Auto"/>.</summary>
    public static PrecisionKind KindOf(DType type) => type switch
    {
        DType.BFloat16 => PrecisionKind.Bf16,
        DType.Float16 => PrecisionKind.Fp16,
        _ => PrecisionKind.Fp32,
    };

    /// <summary><c>fp32</c>, <c>bf16</c> or <c>fp16</c>.</summary>
    public static string NameOf(DType type) => KindOf(type).ToString().ToLowerInvariant();
}
