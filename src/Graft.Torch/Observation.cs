namespace Graft.Torch;

/// <summary>An observer's watch over the calling thread's operator calls; it ends when this is disposed.</summary>
public readonly ref struct Observation
{
    readonly IOperatorObserver? previous;

    internal Observation(IOperatorObserver? previous) => this.previous = previous;

    /// <summary>Ends the watch; the observer before it, if any, sees the calls again.</summary>
    public void Dispose() => Operator.Restore(previous);
}
