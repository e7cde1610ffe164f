using Graft.Torch;

namespace Graft.Nn;

/// <summary>What is done to gradients between backward and step. Parameters without a gradient do not count.</summary>
public static class Gradients
{
    /// <summary>The Euclidean norm of all gradients together.</summary>
    public static double Norm(IEnumerable<Parameter> parameters)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        return Norm(Collect(parameters));
    }

    /// <summary>
    /// Scales all gradients so that their norm together is at most a maximum, as PyTorch's clip_grad_norm_, and returns the norm
    /// before. Pascanu et al. 2012, arXiv:1211.5063.
    /// </summary>
    public static double ClipNorm(IEnumerable<Parameter> parameters, double maximum)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor[] gradients = Collect(parameters);
        double norm = Norm(gradients);
        double factor = maximum / (norm + 1e-6);
        if (factor < 1) Foreach.Mul_(gradients, factor);
        return norm;
    }

    /// <summary>Brings every element of every gradient into [-maximum, maximum].</summary>
    public static void ClipValue(IEnumerable<Parameter> parameters, double maximum)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        foreach (Tensor gradient in Collect(parameters)) gradient.Clamp_(-maximum, maximum);
    }

    static double Norm(Tensor[] gradients) =>
        gradients.Length == 0 ? 0 : Tensor.Stack(Foreach.Norm(gradients)).Norm().Item<float>();

    static Tensor[] Collect(IEnumerable<Parameter> parameters) =>
        [.. parameters.Where(parameter => !parameter.IsBuffer).Select(parameter => parameter.Value.Grad).OfType<Tensor>()];
}
