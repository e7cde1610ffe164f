namespace Graft.Nn;

/// <summary>The nonlinearities, all of them elementwise and without weights.</summary>
public enum ActivationKind
{
    /// <summary>x itself: no activation.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>Gaussian error linear unit. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    Gelu,

    /// <summary>GELU's tanh approximation: Hugging Face's <c>gelu_new</c>, Flax's default.</summary>
    GeluTanh,

    /// <summary>x * sigmoid(1.702 x): what OpenAI's CLIP was trained with. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    QuickGelu,

    /// <summary>x * sigmoid(x), or swish. Ramachandran et al. 2017, arXiv:1710.05941.</summary>
    Silu,

    /// <summary>x * relu6(x + 3) / 6. Howard et al. 2019, arXiv:1905.02244.</summary>
    Hardswish,

    /// <summary>relu6(x + 3) / 6. Howard et al. 2019, arXiv:1905.02244.</summary>
    Hardsigmoid,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x, or exp(x) - 1 below zero. Clevert et al. 2015, arXiv:1511.07289.</summary>
    Elu,

    /// <summary>x, or x / 100 below zero.</summary>
    LeakyRelu,
}
