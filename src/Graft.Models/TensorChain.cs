using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>Modules one after another, each freeing what the one before it gave.</summary>
static class TensorChain
{
    /// <summary>A temporary put through a module, and freed.</summary>
    public static Tensor Then(this Tensor temporary, Module next)
    {
        Tensor y = next.Forward(temporary);
        if (!ReferenceEquals(y, temporary)) temporary.Dispose();
        return y;
    }

    /// <summary>x put through all modules; what lies between two is freed, x is not.</summary>
    public static Tensor ForwardAll(this IReadOnlyList<Module> modules, Tensor x)
    {
        Tensor y = x;
        for (int i = 0; i < modules.Count; i++)
        {
            Tensor next = modules[i].Forward(y);
            if (!ReferenceEquals(y, x) && !ReferenceEquals(y, next)) y.Dispose();
            y = next;
        }
        return y;
    }

    /// <summary>
    /// The same, which hands out what a layer on the way gives, too: both are the caller's to free, and may be the same.
    /// </summary>
    public static (Tensor Last, Tensor Middle) ForwardAll(this IReadOnlyList<Module> modules, Tensor x, int middle)
    {
        Tensor y = x, kept = x;
        for (int i = 0; i < modules.Count; i++)
        {
            Tensor next = modules[i].Forward(y);
            if (!ReferenceEquals(y, x) && !ReferenceEquals(y, next) && !ReferenceEquals(y, kept)) y.Dispose();
            y = next;
            if (i == middle) kept = y;
        }
        return (y, kept);
    }
}
