namespace Graft.Nn;

/// <summary>An observer's watch over the calling thread's modules; it ends when this is disposed.</summary>
public readonly ref struct ModuleObservation
{
    readonly IModuleObserver? previous;

    internal ModuleObservation(IModuleObserver? previous) => this.previous = previous;

    /// <summary>Ends the watch; the observer before it, if any, sees the modules again.</summary>
    public void Dispose() => Module.Restore(previous);
}
