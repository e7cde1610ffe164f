using Graft.Torch;

namespace Graft.Nn;

/// <summary>A part of a model: takes a tensor, gives a tensor, and holds its weights under its path.</summary>
public abstract class Module
{
    /// <summary>A module at that path, registered with the model's store.</summary>
    protected Module(ModulePath at)
    {
        Path = at;
        at.Store.Add(this);
    }

    /// <summary>Where it stands in its model.</summary>
    public ModulePath Path { get; }

    /// <summary>Whether it behaves as in training (dropout drops, batch-norms use the batch) or as in evaluation.</summary>
    /// <value>false</value>
    public bool IsTraining { get; internal set; }

    /// <summary>What it computes.</summary>
    /// <param name="x">its input; for images <c>[N, C, H, W]</c></param>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Draws new starting values for its own parameters (not its children's).</summary>
    public virtual void ResetParameters(Initializer init) { }

    /// <summary>A short text for the summary's layer column, such as <c>Conv2d</c>.</summary>
    public virtual string Kind => GetType().Name;
}
