using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>Features <c>[N, D]</c> to logits <c>[N, K]</c>.</summary>
public abstract class Head(ModulePath at) : Module(at)
{
    /// <summary>Where its weights stand: every one is at or below one of these.</summary>
    public virtual IReadOnlyList<string> Paths => [Path.Name];

    /// <summary>Whether it works on the last map <c>[N, C, H, W]</c> and pools by itself.</summary>
    /// <value>false</value>
    public virtual bool TakesMap => false;

    /// <summary>Whether logits are a linear function of features, so that any linear classifier can be written into it.</summary>
    public virtual bool IsLinear => false;

    /// <summary>Writes a linear classifier into it.</summary>
    /// <param name="weight"><c>[K, D]</c>, row by row</param>
    /// <param name="bias"><c>[K]</c></param>
    /// <exception cref="NotSupportedException">It is not linear.</exception>
    public virtual void Assign(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        throw new NotSupportedException($"{Kind} is not linear");

    /// <summary>Whether it ends in a linear layer with a bias, so that <see cref="ScaleOutputs"/> can be done.</summary>
    public virtual bool EndsLinear => false;

    /// <summary>Changes its last layer so that each output k becomes factor k times what it was, plus shift k.</summary>
    /// <param name="factors"><c>[K]</c></param>
    /// <param name="shifts"><c>[K]</c></param>
    /// <exception cref="NotSupportedException">It has no such last layer.</exception>
    public virtual void ScaleOutputs(ReadOnlySpan<float> factors, ReadOnlySpan<float> shifts) =>
        throw new NotSupportedException($"{Kind} does not end in a linear layer with a bias");

    /// <summary>The same for a layer's weight <c>[K, D]</c> and bias <c>[K]</c>.</summary>
    private protected static void Scale(
        Parameter weight, Parameter bias, ReadOnlySpan<float> factors, ReadOnlySpan<float> shifts)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        Tensor factor = Tensor.FromArray(factors.ToArray(), [factors.Length]).To(weight.Value.Device);
        Tensor shift = Tensor.FromArray(shifts.ToArray(), [shifts.Length]).To(weight.Value.Device);
        weight.Value.Copy_(weight.Value * factor.Reshape(-1, 1));
        bias.Value.Copy_(bias.Value * factor + shift);
    }

    /// <summary>Draws its weights as its origin does.</summary>
    internal virtual void Start(HeadStart start, ulong seed)
    {
        foreach (string path in Paths) Path.Store.Reset(path, seed);
    }

    /// <summary>The head of that kind.</summary>
    internal static Head Of(HeadKind kind, ModulePath at, int features, ModelConfig config) => kind switch
    {
        HeadKind.Mlp => new MlpHead(at, features, config.Classes, config.Dropout),
        HeadKind.FastAi => new FastAiHead(at, features, config.Classes, config.Dropout > 0 ? config.Dropout : 0.5),
        _ => new LinearHead(at, features, config.Classes, config.Dropout),
    };
}
