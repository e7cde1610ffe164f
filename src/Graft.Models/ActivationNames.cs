using Graft.Nn;

namespace Graft.Models;

/// <summary>What Hugging Face and timm call the activations.</summary>
static class ActivationNames
{
    static readonly (string Name, ActivationKind Kind)[] huggingFace =
    [
        ("relu", ActivationKind.Relu), ("relu6", ActivationKind.Relu6), ("gelu", ActivationKind.Gelu),
        ("gelu_pytorch_tanh", ActivationKind.GeluTanh), ("silu", ActivationKind.Silu), ("sigmoid", ActivationKind.Sigmoid),
        ("tanh", ActivationKind.Tanh), ("leaky_relu", ActivationKind.LeakyRelu), ("linear", ActivationKind.None),
        ("gelu_new", ActivationKind.GeluTanh), ("gelu_fast", ActivationKind.GeluTanh), ("gelu_accurate", ActivationKind.GeluTanh),
        ("gelu_python", ActivationKind.Gelu), ("swish", ActivationKind.Silu), ("quick_gelu", ActivationKind.QuickGelu),
    ];

    static readonly (string Name, ActivationKind Kind)[] timm =
    [
        ("relu", ActivationKind.Relu), ("relu6", ActivationKind.Relu6), ("gelu", ActivationKind.Gelu),
        ("gelu_tanh", ActivationKind.GeluTanh), ("silu", ActivationKind.Silu), ("hard_swish", ActivationKind.Hardswish),
        ("hard_sigmoid", ActivationKind.Hardsigmoid), ("sigmoid", ActivationKind.Sigmoid), ("tanh", ActivationKind.Tanh),
        ("leaky_relu", ActivationKind.LeakyRelu), ("elu", ActivationKind.Elu), ("identity", ActivationKind.None),
        ("swish", ActivationKind.Silu), ("gelu_erf", ActivationKind.Gelu), ("hardswish", ActivationKind.Hardswish),
        ("quick_gelu", ActivationKind.QuickGelu),
    ];

    public static ActivationKind HuggingFace(string name, string where) => Parse(huggingFace, name, where);

    public static ActivationKind Timm(string name, string where) => Parse(timm, name.ToLowerInvariant(), where);

    /// <summary>The name in a Hugging Face config; null where transformers has none.</summary>
    public static string? ToHuggingFace(ActivationKind kind) => NameOf(huggingFace, kind);

    /// <summary>The name in timm's <c>model_args</c>.</summary>
    public static string? ToTimm(ActivationKind kind) => NameOf(timm, kind);

    static ActivationKind Parse((string Name, ActivationKind Kind)[] table, string name, string where)
    {
        foreach ((string candidate, ActivationKind kind) in table)
            if (candidate == name) return kind;
        throw new NotSupportedException(
            $"{where}: the activation '{name}' is not known; known are {string.Join(", ", table.Select(row => row.Name))}");
    }

    static string? NameOf((string Name, ActivationKind Kind)[] table, ActivationKind kind)
    {
        foreach ((string name, ActivationKind candidate) in table)
            if (candidate == kind) return name;
        return null;
    }
}
