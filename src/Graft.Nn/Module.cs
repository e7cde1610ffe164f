using Graft.Torch;

namespace Graft.Nn;

/// <summary>A part of a model: takes a tensor, gives a tensor, and holds its weights under its path.</summary>
public abstract class Module
{
    [ThreadStatic] static IModuleObserver? observer;

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

    /// <summary>Runs it: <see cref="Compute"/>, seen by this thread's observer where there is one.</summary>
    /// <param name="x">its input; for images <c>[N, C, H, W]</c></param>
    public Tensor Forward(Tensor x)
    {
        IModuleObserver? watching = observer;
        if (watching is null) return Compute(x);
        watching.OnEntering(this, x);
        Tensor y = Compute(x);
        watching.OnLeaving(this, x, y);
        return y;
    }

    /// <summary>What it computes; a family's own modules override this and call their children's <see cref="Forward"/>.</summary>
    /// <param name="x">its input; for images <c>[N, C, H, W]</c></param>
    protected abstract Tensor Compute(Tensor x);

    /// <summary>Lets an observer see the calling thread's modules at work until the result is disposed.</summary>
    public static ModuleObservation Observe(IModuleObserver by)
    {
        IModuleObserver? previous = observer;
        observer = by;
        return new ModuleObservation(previous);
    }

    /// <summary>Draws new starting values for its own parameters (not its children's).</summary>
    public virtual void ResetParameters(Initializer init) { }

    /// <summary>A short text for the summary's layer column, such as <c>Conv2d</c>.</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>The sides of its window, for the summary's kernel column; null where it has none.</summary>
    public virtual long[]? KernelShape => null;

    /// <summary>
    /// Tells this thread's observer, where there is one, of a layer that the module computes by itself. The origins have a layer
    /// there, so that a summary has to count it.
    /// </summary>
    /// <param name="name">the layer's name below the module's path, under which its weights are saved where it has any</param>
    /// <param name="kind">what it is, such as <c>Linear</c></param>
    /// <param name="input">what it got; it may have been overwritten</param>
    /// <param name="output">what it gave</param>
    protected void Report(string name, string kind, Tensor input, Tensor output) =>
        observer?.OnPart(this, name, kind, input, output);

    /// <summary>Whether an observer watches this thread's modules: then each child is to be run for itself.</summary>
    protected static bool IsObserved => observer is not null;

    internal static void Restore(IModuleObserver? previous) => observer = previous;
}
