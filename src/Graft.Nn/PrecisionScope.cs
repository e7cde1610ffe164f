using Graft.Torch;

namespace Graft.Nn;

/// <summary>The time in which layers multiply in a type; see <see cref="Precision.Use"/>.</summary>
public readonly ref struct PrecisionScope
{
    readonly Precision.Frame? outer;
    readonly bool changes;

    internal PrecisionScope(DType type)
    {
        changes = type != Precision.Type;
        if (changes) outer = Precision.Enter(type);
    }

    /// <summary>Goes back to what was before, and frees the weights that were kept cast.</summary>
    public void Dispose()
    {
        if (changes) Precision.Leave(outer);
    }
}
