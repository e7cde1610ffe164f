using System.Runtime.Intrinsics.X86;

namespace Graft.Torch;

/// <summary>What this machine's processor can do beside what .NET tells.</summary>
public static class Processor
{
    const int Features = 7, AvxBFloat16 = 1 << 5, TileBFloat16 = 1 << 22;

    /// <summary>Whether it has instructions for products of bfloat16 vectors (AVX512_BF16).</summary>
    public static bool HasBFloat16 { get; } = Leaves >= Features && (X86Base.CpuId(Features, 1).Eax & AvxBFloat16) != 0;

    /// <summary>Whether it has instructions for products of bfloat16 matrices (AMX_BF16).</summary>
    public static bool HasBFloat16Tiles { get; } = Leaves >= Features && (X86Base.CpuId(Features, 0).Edx & TileBFloat16) != 0;

    static int Leaves => X86Base.IsSupported ? X86Base.CpuId(0, 0).Eax : 0;
}
