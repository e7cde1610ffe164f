namespace Graft;

/// <summary>The type in which layers multiply; weights, sums, normalisations, heads and losses are float32 with all of
/// them.</summary>
public enum PrecisionKind
{
    /// <summary>bfloat16 on CPUs with matrix tiles for it (AMX), where it was measured faster for every family; else float32.
    /// On GPUs float32, until it has been measured there.</summary>
    Auto,

    /// <summary>float32.</summary>
    Fp32,

    /// <summary>bfloat16: float32's range, 8 bits of mantissa.</summary>
    Bf16,

    /// <summary>float16 with scaled losses: 11 bits of mantissa, a small range. GPUs only.</summary>
    Fp16,
}
