namespace Graft.Nn;

/// <summary>An observer's watch over the calling thread's attentions; it ends when this is disposed.</summary>
public readonly ref struct AttentionObservation
{
    readonly IAttentionObserver? previous;

    internal AttentionObservation(IAttentionObserver? previous) => this.previous = previous;

    /// <summary>Ends the watch; the observer before it, if any, sees the attentions again.</summary>
    public void Dispose() => ScaledDotProduct.Restore(previous);
}
