using Graft.Torch;

namespace Graft.Nn;

/// <summary>Modules one after another. What lies between two of them is freed as soon as the next has used it.</summary>
public sealed class Sequential(ModulePath at, params IReadOnlyList<Module> modules) : Module(at)
{
    /// <summary>The modules, in their order.</summary>
    public IReadOnlyList<Module> Modules => modules;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        Tensor current = x;
        foreach (Module module in modules)
        {
            Tensor next = module.Forward(current);
            if (!ReferenceEquals(current, x) && !ReferenceEquals(current, next)) current.Dispose();
            current = next;
        }
        return current;
    }
}
