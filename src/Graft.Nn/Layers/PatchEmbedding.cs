using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// An image <c>[N, C, H, W]</c> cut into patches that do not overlap, each a token: <c>[N, H W / (p p), D]</c>, row by row.
/// Dosovitskiy et al. 2020, arXiv:2010.11929. Names as timm's.
/// </summary>
public sealed class PatchEmbedding : Module
{
    readonly Conv2d projection;
    readonly Module? norm;

    /// <summary>An embedding at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="inputs">C, of the image</param>
    /// <param name="width">D, of a token</param>
    /// <param name="patch">the sides of a patch</param>
    /// <param name="bias">whether patches have a bias</param>
    /// <param name="norm">makes a normalisation of the tokens; null for none</param>
    public PatchEmbedding(
        ModulePath at, int inputs, int width, int patch, bool bias = true, Func<ModulePath, int, Module>? norm = null) : base(at)
    {
        Patch = patch;
        projection = new Conv2d(at / "proj", inputs, width, patch, stride: patch, padding: 0, bias: bias);
        this.norm = norm?.Invoke(at / "norm", width);
    }

    /// <summary>p: the sides of a patch.</summary>
    public int Patch { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor tokens = projection.Forward(x).Flatten(2).Transpose(1, 2); // [N, T, D]
        return scope.Keep(norm is null ? tokens : norm.Forward(tokens));
    }
}
