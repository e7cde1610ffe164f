namespace Graft.Torch;

/// <summary>Sees every call that a thread makes through the door: for summaries, profiles, operator counts and export.</summary>
public interface IOperatorObserver
{
    /// <summary>An operator was called and gave its results. Its tensors are alive only during this call.</summary>
    void OnCalled(Operator op, ReadOnlySpan<Value> arguments, ReadOnlySpan<Tensor?> results);
}
